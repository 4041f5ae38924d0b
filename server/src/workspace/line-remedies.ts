import { isAdvisoryFinding } from '../core/finding.ts';
import type { RegistryVersion } from '../core/registry-package.ts';
import type { Remedy } from '../core/remedy.ts';
import type { DocumentEdit } from '../core/text-edit.ts';
import { planUpgrade, type UpgradeCandidate, type UpgradePlan } from '../planner/plan-upgrade.ts';
import type { LineView, ManifestView, ProjectView } from './snapshot.ts';

/** The upgrade that mends a line's own findings, from what is known now. */
export function planLine(line: LineView, project: ProjectView): UpgradePlan {
  const { subject, dependency } = line;
  const matches = line.own.filter(isAdvisoryFinding).map(({ match }) => match);
  // Where another package stands in for the one that is named, a version of the one says nothing of the other.
  const isNamed = subject?.name === (line.catalogLine?.dependency ?? dependency).packageName;
  if (subject === undefined || !isNamed || matches.length === 0) return { smallest: undefined, major: undefined };
  const range = rangeOf(line);
  const key = `${subject.name}\n${subject.version}\n${subject.registry}\n${range ?? ''}\n${dependency.scope}`;
  const found = project.assessment.plans.get(key);
  if (found !== undefined) return found;
  const plan = planUpgrade(
    { subject, range, matches, conflict: peerConflicts(line, project) },
    project.knowledge,
    project.ecosystem.versions,
  );
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
