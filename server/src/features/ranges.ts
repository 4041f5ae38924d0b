import type { Position, Range } from 'vscode-languageserver-types';

import type { Span } from '../core/span.ts';
import type { DocumentText, LineView, ManifestView } from '../workspace/snapshot.ts';

export function rangeOfSpan(document: DocumentText, span: Span): Range {
  return { start: document.lines.positionAt(span.start), end: document.lines.positionAt(span.end) };
}

/** The place of the version alone, where diagnostics stand. */
export function versionSpan(line: LineView): Span {
  const { specifier, valueSpan } = line.dependency;
  return ('rangeSpan' in specifier ? specifier.rangeSpan : undefined) ?? valueSpan;
}

/** The dependency whose name or value the position touches. */
export function lineAt(manifest: ManifestView, position: Position): LineView | undefined {
  const offset = manifest.document.lines.offsetAt(position);
  return manifest.lines.find(
    ({ dependency }) => dependency.nameSpan.start - 1 <= offset && offset <= dependency.valueSpan.end + 1,
  );
}

/** The dependencies that a range of lines touches. */
export function linesIn(manifest: ManifestView, range: Range): LineView[] {
  const { lines } = manifest.document;
  return manifest.lines.filter(({ dependency }) => {
    const first = lines.positionAt(dependency.nameSpan.start).line;
    const last = lines.positionAt(dependency.valueSpan.end).line;
    return first <= range.end.line && range.start.line <= last;
  });
}
