import { isAdvisoryFinding } from '../core/finding.ts';
import type { Subject } from '../core/knowledge.ts';
import { packageKey } from '../core/package.ts';
import { compareFindings } from '../core/rank-findings.ts';
import type { Remedy } from '../core/remedy.ts';
import { entryRemedies, unknownOfEntry } from '../workspace/transitive-remedies.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import { linesThatBring } from '../workspace/view-entry.ts';

/** Packages that fixes are planned for, the worst first: each may take several look-ups in the registry. */
const MAX_PACKAGES = 100;

/**
 * What mends the affected packages that only others bring in, by name and version: a fresh version within all ranges, else a
 * bump of what brings it in, and rules that were verified.
 */
export function broughtInRemedies(project: ProjectView): ReadonlyMap<string, readonly Remedy[]> {
  const remedies = new Map<string, readonly Remedy[]>();
  const { layout, ecosystem, installed } = project;
  for (const { index, name, version, entries } of broughtIn(project)) {
    const offered = entryRemedies(index, linesThatBring(entries, project), project).map(({ remedy }) => remedy);
    // A rule that nobody has verified may force what a fresh version would have mended.
    const worth = offered.filter(({ kind, state }) => kind !== 'override' || state === 'verified');
    const command = ecosystem.transitive.updateCommand(layout, installed.lockfile.format, name);
    const placed = worth.map((remedy) =>
      isRefresh(remedy) && command !== undefined ? { ...remedy, command } : remedy,
    );
    if (placed.length > 0) remedies.set(packageKey(name, version), placed);
  }
  return remedies;
}

function isRefresh({ kind }: Remedy): boolean {
  return kind === 'lock' || kind === 'refresh';
}

/** What must be looked up before they are all known. */
export function unknownOfBroughtIn(project: ProjectView): Subject[] {
  return broughtIn(project).flatMap(({ index, entries }) =>
    unknownOfEntry(index, linesThatBring(entries, project), project),
  );
}

interface BroughtIn {
  /** Of the installed package. */
  readonly index: number;
  readonly name: string;
  readonly version: string;
  /** Of the lockfile. */
  readonly entries: readonly number[];
}

function broughtIn({ installed, assessment }: ProjectView): BroughtIn[] {
  const affected = [...assessment.byPackage].flatMap(([index, findings]) => {
    const item = installed.packages[index];
    const [worst] = findings.filter(isAdvisoryFinding);
    return item === undefined || worst === undefined || worst.direct ? [] : [{ index, item, worst }];
  });
  affected.sort((a, b) => compareFindings(a.worst, b.worst));
  return affected.slice(0, MAX_PACKAGES).map(({ index, item: { subject, entries } }) => {
    return { index, name: subject.name, version: subject.version, entries };
  });
}
