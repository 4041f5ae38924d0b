import { MarkupKind, type Hover, type Position } from 'vscode-languageserver-types';

import type { OpenLockfile, ProjectView } from '../../workspace/snapshot.ts';
import { linesOfEntry, viewEntry } from '../../workspace/view-entry.ts';
import { packageFacts, packageTitle } from '../hover.ts';
import { escapeMarkdown } from '../markdown.ts';
import { rangeOfSpan } from '../ranges.ts';
import { oneLine } from '../words.ts';
import { placeAt, type LockfilePlace } from './lockfile-place.ts';
import { whyHere } from './why-here.ts';

/**
 * The card of the package that an entry, or a line that asks for one, means, and why it is installed. `now` is in
 * milliseconds since the epoch.
 */
export function lockfileHover(
  lockfile: OpenLockfile,
  project: ProjectView,
  position: Position,
  now: number,
  uriOf: (path: string) => string,
): Hover | undefined {
  const place = placeAt(lockfile, project, lockfile.document.lines.offsetAt(position));
  if (place === undefined) return undefined;
  const value = [...askedText(place, project), ...cardOf(place, project, now, uriOf)].join('\n');
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOfSpan(lockfile.document, place.span) };
}

function askedText({ asked }: LockfilePlace, { installed }: ProjectView): string[] {
  if (asked === undefined) return [];
  const { need, by } = asked;
  const entry = installed.lockfile.entries[by.entry ?? -1];
  const who =
    entry === undefined || entry.source === 'workspace'
      ? memberText(by.importer?.path)
      : `${entry.name} ${entry.version}`;
  return [`${escapeMarkdown(who)} asks for ${escapeMarkdown(`${need.name} ${need.wanted}`)}`, ''];
}

function memberText(path: string | undefined): string {
  return path === undefined || path === '.' ? 'The root' : path;
}

function cardOf(
  { entries, asked }: LockfilePlace,
  project: ProjectView,
  now: number,
  uriOf: (path: string) => string,
): string[] {
  const [index] = entries;
  const entry = index === undefined ? undefined : project.installed.lockfile.entries[index];
  if (index === undefined || entry === undefined) {
    return [`The lockfile has no entry for ${escapeMarkdown(oneLine(asked?.need.name ?? ''))}`];
  }
  const line = linesOfEntry(entry, project)[0]?.line ?? viewEntry(entry, index, project);
  // The question that only a lockfile raises comes first: below a long card nobody would see its answer.
  return [packageTitle(line, project), '', ...whyHere(entries, project), ...packageFacts(line, project, now, uriOf)];
}
