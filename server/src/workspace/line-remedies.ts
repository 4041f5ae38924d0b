import { blockedUntil, gateBasis } from '../core/age-gate.ts';
import { isAdvisoryFinding } from '../core/finding.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import type { Remedy } from '../core/remedy.ts';
import type { DocumentEdit } from '../core/text-edit.ts';
import type { UpgradeStep } from '../core/version-scheme.ts';
import { planUpgrade, type UpgradeCandidate, type UpgradePlan } from '../planner/plan-upgrade.ts';
import { upgradeSteps } from '../planner/upgrade-steps.ts';
import type { LineView, ManifestView, ProjectView } from './snapshot.ts';

/**
 * The upgrade that mends a line's own findings, from what is known now, by steps of any size or no larger than one. No
 * version that the age gate holds back is in it.
 */
export function planLine(line: LineView, project: ProjectView, largest?: UpgradeStep): UpgradePlan {
  return planWith(line, project, { isGated: project.policy.ageGate !== undefined, largest });
}

/** A fix that would be offered if the age gate did not hold it back. */
export interface BlockedFix {
  readonly version: string;
  /** Milliseconds since the epoch; Infinity when waiting does not help. */
  readonly until: number;
}

/** The better fix that the age gate holds back; undefined when it holds back none. */
export function blockedFix(line: LineView, project: ProjectView): BlockedFix | undefined {
  if (project.policy.ageGate === undefined || !line.registry.known) return undefined;
  const { smallest, major } = planWith(line, project, { isGated: false, largest: undefined });
  for (const candidate of [smallest, major]) {
    const release = line.registry.value.versions.find(({ version }) => version === candidate?.version);
    const until = release && heldBackUntil(release, line, project);
    if (release !== undefined && until !== undefined) return { version: release.version, until };
  }
  return undefined;
}

/** Until when the age gate holds back a version of the line's package; undefined when it lets it through. */
export function heldBackUntil(
  { version, publishedAt }: RegistryVersion,
  line: LineView,
  { policy, now }: ProjectView,
): number | undefined {
  const name = line.subject?.name ?? line.dependency.packageName;
  return blockedUntil(policy.ageGate, { name, version, publishedAt }, now);
}

interface PlanLimits {
  readonly isGated: boolean;
  readonly largest: UpgradeStep | undefined;
}

function planWith(line: LineView, project: ProjectView, { isGated, largest }: PlanLimits): UpgradePlan {
  const { subject, dependency } = line;
  const matches = line.own.filter(isAdvisoryFinding).map(({ match }) => match);
  if (subject === undefined || !isNamed(line) || matches.length === 0) return { smallest: undefined, major: undefined };
  const range = rangeOf(line);
  const gate = isGated ? gateBasis(project.policy.ageGate, project.now) : '';
  const { name, version, registry } = subject;
  const key = [name, version, registry, range ?? '', dependency.scope, largest ?? '', gate].join('\n');
  const found = project.assessment.plans.get(key);
  if (found !== undefined) return found;
  const conflict = isGated ? conflicts(line, project) : peerConflicts(line, project);
  const plan = planUpgrade(
    { subject, range, matches, conflict, largest },
    project.knowledge,
    project.ecosystem.versions,
  );
  project.assessment.plans.set(key, plan);
  return plan;
}

/** Where another package stands in for the one that is named, a version of the one says nothing of the other. */
function isNamed({ subject, dependency, catalogLine }: LineView): boolean {
  return subject?.name === (catalogLine?.dependency ?? dependency).packageName;
}

/** The newest version by each size of step that the age gate lets through, fits its peers and has no advisory that is known of now. */
export function newestByStep(line: LineView, project: ProjectView): Partial<Record<UpgradeStep, RegistryVersion>> {
  const { subject, version, registry } = line;
  const { knowledge, ecosystem } = project;
  if (subject === undefined || version === undefined || !registry.known || !isNamed(line)) return {};
  const conflict = conflicts(line, project);
  return upgradeSteps(version, registry.value, ecosystem.versions, (candidate) => {
    const target = { ...subject, version: candidate.version, integrity: undefined };
    const answer = knowledge.advisories(target);
    const matches = answer.known ? answer.value : knowledge.knownMatches(target);
    return matches.length === 0 && conflict(candidate) === undefined;
  });
}

/** The plan of a line as remedies with their edits, the smallest step first. */
export function lineRemedies(line: LineView, manifest: ManifestView, project: ProjectView): Remedy[] {
  const plan = planLine(line, project);
  return [plan.smallest, plan.major].flatMap((candidate) => {
    if (candidate === undefined) return [];
    const edit = editFor(line, manifest, project, candidate.version);
    return edit === undefined ? [] : [remedyOf(line, candidate, edit)];
  });
}

/** The edit that asks for a version, in the document that owns the line; undefined when its form cannot be changed. */
export function editFor(
  line: LineView,
  manifest: ManifestView,
  project: ProjectView,
  version: string,
): DocumentEdit | undefined {
  const owner = line.catalogLine ?? { path: manifest.document.path, dependency: line.dependency };
  const replacement = project.ecosystem.setVersion(owner.dependency, version);
  // What is written already only has to be installed.
  if (replacement === undefined || replacement.newText === rangeOf(line)) return undefined;
  return { path: owner.path, ...replacement };
}

/** The declared range, read from the catalog where the line points at one. */
export function rangeOf(line: LineView): string | undefined {
  const { specifier } = line.catalogLine?.dependency ?? line.dependency;
  return specifier.kind === 'range' ? specifier.range : undefined;
}

function remedyOf(line: LineView, candidate: UpgradeCandidate, edit: DocumentEdit): Remedy {
  return {
    kind: 'upgrade',
    package: line.dependency.packageName,
    from: line.version ?? '',
    to: candidate.version,
    state: candidate.verified ? 'verified' : 'proposed',
    clears: candidate.clears,
    leaves: candidate.leaves,
    step: candidate.step,
    breaking: candidate.breaking,
    edits: [edit],
  };
}

/** Tells of a candidate, in a sentence, why it cannot be installed beside the rest, or not yet. */
function conflicts(line: LineView, project: ProjectView): (candidate: RegistryVersion) => string | undefined {
  const peerConflict = peerConflicts(line, project);
  return (candidate) =>
    heldBackUntil(candidate, line, project) === undefined ? peerConflict(candidate) : 'is too new for the age gate';
}

/** Tells of a candidate, in a sentence, that it asks for another version of a package that the same member has installed. */
function peerConflicts(line: LineView, project: ProjectView): (candidate: RegistryVersion) => string | undefined {
  let installed: ReadonlyMap<string, string> | undefined;
  return ({ peerDependencies }) => {
    const wanted = Object.entries(peerDependencies);
    if (wanted.length === 0) return undefined;
    installed ??= installedBeside(line, project);
    const [unmet] = unmetAmong(wanted, installed, project);
    return unmet && `needs ${unmet.name} ${unmet.range}`;
  };
}

/** A peer that the same member has installed in a version that does not do. */
export interface UnmetPeer {
  readonly name: string;
  readonly range: string;
  readonly installed: string;
}

export function unmetPeers({ peerDependencies }: RegistryVersion, line: LineView, project: ProjectView): UnmetPeer[] {
  const wanted = Object.entries(peerDependencies);
  return wanted.length === 0 ? [] : unmetAmong(wanted, installedBeside(line, project), project);
}

function unmetAmong(
  wanted: readonly (readonly [name: string, range: string])[],
  beside: ReadonlyMap<string, string>,
  { ecosystem }: ProjectView,
): UnmetPeer[] {
  return wanted.flatMap(([name, range]) => {
    const installed = beside.get(name);
    return installed === undefined || ecosystem.versions.satisfies(installed, range)
      ? []
      : [{ name, range, installed }];
  });
}

/** The versions of what the member that has the line's package names itself. */
function installedBeside(line: LineView, { installed: { lockfile } }: ProjectView): Map<string, string> {
  const importer =
    line.entry &&
    lockfile.importers.find(({ dependencies }) =>
      dependencies.some(({ entry }) => lockfile.entries[entry] === line.entry),
    );
  const versions = new Map<string, string>();
  for (const { name, entry } of importer?.dependencies ?? []) {
    const version = lockfile.entries[entry]?.version ?? '';
    if (version !== '') versions.set(name, version);
  }
  return versions;
}
