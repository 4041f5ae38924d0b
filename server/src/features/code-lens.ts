import type { CodeLens } from 'vscode-languageserver-types';

import type { ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { rangeOfSpan } from './ranges.ts';
import { count, countAdvisories, ownAdvisories } from './words.ts';

/** A summary above each block of dependencies. Off unless the settings ask for it, since it moves lines. */
export function codeLens(manifest: ManifestView, project: ProjectView): CodeLens[] {
  if (!project.settings.codeLens) return [];
  return manifest.manifest.groups.flatMap(({ nameSpan, span }) => {
    const lines = manifest.lines.filter(
      ({ dependency }) => span.start <= dependency.nameSpan.start && dependency.nameSpan.end <= span.end,
    );
    if (lines.length === 0) return [];
    const own = lines.reduce((sum, line) => sum + ownAdvisories(line).length, 0);
    const bringing = lines.filter(({ brings }) => brings.length > 0).length;
    const title = `${count(lines.length, 'dependency', 'dependencies')}: ${countAdvisories(own)}, ${String(bringing)} bring in affected packages`;
    return [{ range: rangeOfSpan(manifest.document, nameSpan), command: { title, command: 'provender.showRisks' } }];
  });
}
