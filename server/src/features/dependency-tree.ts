import { isAdvisoryFinding, type Finding, type Place, type PlacedFinding } from '../core/finding.ts';
import type { LineIndex } from '../core/line-index.ts';
import { compareFindings } from '../core/rank-findings.ts';
import { SEVERITIES, worstSeverity } from '../core/severity.ts';
import type { RiskGroup, RiskItem, RisksParams, RisksResult } from '../protocol.ts';
import { addCoverage, describeCoverage, type UncheckedPackage } from '../workspace/coverage.ts';
import { placeFindings } from '../workspace/place-findings.ts';
import type { ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { count, countAdvisories, oneLine } from './words.ts';

/** One affected package with all its findings: a row of the tree. */
interface Risk {
  readonly project: ProjectView;
  readonly findings: readonly PlacedFinding[];
  readonly worst: Finding;
}

type ActionGroup = 'do-now' | 'major' | 'brought-in' | 'no-fix' | 'other';

const ACTION_LABELS: Readonly<Record<ActionGroup, string>> = {
  'do-now': 'Do now',
  major: 'Needs a major',
  'brought-in': 'Brought in by others',
  'no-fix': 'No fix yet',
  other: 'Worth knowing',
};

/** The risks of all projects, grouped by what to do, or otherwise. Each affected package stands once. */
export function dependencyTree(snapshot: Snapshot, params: RisksParams, uriOf: (path: string) => string): RisksResult {
  const risks = snapshot.projects
    .flatMap(risksOf)
    .filter((risk) => matchesFilter(risk, params.filter))
    .sort((a, b) => compareFindings(a.worst, b.worst));
  const groups = groupsOf(risks, params.grouping, snapshot, uriOf);
  const waiting = waitingGroup(snapshot, uriOf, params.filter);
  const unchecked = uncheckedGroup(snapshot, uriOf, params.filter);
  return {
    groups: [...groups, ...waiting, ...unchecked],
    badge: risks.filter((risk) => actionGroup(risk) === 'do-now').length,
    coverage: describeCoverage(addCoverage(snapshot.projects.map(({ assessment }) => assessment.coverage))),
  };
}

function risksOf(project: ProjectView): Risk[] {
  const byPackage = new Map<string, PlacedFinding[]>();
  for (const placed of placeFindings(project)) {
    const { name, version } = placed.finding.package;
    const key = `${name}@${version}`;
    byPackage.set(key, [...(byPackage.get(key) ?? []), placed]);
  }
  return [...byPackage.values()].flatMap((findings) => {
    const worst = findings[0]?.finding;
    return worst === undefined ? [] : [{ project, findings, worst }];
  });
}

function matchesFilter({ findings }: Risk, filter: string): boolean {
  const wanted = filter.trim().toLowerCase();
  if (wanted === '') return true;
  return findings.some(({ finding }) => {
    const aliases = isAdvisoryFinding(finding) ? finding.match.aliases : [];
    return [finding.package.name, finding.ruleId, ...aliases].some((text) => text.toLowerCase().includes(wanted));
  });
}

function actionGroup({ findings, worst }: Risk): ActionGroup {
  if (worst.kind === 'malware') return 'do-now';
  if (!findings.some(({ finding }) => isAdvisoryFinding(finding))) {
    return worst.kind === 'signature' && worst.signature.verdict === 'invalid' ? 'do-now' : 'other';
  }
  const remedies = findings.flatMap((placed) => placed.remedies);
  if (remedies.some(({ breaking }) => !breaking)) return 'do-now';
  if (remedies.length > 0) return 'major';
  return worst.direct ? 'no-fix' : 'brought-in';
}

function groupsOf(
  risks: readonly Risk[],
  grouping: RisksParams['grouping'],
  snapshot: Snapshot,
  uriOf: (path: string) => string,
): RiskGroup[] {
  const groups = new Map<string, Risk[]>();
  for (const risk of risks) {
    const id = groupId(risk, grouping);
    groups.set(id, [...(groups.get(id) ?? []), risk]);
  }
  return [...groups]
    .sort((a, b) => groupOrder(a[0], grouping) - groupOrder(b[0], grouping))
    .map(([id, members]) => ({
      id: `${grouping}:${id}`,
      label: grouping === 'action' ? (ACTION_LABELS[asActionGroup(id)] ?? id) : id,
      description: groupDescription(id, members),
      icon: id === 'do-now' ? 'tools' : 'list-unordered',
      items: members.map((risk) => itemOf(risk, snapshot, uriOf)),
    }));
}

function asActionGroup(id: string): ActionGroup {
  return id === 'do-now' || id === 'major' || id === 'brought-in' || id === 'no-fix' ? id : 'other';
}

function groupId(risk: Risk, grouping: RisksParams['grouping']): string {
  switch (grouping) {
    case 'action':
      return actionGroup(risk);
    case 'severity':
      return risk.worst.severity;
    case 'kind':
      return risk.worst.kind;
    case 'manifest':
      return relativeTo(risk.project, risk.findings[0]?.places[0]?.path ?? '');
  }
}

function groupOrder(id: string, grouping: RisksParams['grouping']): number {
  if (grouping === 'action') return Object.keys(ACTION_LABELS).indexOf(id);
  if (grouping === 'severity') return SEVERITIES.findIndex((severity) => severity === id);
  return 0;
}

function groupDescription(id: string, members: readonly Risk[]): string {
  const findings = members.reduce((sum, { findings: list }) => sum + list.length, 0);
  if (id !== 'do-now') return count(members.length, 'package');
  const edits = new Set<string>();
  for (const { findings: list } of members) {
    for (const { remedies } of list) {
      const edit = remedies.find(({ breaking }) => !breaking)?.edits[0];
      if (edit) edits.add(`${edit.path}:${String(edit.span.start)}`);
    }
  }
  return edits.size > 0
    ? `${count(edits.size, 'edit')} ${edits.size === 1 ? 'clears' : 'clear'} ${count(findings, 'finding')}`
    : count(findings, 'finding');
}

function itemOf(risk: Risk, snapshot: Snapshot, uriOf: (path: string) => string): RiskItem {
  const { worst, findings, project } = risk;
  const place = findings[0]?.places[0];
  const remedy = findings.flatMap(({ remedies }) => remedies)[0];
  const advisories = findings.filter(({ finding }) => isAdvisoryFinding(finding)).length;
  const severity = worstSeverity(findings.map(({ finding }) => finding.severity)) ?? 'unknown';
  const what = worst.kind === 'deprecated' || worst.kind === 'signature' ? worst.ruleId : countAdvisories(advisories);
  const path = worst.paths[0] ?? [];
  const via = worst.direct || path.length < 2 ? '' : ` · by way of ${path.slice(0, -1).join(' > ')}`;
  return {
    id: `${project.layout.root}:${worst.package.name}@${worst.package.version}`,
    label: `${worst.package.name} ${worst.package.version}`,
    description: `${severity} · ${what}${remedy ? ` → ${remedy.to}` : ''}${via}`,
    tooltip: findings.map(({ finding }) => `${finding.ruleId}: ${oneLine(finding.summary)}`).join('\n'),
    icon: worst.kind,
    severity,
    ...target(place, snapshot, uriOf),
    // Malware has no upgrade on its line: it is to be removed.
    actionable: remedy !== undefined && worst.kind !== 'malware',
  };
}

function target(
  place: Place | undefined,
  snapshot: Snapshot,
  uriOf: (path: string) => string,
): Pick<RiskItem, 'uri' | 'range'> {
  const zero = { line: 0, character: 0 };
  if (place === undefined) return { uri: '', range: { start: zero, end: zero } };
  const lines: LineIndex | undefined = (snapshot.manifests.get(place.path) ?? snapshot.lockfiles.get(place.path))
    ?.document.lines;
  const range = lines
    ? { start: lines.positionAt(place.span.start), end: lines.positionAt(place.span.end) }
    : { start: zero, end: zero };
  return { uri: uriOf(place.path), range };
}

function waitingGroup(snapshot: Snapshot, uriOf: (path: string) => string, filter: string): RiskGroup[] {
  const items: RiskItem[] = [];
  for (const manifest of snapshot.manifests.values()) {
    for (const { dependency, pending } of manifest.lines) {
      if (pending === undefined || !dependency.name.toLowerCase().includes(filter.trim().toLowerCase())) continue;
      items.push({
        id: `waiting:${manifest.document.path}:${String(dependency.nameSpan.start)}`,
        label: dependency.name,
        description: `${pending.written} written, lockfile ${pending.locked === '' ? 'does not have it' : `has ${pending.locked}`}`,
        tooltip: 'Run the install command to bring the lockfile up to date',
        icon: 'waiting',
        severity: 'none',
        ...target({ path: manifest.document.path, span: dependency.valueSpan }, snapshot, uriOf),
        actionable: true,
      });
    }
  }
  return items.length === 0
    ? []
    : [{ id: 'waiting', label: 'Waiting for install', description: count(items.length, 'line'), icon: 'clock', items }];
}

const SHOWN_UNCHECKED = 500;

function uncheckedGroup(snapshot: Snapshot, uriOf: (path: string) => string, filter: string): RiskGroup[] {
  const wanted = filter.trim().toLowerCase();
  // One row for what is the same to the reader, as a package that two places hold.
  const unchecked = new Map<string, { readonly project: ProjectView; readonly item: UncheckedPackage }>();
  for (const project of snapshot.projects) {
    const { unknown, skipped } = project.assessment.coverage;
    for (const item of [...unknown, ...skipped]) {
      if (!item.name.toLowerCase().includes(wanted)) continue;
      unchecked.set(`unchecked:${project.layout.root}:${item.name}@${item.version}:${item.reason}`, { project, item });
    }
  }
  if (unchecked.size === 0) return [];
  const items = [...unchecked].slice(0, SHOWN_UNCHECKED).map(([id, { project, item }]): RiskItem => {
    const path = project.lockfile?.document.path ?? project.manifests[0]?.document.path;
    const place = path === undefined ? undefined : { path, span: { start: 0, end: 0 } };
    return {
      id,
      label: `${item.name} ${item.version}`.trim(),
      description: item.reason,
      tooltip: `Not checked: ${item.reason}`,
      icon: 'unknown',
      severity: 'none',
      ...target(place, snapshot, uriOf),
      actionable: false,
    };
  });
  const description = count(unchecked.size, 'package');
  return [{ id: 'unchecked', label: 'Not checked', description, icon: 'question', items }];
}

function relativeTo(project: ProjectView, path: string): string {
  return path.startsWith(project.layout.root) ? path.slice(project.layout.root.length + 1) || path : path;
}
