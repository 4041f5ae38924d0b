import { CompletionItemKind, CompletionItemTag, type CompletionItem, type Position } from 'vscode-languageserver-types';

import type { RegistryVersion } from '../core/registry-package.ts';
import { heldBackUntil } from '../workspace/line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from '../workspace/snapshot.ts';
import { lineAt, rangeOfSpan, versionSpan } from './ranges.ts';
import { countAdvisories, dateOf, heldBackText, oneLine } from './words.ts';

const SHOWN_VERSIONS = 100;

/** The published versions inside a version string, newest first, each with what is known of it. */
export function completion(manifest: ManifestView, project: ProjectView, position: Position): CompletionItem[] {
  const line = lineAt(manifest, position);
  const written = line && writtenRange(line);
  if (line?.subject === undefined || written === undefined || !line.registry.known) return [];
  const span = versionSpan(line);
  const offset = manifest.document.lines.offsetAt(position);
  if (offset < span.start || offset > span.end) return [];
  const range = rangeOfSpan(manifest.document, span);
  return line.registry.value.versions
    .slice(-SHOWN_VERSIONS)
    .reverse()
    .map((version, index) => {
      const newText = operatorOf(written) + version.version;
      const detail = detailOf(version, line, project);
      return {
        label: version.version,
        // Editors show the detail of the row in focus, and this beside every row.
        labelDetails: { description: detail },
        kind: CompletionItemKind.Value,
        detail,
        // A leading NUL sorts before the editor's own list of the same versions.
        sortText: `\u0000${String(index).padStart(4, '0')}`,
        filterText: newText,
        preselect: index === 0,
        textEdit: { range, newText },
        ...(version.deprecated === undefined ? {} : { tags: [CompletionItemTag.Deprecated] }),
      };
    });
}

/** What stands in the version's place; undefined where no version is written (`catalog:`), or not as plain text. */
function writtenRange(line: LineView): string | undefined {
  const { specifier } = line.dependency;
  if (specifier.kind !== 'range' && specifier.kind !== 'tag' && specifier.kind !== 'invalid') return undefined;
  const text = specifier.kind === 'tag' ? specifier.tag : specifier.range;
  const span = versionSpan(line);
  return text?.length === span.end - span.start ? text : undefined;
}

/** A caret stays a caret. Nothing else is kept of what is written, since it may be a version typed halfway. */
function operatorOf(written: string): string {
  return /^\s*(\^|~|>=)/.exec(written)?.[1] ?? '';
}

function detailOf(version: RegistryVersion, line: LineView, project: ProjectView): string {
  const parts: string[] = [];
  if (line.subject) {
    const subject = { ...line.subject, version: version.version, integrity: undefined };
    const evidence = project.knowledge.advisories(subject);
    const matches = evidence.known ? evidence.value : project.knowledge.knownMatches(subject);
    if (matches.length > 0) parts.push(countAdvisories(matches.length));
    else parts.push(evidence.known ? 'no known advisory' : 'not checked');
  }
  if (version.deprecated !== undefined) parts.push(`deprecated: ${oneLine(version.deprecated, 80)}`);
  const until = heldBackUntil(version, line, project);
  if (until !== undefined) parts.push(`too new for your age gate, ${heldBackText(until)}`);
  if (version.publishedAt !== undefined) parts.push(dateOf(version.publishedAt));
  return parts.join(' · ');
}
