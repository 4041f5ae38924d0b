import type { Location, Position } from 'vscode-languageserver-types';

import type { ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { lineAt, rangeOfSpan } from './ranges.ts';

/** From a dependency's line to where its version is written, when that is a catalog, and to its entry in the lockfile. */
export function definition(
  manifest: ManifestView,
  project: ProjectView,
  position: Position,
  uriOf: (path: string) => string,
): Location[] {
  const line = lineAt(manifest, position);
  if (line === undefined) return [];
  const { catalogLine, entry } = line;
  const catalog = project.manifests.find(({ document }) => document.path === catalogLine?.path);
  const { lockfile } = project;
  const found: Location[] = [];
  if (catalog !== undefined && catalogLine !== undefined) {
    const range = rangeOfSpan(catalog.document, catalogLine.dependency.nameSpan);
    found.push({ uri: uriOf(catalog.document.path), range });
  }
  if (lockfile !== undefined && entry !== undefined && entry.end > entry.start) {
    found.push({ uri: uriOf(lockfile.document.path), range: rangeOfSpan(lockfile.document, entry) });
  }
  return found;
}
