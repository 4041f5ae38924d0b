import type { Span } from '../../../core/span.ts';
import type { YarnDocument } from './yarn-document.ts';
import type { YarnDraft } from './yarn-draft.ts';

/** An entry in exactly the form that yarn writes, and where it ends. */
export interface PlainEntry {
  readonly draft: YarnDraft;
  readonly end: number;
}

export interface YarnLineReader {
  /** The entry whose key begins at `start`, on the line that ends at `newline`; undefined if it is in another form. */
  readonly readPlainEntry: (text: string, start: number, newline: number) => PlainEntry | undefined;
  /** Reads a line, without its end, that is no part of a plain entry. */
  readLine(start: number, end: number): void;
  /** Adds the entry that was read line by line, if there is one. */
  finish(): void;
}

/**
 * Goes through a `yarn.lock`. Entries in exactly the form that yarn writes are taken by a few of the engine's own searches,
 * which are fast from the first call on; all else is read line by line.
 */
export function readYarnLines(document: YarnDocument, reader: YarnLineReader): void {
  const { text } = document;
  let position = document.start;
  while (position < text.length) {
    const start = position;
    const first = text.charCodeAt(start);
    if (first === NEWLINE) {
      position += 1;
      continue;
    }
    const newline = text.indexOf('\n', start);
    const plain = first === SPACE || newline === -1 ? undefined : reader.readPlainEntry(text, start, newline);
    if (plain !== undefined) {
      reader.finish();
      document.add(plain.draft);
      position = plain.end;
      continue;
    }
    position = newline === -1 ? text.length : newline + 1;
    let end = newline === -1 ? text.length : newline;
    if (text.charCodeAt(end - 1) === RETURN) end -= 1;
    if (end > start) reader.readLine(start, end);
  }
  reader.finish();
}

/** What stands on a line, without the space around it; undefined where that is nothing or a comment. */
export function spanOnLine(text: string, start: number, end: number): Span | undefined {
  const line = text.slice(start, end);
  const content = line.trimStart();
  if (content === '' || content.startsWith('#')) return undefined;
  const from = start + line.length - content.length;
  return { start: from, end: from + content.trimEnd().length };
}

const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
