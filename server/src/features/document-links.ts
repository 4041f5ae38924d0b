import type { DocumentLink } from 'vscode-languageserver-types';

import type { ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { rangeOfSpan } from './ranges.ts';

/** From a dependency's name to the page of the installed version, for packages of the public registry. */
export function documentLinks(manifest: ManifestView, project: ProjectView): DocumentLink[] {
  return manifest.lines.flatMap((line) => {
    if (line.subject?.isPublicRegistry !== true || line.version === undefined) return [];
    const target = project.ecosystem.registry.page(line.subject.name, line.version);
    return [
      {
        range: rangeOfSpan(manifest.document, line.dependency.nameSpan),
        target,
        tooltip: `Open ${line.subject.name} in the registry`,
      },
    ];
  });
}
