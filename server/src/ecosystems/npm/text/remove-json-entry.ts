import type { Span } from '../../../core/span.ts';
import type { DocumentEntry, DocumentNode } from '../../../text/document-tree.ts';

interface Removal {
  readonly span: Span;
  readonly newText: string;
}

/**
 * The edit that takes the entry at a path out of a JSON text, with the comma that it leaves behind and its line where
 * nothing else stands on it. Comments stay. An object that holds nothing else goes with it. Undefined when it is not there.
 */
export function removeJsonEntry(text: string, root: DocumentNode, path: readonly string[]): Removal[] | undefined {
  const entries = entriesOn(root, path);
  if (entries === undefined) return undefined;
  let depth = path.length - 1;
  while (depth > 0 && siblingsAt(entries, depth, root).length === 1) depth--;
  const siblings = siblingsAt(entries, depth, root);
  const entry = entries[depth];
  const at = siblings.findIndex((each) => each === entry);
  if (entry?.value === undefined) return undefined;
  const end = endOf(entry.value);
  const own: Span = { start: entry.nameSpan.start - 1, end };
  const before = siblings[at - 1]?.value;
  const comma = at < siblings.length - 1 ? commaAfter(text, end) : before && commaAfter(text, endOf(before));
  if (comma === undefined) return [{ span: wholeLine(text, own), newText: '' }];
  if (comma >= end) return [{ span: wholeLine(text, { start: own.start, end: comma + 1 }), newText: '' }];
  return [
    { span: { start: comma, end: comma + 1 }, newText: '' },
    { span: wholeLine(text, own), newText: '' },
  ];
}

function entriesOn(root: DocumentNode, path: readonly string[]): DocumentEntry[] | undefined {
  const found: DocumentEntry[] = [];
  let node: DocumentNode | undefined = root;
  for (const name of path) {
    const entry: DocumentEntry | undefined =
      node?.kind === 'map' ? node.entries.findLast((each) => each.name === name) : undefined;
    if (entry === undefined) return undefined;
    found.push(entry);
    node = entry.value;
  }
  return found;
}

function siblingsAt(entries: readonly DocumentEntry[], depth: number, root: DocumentNode): readonly DocumentEntry[] {
  const parent = depth === 0 ? root : entries[depth - 1]?.value;
  return parent?.kind === 'map' ? parent.entries : [];
}

/** Behind the quote, which the span of a text leaves out. */
function endOf({ kind, span }: DocumentNode): number {
  return kind === 'text' ? span.end + 1 : span.end;
}

const GAP = /(?:\s|\/\/[^\n]*|\/\*[^]*?\*\/)*/y;

/** Where the comma stands behind a value; undefined when there is none. */
function commaAfter(text: string, end: number): number | undefined {
  GAP.lastIndex = end;
  const at = end + (GAP.exec(text)?.[0].length ?? 0);
  return text[at] === ',' ? at : undefined;
}

/** The span with the white space around it, as far as nothing else stands on its lines. */
function wholeLine(text: string, { start, end }: Span): Span {
  const indent = blanksBefore(text, start);
  const rest = /^[ \t]*(?:\r?\n|$)/.exec(text.slice(end))?.[0];
  const from = start - indent;
  if (rest !== undefined && (from === 0 || text[from - 1] === '\n')) return { start: from, end: end + rest.length };
  // Among others on one line, one blank is enough.
  const blanks = /^[ \t]*/.exec(text.slice(end))?.[0].length ?? 0;
  return { start, end: end + (indent > 0 || text[start - 1] === '{' ? blanks : 0) };
}

/** Counted from behind: an expression would try each run of blanks in the text, and each of its ends. */
function blanksBefore(text: string, offset: number): number {
  let start = offset;
  while (start > 0 && (text[start - 1] === ' ' || text[start - 1] === '\t')) start -= 1;
  return offset - start;
}
