import { blockedUntil } from '../core/age-gate.ts';
import { isAdvisoryFinding } from '../core/finding.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import type { Remedy } from '../core/remedy.ts';
import type { DocumentEdit } from '../core/text-edit.ts';
import { planUpgrade, type UpgradeCandidate, type UpgradePlan } from '../planner/plan-upgrade.ts';
import type { LineView, ManifestView, ProjectView } from './snapshot.ts';

/** The upgrade that mends a line's own findings, from what is known now. No version that the age gate holds back is in it. */
export function planLine(line: LineView, project: ProjectView): UpgradePlan {
  return planWith(line, project, project.policy.ageGate !== undefined);
}

/** A fix that would be offered if the age gate did not hold it back. */
interface BlockedFix {
  readonly version: string;
  /** Milliseconds since the epoch; Infinity when waiting does not help. */
  readonly until: number;
}

/** The better fix that the age gate holds back; undefined when it holds back none. */
export function blockedFix(line: LineView, project: ProjectView): BlockedFix | undefined {
  if (project.policy.ageGate === undefined || !line.registry.known) return undefined;
  const { smallest, major } = planWith(line, project, false);
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

function planWith(line: LineView, project: ProjectView, isGated: boolean): UpgradePlan {
  const { subject, dependency } = line;
  const matches = line.own.filter(isAdvisoryFinding).map(({ match }) => match);
  // Where another package stands in for the one that is named, a version of the one says nothing of the other.
  const isNamed = subject?.name === (line.catalogLine?.dependency ?? dependency).packageName;
  if (subject === undefined || !isNamed || matches.length === 0) return { smallest: undefined, major: undefined };
  const range = rangeOf(line);
  // The gate opens as time passes.
  const gateKey = isGated
    ? `${JSON.stringify(project.policy.ageGate)} ${String(Math.floor(project.now / 60_000))}`
    : '';
  const key = `${subject.name}\n${subject.version}\n${subject.registry}\n${range ?? ''}\n${dependency.scope}\n${gateKey}`;
  const found = project.assessment.plans.get(key);
  if (found !== undefined) return found;
  const peerConflict = peerConflicts(line, project);
  const isHeldBack = (candidate: RegistryVersion): boolean =>
    isGated && heldBackUntil(candidate, line, project) !== undefined;
  const conflict = (candidate: RegistryVersion): string | undefined =>
    isHeldBack(candidate) ? 'is too new for the age gate' : peerConflict(candidate);
  const plan = planUpgrade({ subject, range, matches, conflict }, project.knowledge, project.ecosystem.versions);
  project.assessment.plans.set(key, plan);
  return plan;
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

/** Tells of a candidate, in a sentence, that it asks for another version of a package that the same member has installed. */
function peerConflicts(line: LineView, project: ProjectView): (candidate: RegistryVersion) => string | undefined {
  let installed: ReadonlyMap<string, string> | undefined;
  return ({ peerDependencies }) => {
    const wanted = Object.entries(peerDependencies);
    if (wanted.length === 0) return undefined;
    installed ??= installedBeside(line, project);
    for (const [name, range] of wanted) {
      const version = installed.get(name);
      if (version !== undefined && !project.ecosystem.versions.satisfies(version, range))
        return `needs ${name} ${range}`;
    }
    return undefined;
  };
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
