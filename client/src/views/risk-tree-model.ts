import type { RiskGroup, RiskItem, RisksParams, RisksResult, WireRange } from '../../../server/src/protocol.ts';

export type Grouping = RisksParams['grouping'];

export const GROUPINGS: readonly Grouping[] = ['action', 'manifest', 'severity', 'kind'];

export interface GroupNode {
  readonly type: 'group';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly icon: string;
  readonly contextValue: 'group' | 'group.planned';
  readonly accessibleLabel: string;
  readonly items: readonly RiskNode[];
}

export interface RiskNode {
  readonly type: 'risk';
  readonly id: string;
  readonly label: string;
  readonly description: string;
  readonly tooltip: string;
  readonly icon: string;
  /** Id of a theme color; undefined for the icon's own. */
  readonly color: string | undefined;
  /** `risk`, and behind it what can be done: `.actionable`, `.open` to decision, `.decided`. */
  readonly contextValue: string;
  /** The server's name for it. */
  readonly riskId: string;
  readonly decision: RiskItem['decision'];
  readonly accessibleLabel: string;
  readonly uri: string;
  readonly range: WireRange;
}

export type RiskTreeNode = GroupNode | RiskNode;

/** Groups whose packages the plan for the whole workspace may mend. */
const PLANNED_GROUPS: ReadonlySet<string> = new Set(['action:do-now', 'action:brought-in']);

/** The theme's own colors for problems, so that each theme, high contrast too, shows them as it shows problems. */
const COLORS: ReadonlyMap<string, string> = new Map([
  ['malware', 'problemsErrorIcon.foreground'],
  ['exploited', 'problemsErrorIcon.foreground'],
  ['critical', 'problemsErrorIcon.foreground'],
  ['high', 'problemsWarningIcon.foreground'],
  ['medium', 'problemsInfoIcon.foreground'],
  ['low', 'descriptionForeground'],
]);

export function riskTree(result: RisksResult): readonly GroupNode[] {
  return result.groups.map(groupNode);
}

/** Undefined hides the badge: a zero would be a number to look at where there is nothing to do. */
export function riskBadge(result: RisksResult): { readonly value: number; readonly tooltip: string } | undefined {
  if (result.badge === 0) return undefined;
  const noun = result.badge === 1 ? 'risk' : 'risks';
  return { value: result.badge, tooltip: `${result.badge} dependency ${noun} to act on now` };
}

/** Lines to paste into a message or an issue. */
export function riskLines(nodes: readonly RiskTreeNode[]): string {
  return nodes.map((node) => [node.label, node.description].filter((text) => text !== '').join('  ')).join('\n');
}

function groupNode(group: RiskGroup): GroupNode {
  return {
    type: 'group',
    id: group.id,
    label: group.label,
    description: group.description,
    icon: group.icon,
    contextValue: PLANNED_GROUPS.has(group.id) ? 'group.planned' : 'group',
    accessibleLabel: sentence([group.label, group.description]),
    items: group.items.map((item) => riskNode(group.id, item)),
  };
}

function riskNode(groupId: string, item: RiskItem): RiskNode {
  return {
    type: 'risk',
    // One risk can stand in several groups, and the tree wants every id once.
    id: `${groupId}/${item.id}`,
    label: item.label,
    description: item.description,
    tooltip: item.tooltip,
    icon: item.icon,
    color: COLORS.get(item.severity),
    contextValue: contextOf(item),
    riskId: item.id,
    decision: item.decision,
    accessibleLabel: sentence([item.label, item.severity, item.description]),
    uri: item.uri,
    range: item.range,
  };
}

function contextOf({ actionable, decision }: RiskItem): string {
  const decided = decision === 'open' ? '.open' : decision === 'made' ? '.decided' : '';
  return `risk${actionable ? '.actionable' : ''}${decided}`;
}

export function isRisk(value: unknown): value is RiskNode {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'risk';
}

function sentence(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join(', ');
}
