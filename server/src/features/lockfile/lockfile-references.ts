import type { Location, Position } from 'vscode-languageserver-types';

import type { OpenLockfile, ProjectView } from '../../workspace/snapshot.ts';
import { rangeOfSpan } from '../ranges.ts';
import { askerOf, membersOf, needsOf, placeAt, resolveNeed, type Asker } from './lockfile-place.ts';
import { namingLines } from './naming-lines.ts';

/** The most used package of a large workspace is asked for by thousands. */
const MAX_ASKERS = 2_000;

/** All lines that ask for the entry at a position: of the lockfile, and of manifests. */
export function lockfileReferences(
  lockfile: OpenLockfile,
  project: ProjectView,
  position: Position,
  uriOf: (path: string) => string,
): Location[] {
  const place = placeAt(lockfile, project, lockfile.document.lines.offsetAt(position));
  if (place === undefined) return [];
  const wanted = new Set(place.entries);
  const uri = uriOf(lockfile.document.path);
  const spans = askersOf(wanted, lockfile, project).flatMap((asker) =>
    needsOf(asker, lockfile, project)
      .filter((need) => wanted.has(resolveNeed(need, asker, lockfile, project) ?? -1))
      .map(({ span }) => span),
  );
  spans.sort((a, b) => a.start - b.start);
  const inLockfile = spans.map((span) => ({ uri, range: rangeOfSpan(lockfile.document, span) }));
  return [...namingLines(place.entries, project, uriOf), ...inLockfile];
}

/** Packages that ask for one of the entries, and members: those may be entries or not. */
function askersOf(wanted: ReadonlySet<number>, lockfile: OpenLockfile, project: ProjectView): Asker[] {
  const { routes, lockfile: read } = project.installed;
  const parents = new Set([...wanted].flatMap((index) => [...routes.parentsOf(index)]));
  read.entries.forEach(({ source }, index) => {
    if (source === 'workspace') parents.add(index);
  });
  const askers = [...parents].slice(0, MAX_ASKERS).flatMap((index) => askerOf(index, lockfile, project) ?? []);
  const starts = new Set(askers.map(({ at }) => at.key.start));
  return [...membersOf(lockfile, project).filter(({ at }) => !starts.has(at.key.start)), ...askers];
}
