import { applyEdits, findNodeAtLocation, modify, parseTree, type FormattingOptions, type Node } from 'jsonc-parser';

import type { Span } from '../core/span.ts';
import type { Replacement } from '../core/transitive-dialect.ts';

/**
 * The replacements that add items at the end of a list of a JSON object; what stands there stays as it is written, with its
 * comments. Undefined when the text is no object, or is broken.
 */
export function addToList(text: string, key: string, items: readonly unknown[]): readonly Replacement[] | undefined {
  const tree = objectOf(text);
  if (tree === undefined || items.length === 0) return undefined;
  const list = findNodeAtLocation(tree, [key]);
  const last = list?.type === 'array' ? list.children?.at(-1) : undefined;
  if (last === undefined) return list === undefined || list.type === 'array' ? setKey(text, key, items) : undefined;
  const { eol, unit } = styleOf(text);
  const indent = indentAt(text, last.offset);
  const texts = items.map((item) => JSON.stringify(item, undefined, unit).replaceAll('\n', `${eol}${indent}`));
  const end = last.offset + last.length;
  const [, comma] = /^\s*(,)/.exec(text.slice(end)) ?? [];
  const behind = comma === undefined ? end : text.indexOf(',', end) + 1;
  // A comment on the same line belongs to the item before it.
  const [rest = ''] = /^[ \t]*(?:\/\/[^\r\n]*)?(?=\r?\n)/.exec(text.slice(behind)) ?? [];
  const at = behind + rest.length;
  const newText = texts.map((item) => `${eol}${indent}${item}`).join(',') + (comma ?? '');
  const added = { span: { start: at, end: at }, newText };
  if (comma !== undefined) return [added];
  if (at === end) return [{ ...added, newText: `,${newText}` }];
  return [{ span: { start: end, end }, newText: ',' }, added];
}

/** The replacement that sets a key of a JSON object; undefined when the text is none. */
export function setKey(text: string, key: string, value: unknown): readonly Replacement[] | undefined {
  if (objectOf(text) === undefined) return undefined;
  const { eol, unit } = styleOf(text);
  const isTab = unit.startsWith('\t');
  const formattingOptions: FormattingOptions = { insertSpaces: !isTab, tabSize: isTab ? 4 : unit.length, eol };
  return difference(text, applyEdits(text, modify(text, [key], value, { formattingOptions })));
}

/** The replacement that takes the item of a list out in which a place lies; undefined when none is there. */
export function removeFromList(text: string, key: string, place: Span): readonly Replacement[] | undefined {
  const tree = objectOf(text);
  const list = tree && findNodeAtLocation(tree, [key]);
  const index = list?.children?.findIndex((item) => holds(item, place)) ?? -1;
  if (index === -1) return undefined;
  return difference(text, applyEdits(text, modify(text, [key, index], undefined, {})));
}

function holds({ offset, length }: Node, { start, end }: Span): boolean {
  return offset <= start && end <= offset + length;
}

/** Undefined for what is no object, and for text that is broken: an edit of it might break it further. */
function objectOf(text: string): Node | undefined {
  const errors: never[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  return errors.length === 0 && tree?.type === 'object' ? tree : undefined;
}

/** The file's own line ends and indentation; two blanks where nothing shows it. */
function styleOf(text: string): { readonly eol: string; readonly unit: string } {
  const [, unit = '  '] = /\n([ \t]+)\S/.exec(text) ?? [];
  return { eol: text.includes('\r\n') ? '\r\n' : '\n', unit };
}

function indentAt(text: string, offset: number): string {
  const line = text.slice(text.lastIndexOf('\n', offset) + 1, offset);
  return /^[ \t]*/.exec(line)?.[0] ?? '';
}

/** One replacement of what differs, from the first character to the last. */
function difference(before: string, after: string): readonly Replacement[] {
  if (before === after) return [];
  let start = 0;
  while (start < before.length && before[start] === after[start]) start++;
  let end = 0;
  const limit = Math.min(before.length, after.length) - start;
  while (end < limit && before[before.length - 1 - end] === after[after.length - 1 - end]) end++;
  return [{ span: { start, end: before.length - end }, newText: after.slice(start, after.length - end) }];
}
