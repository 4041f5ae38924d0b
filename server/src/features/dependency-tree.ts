import { basename } from 'node:path';

import { isAdvisoryFinding, type Finding, type Place, type PlacedFinding } from '../core/finding.ts';
import type { LineIndex } from '../core/line-index.ts';
import { compareFindings } from '../core/rank-findings.ts';
import { SEVERITIES, worstSeverity } from '../core/severity.ts';
import type { RiskGroup, RiskItem, RisksParams, RisksResult } from '../protocol.ts';
import { addCoverage, countCoverage, type UncheckedPackage } from '../workspace/coverage.ts';
import { placeFindings } from '../workspace/place-findings.ts';
import { decidable, decidedId, isOurs, riskId } from '../workspace/decide.ts';
import { coverageOf } from '../workspace/project-coverage.ts';
import type { PendingLine, ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { decisionText } from './decision-words.ts';
import {
  fixWords,
  importNote,
  importWords,
  isAnyExploited,
  severityWords,
  tooltipLine,
  whatWords,
} from './risk-words.ts';
import { signatureGroup } from './signature-group.ts';
import { count, oneLine } from './words.ts';

/** One affected package with all its findings: a row of the tree. */
interface Risk {
  readonly project: ProjectView;
  readonly findings: readonly PlacedFinding[];
  readonly worst: Finding;
  /** True when a manifest asks for another version already. */
  readonly isWaiting: boolean;
}

type ActionGroup = 'do-now' | 'major' | 'brought-in' | 'no-fix' | 'waiting' | 'other';

const ACTION_LABELS: Readonly<Record<ActionGroup, string>> = {
  'do-now': 'Do now',
  major: 'Needs a major',
  'brought-in': 'Brought in by others',
  'no-fix': 'No fix yet',
  waiting: 'Waiting for install',
  other: 'Worth knowing',
};

/** Names of VS Code's icons, as everywhere below. */
const ACTION_ICONS: Readonly<Record<ActionGroup, string>> = {
  'do-now': 'tools',
  major: 'arrow-up',
  'brought-in': 'references',
  'no-fix': 'circle-slash',
  waiting: 'clock',
  other: 'info',
};

const KIND_LABELS: ReadonlyMap<string, string> = new Map([
  ['vulnerability', 'Vulnerabilities'],
  ['malware', 'Malware'],
  ['signature', 'Signatures'],
  ['deprecated', 'Deprecated'],
]);

const KIND_ICONS: Readonly<Record<Finding['kind'], string>> = {
  vulnerability: 'warning',
  malware: 'error',
  signature: 'unverified',
  deprecated: 'archive',
};

/** The risks of all projects, grouped by what to do, or otherwise. Each affected package stands once. */
export function dependencyTree(snapshot: Snapshot, params: RisksParams, uriOf: (path: string) => string): RisksResult {
  const risks = snapshot.projects
    .flatMap(risksOf)
    .filter((risk) => matchesFilter(risk, params.filter))
    .sort((a, b) => compareFindings(a.worst, b.worst));
  // What only waits stands once, on the line that waits.
  const open = params.grouping === 'action' ? risks.filter((risk) => actionGroup(risk) !== 'waiting') : risks;
  const groups = groupsOf(open, params.grouping, snapshot, uriOf);
  const waiting = waitingGroup(snapshot, uriOf, params.filter);
  const decided = decidedGroup(snapshot, uriOf, params.filter);
  const hygiene = hygieneGroup(snapshot, uriOf, params.filter);
  const signatures = signatureGroup(snapshot, uriOf, params.filter);
  const unchecked = uncheckedGroup(snapshot, uriOf, params.filter);
  return {
    groups: [...groups, ...waiting, ...decided, ...hygiene, ...signatures, ...unchecked],
    badge: risks.filter(isToDoNow).length,
    coverage: countCoverage(addCoverage(snapshot.projects.map(coverageOf))),
  };
}

/** The number of the badge, without the cost of a whole tree. */
export function countToDoNow(snapshot: Snapshot): number {
  return snapshot.projects.flatMap(risksOf).filter(isToDoNow).length;
}

function isToDoNow(risk: Risk): boolean {
  return actionGroup(risk) === 'do-now';
}

function risksOf(project: ProjectView): Risk[] {
  const waiting = waitingPackages(project);
  const byPackage = new Map<string, PlacedFinding[]>();
  for (const placed of placeFindings(project)) {
    const { name, version } = placed.finding.package;
    const key = `${name}@${version}`;
    byPackage.set(key, [...(byPackage.get(key) ?? []), placed]);
  }
  return [...byPackage].flatMap(([key, findings]) => {
    const worst = findings[0]?.finding;
    return worst === undefined ? [] : [{ project, findings, worst, isWaiting: waiting.has(key) }];
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

function actionGroup({ findings, worst, isWaiting }: Risk): ActionGroup {
  if (findings.some(({ finding }) => isUrgent(finding))) return 'do-now';
  if (!findings.some(({ finding }) => isAdvisoryFinding(finding))) return 'other';
  const remedies = findings.flatMap((placed) => placed.remedies);
  if (remedies.some(({ breaking }) => !breaking)) return 'do-now';
  if (remedies.length > 0) return 'major';
  if (isWaiting) return 'waiting';
  return worst.direct ? 'no-fix' : 'brought-in';
}

/** The packages in place of which a manifest asks for another version already. */
function waitingPackages({ manifests }: ProjectView): Set<string> {
  const packages = new Set<string>();
  for (const { lines } of manifests) {
    for (const { pending, subject } of lines) {
      if (pending?.madeFor === undefined && subject && pending?.locked === subject.version)
        packages.add(`${subject.name}@${subject.version}`);
    }
  }
  return packages;
}

/** True for what must not wait, although no edit mends it. */
function isUrgent(finding: Finding): boolean {
  return finding.kind === 'malware' || (finding.kind === 'signature' && finding.signature.verdict === 'invalid');
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
      label: groupLabel(id, grouping),
      description: groupDescription(id, members),
      icon:
        grouping === 'action' ? ACTION_ICONS[asActionGroup(id)] : grouping === 'manifest' ? 'file' : 'list-unordered',
      items: members.map((risk) => itemOf(risk, snapshot, uriOf)),
    }));
}

function groupLabel(id: string, grouping: RisksParams['grouping']): string {
  if (grouping === 'action') return ACTION_LABELS[asActionGroup(id)];
  return (grouping === 'kind' ? KIND_LABELS.get(id) : undefined) ?? id;
}

function asActionGroup(id: string): ActionGroup {
  return id === 'do-now' || id === 'major' || id === 'brought-in' || id === 'no-fix' || id === 'waiting' ? id : 'other';
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

/** "2 edits clear 3 findings"; what no edit clears (malware, an invalid signature) is counted behind it. */
function groupDescription(id: string, members: readonly Risk[]): string {
  if (id !== 'do-now') return count(members.length, 'package');
  const edits = new Set<string>();
  let cleared = 0;
  let others = 0;
  for (const { finding, remedies } of members.flatMap(({ findings }) => findings)) {
    const remedy = finding.kind === 'malware' ? undefined : remedies.find(({ breaking }) => !breaking);
    for (const { path, span } of remedy?.edits ?? []) edits.add(`${path}:${String(span.start)}`);
    if (remedy) cleared++;
    else if (isUrgent(finding)) others++;
  }
  if (edits.size === 0) return count(others, 'finding');
  const mended = `${count(edits.size, 'edit')} ${edits.size === 1 ? 'clears' : 'clear'} ${count(cleared, 'finding')}`;
  return others === 0 ? mended : `${mended}, ${String(others)} without an edit`;
}

function itemOf(risk: Risk, snapshot: Snapshot, uriOf: (path: string) => string): RiskItem {
  const { worst, findings, project } = risk;
  const place = findings[0]?.places[0];
  const remedies = findings.flatMap((placed) => placed.remedies);
  const remedy = remedies.find(({ breaking }) => !breaking) ?? remedies[0];
  const advisories = findings.filter(({ finding }) => isAdvisoryFinding(finding)).length;
  const severity = worstSeverity(findings.map(({ finding }) => finding.severity)) ?? 'unknown';
  const path = worst.paths[0] ?? [];
  const via = worst.direct || path.length < 2 ? '' : ` · by way of ${oneLine(path.slice(0, -1).join(' > '))}`;
  return {
    id: riskId(project, worst.package),
    label: oneLine(`${worst.package.name} ${worst.package.version}`),
    description: `${severityWords(findings, severity)} · ${whatWords(worst, advisories)}${fixWords(remedy, advisories)}${via}${importWords(worst)}`,
    tooltip: [...findings.map(({ finding }) => tooltipLine(finding)), ...importNote(worst)].join('\n'),
    icon: KIND_ICONS[worst.kind],
    severity: worst.kind !== 'malware' && isAnyExploited(findings) ? 'exploited' : severity,
    ...target(place, snapshot, uriOf),
    // Malware has no upgrade on its line: it is to be removed.
    actionable: remedy !== undefined && worst.kind !== 'malware',
    decision:
      project.decisions.isApplied && decidable(findings.map(({ finding }) => finding)).length > 0 ? 'open' : undefined,
  };
}

function target(
  place: Place | undefined,
  snapshot: Snapshot,
  uriOf: (path: string) => string,
): Pick<RiskItem, 'uri' | 'range'> {
  const zero = { line: 0, character: 0 };
  if (place === undefined) return { uri: '', range: { start: zero, end: zero } };
  const lines =
    (snapshot.manifests.get(place.path) ?? snapshot.lockfiles.get(place.path))?.document.lines ??
    decisionLines(snapshot, place.path);
  const range = lines
    ? { start: lines.positionAt(place.span.start), end: lines.positionAt(place.span.end) }
    : { start: zero, end: zero };
  return { uri: uriOf(place.path), range };
}

function decisionLines({ projects }: Snapshot, path: string): LineIndex | undefined {
  for (const { decisions } of projects) {
    const file = decisions.files.find((item) => item.path === path);
    if (file !== undefined) return file.lines;
  }
  return undefined;
}

function waitingGroup(snapshot: Snapshot, uriOf: (path: string) => string, filter: string): RiskGroup[] {
  const items: RiskItem[] = [];
  for (const manifest of snapshot.manifests.values()) {
    for (const { dependency, pending } of manifest.lines) {
      if (pending === undefined || !dependency.name.toLowerCase().includes(filter.trim().toLowerCase())) continue;
      items.push({
        id: `waiting:${manifest.document.path}:${String(dependency.nameSpan.start)}`,
        label: oneLine(dependency.name),
        description: waitingWords(pending),
        tooltip:
          'The lockfile still decides what is installed. The quick fix on the line puts the install command into a terminal',
        icon: 'clock',
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

function waitingWords({ written, locked, madeFor }: PendingLine): string {
  if (madeFor !== undefined) return `${written} written, lockfile was made for ${madeFor}`;
  return `${written} written, lockfile ${locked === '' ? 'does not have it' : `has ${locked}`}`;
}

/** What somebody has decided about; a click opens the decision. */
function decidedGroup(snapshot: Snapshot, uriOf: (path: string) => string, filter: string): RiskGroup[] {
  const wanted = filter.trim().toLowerCase();
  const items = new Map<string, RiskItem>();
  for (const project of snapshot.projects) {
    for (const item of [...project.assessment.decided.values()].flat()) {
      const { package: affected, ruleId, severity } = item.finding;
      if (![affected.name, ruleId].some((text) => text.toLowerCase().includes(wanted))) continue;
      const id = decidedId(project, item.finding);
      items.set(id, {
        id,
        label: oneLine(`${affected.name} ${affected.version}`),
        description: decisionText(item),
        tooltip: decisionText(item),
        icon: 'pass',
        severity,
        ...target(item.decision.place, snapshot, uriOf),
        actionable: false,
        decision: isOurs(item.decision) ? 'made' : undefined,
      });
    }
  }
  if (items.size === 0) return [];
  const description = count(items.size, 'finding');
  return [{ id: 'decided', label: 'Decided', description, icon: 'pass', items: [...items.values()] }];
}

/** What is out of order between the documents, but for the lines that wait. */
function hygieneGroup(snapshot: Snapshot, uriOf: (path: string) => string, filter: string): RiskGroup[] {
  const wanted = filter.trim().toLowerCase();
  const issues = snapshot.projects.flatMap(({ hygiene }) => hygiene);
  const items = issues
    .filter(({ message }) => message.toLowerCase().includes(wanted))
    .map(({ code, place, message }): RiskItem => ({
      id: `${code}:${place.path}:${String(place.span.start)}`,
      label: basename(place.path),
      description: oneLine(message, 400),
      tooltip: oneLine(message, 400),
      icon: 'checklist',
      severity: 'none',
      ...target(place, snapshot, uriOf),
      actionable: false,
    }));
  if (items.length === 0) return [];
  return [
    { id: 'hygiene', label: 'Out of order', description: count(items.length, 'place'), icon: 'checklist', items },
  ];
}

const SHOWN_UNCHECKED = 500;

function uncheckedGroup(snapshot: Snapshot, uriOf: (path: string) => string, filter: string): RiskGroup[] {
  const wanted = filter.trim().toLowerCase();
  // One row for what is the same to the reader, as a package that two places hold.
  const shown = new Map<string, { readonly project: ProjectView; readonly item: UncheckedPackage }>();
  let total = 0;
  for (const project of snapshot.projects) {
    const { unknown, skipped } = coverageOf(project);
    for (const item of [...unknown, ...skipped]) {
      if (wanted !== '' && !item.name.toLowerCase().includes(wanted)) continue;
      total++;
      if (shown.size === SHOWN_UNCHECKED) continue;
      shown.set(`unchecked:${project.layout.root}:${item.name}@${item.version}:${item.reason}`, { project, item });
    }
  }
  if (total === 0) return [];
  const items = [...shown].map(([id, { project, item }]): RiskItem => {
    const path = project.lockfile?.document.path ?? project.manifests[0]?.document.path;
    const place = path === undefined ? undefined : { path, span: { start: 0, end: 0 } };
    return {
      id,
      label: oneLine(`${item.name} ${item.version}`),
      description: item.reason,
      tooltip: `Not checked: ${item.reason}`,
      icon: 'question',
      severity: 'none',
      ...target(place, snapshot, uriOf),
      actionable: false,
    };
  });
  const description = count(total, 'package');
  return [{ id: 'unchecked', label: 'Not checked', description, icon: 'question', items }];
}

function relativeTo(project: ProjectView, path: string): string {
  return path.startsWith(project.layout.root) ? path.slice(project.layout.root.length + 1) || path : path;
}
