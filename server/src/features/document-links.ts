import { basename } from 'node:path';

import type { DocumentLink } from 'vscode-languageserver-types';

import type { LineView, ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { catalogPlace } from './catalog-place.ts';
import { rangeOfSpan } from './ranges.ts';

/**
 * From a dependency's name to the page of the installed version, for packages of the public registry; and from `catalog:`
 * to the line that it means.
 */
export function documentLinks(
  manifest: ManifestView,
  project: ProjectView,
  uriOf: (path: string) => string,
): DocumentLink[] {
  return manifest.lines.flatMap((line) => [
    ...registryLink(line, manifest, project),
    ...catalogLink(line, manifest, project, uriOf),
  ]);
}

function registryLink(line: LineView, manifest: ManifestView, project: ProjectView): DocumentLink[] {
  if (line.subject?.isPublicRegistry !== true || line.version === undefined) return [];
  const target = project.ecosystem.registry.page(line.subject.name, line.version);
  return [
    {
      range: rangeOfSpan(manifest.document, line.dependency.nameSpan),
      target,
      tooltip: `Open ${line.subject.name} in the registry`,
    },
  ];
}

function catalogLink(
  line: LineView,
  manifest: ManifestView,
  project: ProjectView,
  uriOf: (path: string) => string,
): DocumentLink[] {
  const place = catalogPlace(line, project, uriOf);
  if (place === undefined) return [];
  const range = rangeOfSpan(manifest.document, line.dependency.valueSpan);
  return [{ range, target: place.uri, tooltip: `Go to the catalog in ${basename(place.path)}` }];
}
