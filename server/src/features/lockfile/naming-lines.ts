import type { Location } from 'vscode-languageserver-types';

import type { ProjectView } from '../../workspace/snapshot.ts';
import { linesOfEntry } from '../../workspace/view-entry.ts';
import { rangeOfSpan } from '../ranges.ts';

/** Where manifests name entries of a lockfile, which are given by their index. */
export function namingLines(
  entries: readonly number[],
  project: ProjectView,
  uriOf: (path: string) => string,
): Location[] {
  return entries
    .flatMap((index) => project.installed.lockfile.entries[index] ?? [])
    .flatMap((entry) => linesOfEntry(entry, project))
    .map(({ line, manifest: { document } }) => {
      return { uri: uriOf(document.path), range: rangeOfSpan(document, line.dependency.nameSpan) };
    });
}
