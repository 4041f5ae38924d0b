import type { Location, Position } from 'vscode-languageserver-types';

import type { OpenLockfile, ProjectView } from '../../workspace/snapshot.ts';
import { rangeOfSpan } from '../ranges.ts';
import { placeAt } from './lockfile-place.ts';
import { namingLines } from './naming-lines.ts';

/**
 * From a line that asks for a package to its entry; from an entry to the lines of manifests that name it. An entry that
 * only others ask for leads to itself, which editors take as a question for its references.
 */
export function lockfileDefinition(
  lockfile: OpenLockfile,
  project: ProjectView,
  position: Position,
  uriOf: (path: string) => string,
): Location[] {
  const place = placeAt(lockfile, project, lockfile.document.lines.offsetAt(position));
  if (place === undefined) return [];
  const entries = place.entries.flatMap((index) => project.installed.lockfile.entries[index] ?? []);
  const itself = entries.map((entry) => ({
    uri: uriOf(lockfile.document.path),
    range: rangeOfSpan(lockfile.document, entry),
  }));
  if (place.asked !== undefined) return itself;
  const onLines = namingLines(place.entries, project, uriOf);
  return onLines.length > 0 ? onLines : itself;
}
