import type { Subject } from '../core/knowledge.ts';
import { packageKey } from '../core/package.ts';
import type { Remedy } from '../core/remedy.ts';
import { broughtInPackages } from '../workspace/brought-in-packages.ts';
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
  for (const { index, item } of broughtInPackages(project, MAX_PACKAGES)) {
    const { entries, subject } = item;
    const { name, version } = subject;
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
  return broughtInPackages(project, MAX_PACKAGES).flatMap(({ index, item }) =>
    unknownOfEntry(index, linesThatBring(item.entries, project), project),
  );
}
