import { copyOf } from '../lockfile/string-table.ts';
import { readClassicPair } from './yarn-block.ts';
import type { YarnDocument } from './yarn-document.ts';
import { draftOf, type YarnDraft } from './yarn-draft.ts';
import { readYarnKey, unquoted } from './yarn-key.ts';
import { readYarnLines, spanOnLine, type PlainEntry, type YarnLineReader } from './yarn-lines.ts';

/**
 * Fills a document from a `yarn.lock` of yarn 1: keys without indentation, their fields two columns further in, dependencies
 * four. A line of another form is a problem, and the rest is read.
 * @see https://classic.yarnpkg.com/en/docs/yarn-lock
 */
export function readYarnClassicLines(document: YarnDocument): void {
  readYarnLines(document, new ClassicReader(document));
}

/** Reads a whole entry, and where it ends, if it is in the form that yarn writes; undefined if it is not. */
function readPlainEntry(text: string, start: number, newline: number): PlainEntry | undefined {
  const version = valueAfter(text, newline, VERSION, LOWER_V);
  const versionEnd = version === -1 ? -1 : text.indexOf('"', version);
  const resolved = versionEnd === -1 ? -1 : valueAfter(text, versionEnd + 1, RESOLVED, LOWER_R);
  const resolvedEnd = resolved === -1 ? -1 : text.indexOf('"', resolved);
  if (resolvedEnd === -1 || text.charCodeAt(newline - 1) !== COLON) return undefined;
  let end = resolvedEnd + 1;
  let integrity = '';
  const hash = valueAfter(text, end, INTEGRITY, LOWER_I);
  if (hash !== -1) {
    end = text.indexOf('\n', hash);
    if (end === -1 || text.charCodeAt(end - 1) === RETURN) return undefined;
    integrity = text.slice(hash, end);
  }
  if (text.charCodeAt(end) !== NEWLINE) return undefined;
  const block = end + 1;
  end = endOfPlainBlock(text, block);
  const from = text.charCodeAt(start) === QUOTE ? start + 1 : start;
  const to = text.charCodeAt(newline - 2) === QUOTE ? newline - 2 : newline - 1;
  if (end === -1 || to <= from) return undefined;
  const draft = {
    key: text.slice(start, newline - 1),
    start: from,
    end: to,
    name: '',
    version: text.slice(version, versionEnd),
    resolved: text.slice(resolved, resolvedEnd),
    integrity,
    block: end === block ? '' : text.slice(block, end),
  };
  return { draft, end };
}

/**
 * Where the value begins of a field that follows a line's end; -1 if another one does. Each of yarn's fields that stand there
 * is known by its first letter and its length, which is a small part of the work of comparing all of it.
 */
function valueAfter(text: string, newline: number, length: number, letter: number): number {
  const isField = text.charCodeAt(newline + 3) === letter && text.charCodeAt(newline + 2) === SPACE;
  const value = newline + length;
  const before = text.charCodeAt(value - 1);
  return isField && text.charCodeAt(newline) === NEWLINE && (before === QUOTE || before === SPACE) ? value : -1;
}

/** Where the dependencies end that make up the rest of an entry; -1 if they are in another form than yarn's. */
function endOfPlainBlock(text: string, start: number): number {
  let position = start;
  while (text.charCodeAt(position) === SPACE) {
    const newline = text.indexOf('\n', position);
    if (newline === -1) return -1;
    const last = text.charCodeAt(newline - 1);
    if (text.charCodeAt(position + 3) === SPACE && text.charCodeAt(position + 2) === SPACE) {
      const space = text.indexOf(' ', position + 4);
      const isUnclosed = text.charCodeAt(space + 1) === QUOTE && (last !== QUOTE || newline === space + 2);
      if (space === position + 4 || space >= newline - 1 || isUnclosed || last <= SPACE) return -1;
    } else if (!text.startsWith(DEPENDENCIES, position) && !text.startsWith(OPTIONAL, position)) {
      return -1;
    }
    position = newline + 1;
  }
  return text.charCodeAt(position) === NEWLINE || position >= text.length ? position : -1;
}

/** Reads line by line. */
class ClassicReader implements YarnLineReader {
  readonly readPlainEntry = readPlainEntry;
  readonly #document: YarnDocument;
  readonly #text: string;
  #draft: YarnDraft | undefined;
  /** Where the lines of the dependencies begin and end; -1 when there are none. */
  #blockStart = -1;
  #blockEnd = -1;
  #isInBlock = false;

  constructor(document: YarnDocument) {
    this.#document = document;
    this.#text = document.text;
  }

  finish(): void {
    const draft = this.#draft;
    if (draft === undefined) return;
    if (this.#blockStart !== -1) draft.block = this.#text.slice(this.#blockStart, this.#blockEnd);
    this.#document.add(draft);
    this.#draft = undefined;
    this.#blockStart = -1;
    this.#isInBlock = false;
  }

  readLine(start: number, end: number): void {
    if (this.#text.charCodeAt(start) !== SPACE) this.#readKey(start, end);
    else if (this.#text.startsWith('    ', start)) this.#readDependency(start, end);
    else this.#readField(start, end);
  }

  #readKey(start: number, end: number): void {
    const text = this.#text;
    if (text.charCodeAt(start) === HASH) {
      this.#readHeader(start, end);
      return;
    }
    this.finish();
    const from = text.charCodeAt(start) === QUOTE ? start + 1 : start;
    const to = text.charCodeAt(end - 2) === QUOTE ? end - 2 : end - 1;
    const key = text.slice(start, end - 1);
    if (text.charCodeAt(end - 1) !== COLON || to <= from || readYarnKey(key).length === 0) {
      this.#odd(start, end);
      return;
    }
    this.#draft = draftOf(key, from, to);
  }

  /** A line that is indented by less than four columns. */
  #readField(start: number, end: number): void {
    const field = this.#text.slice(start + 2, end);
    const draft = this.#draft;
    if (draft === undefined || this.#text.charCodeAt(start + 1) !== SPACE) {
      this.#odd(start, end);
      return;
    }
    this.#isInBlock = field === 'dependencies:' || field === 'optionalDependencies:';
    if (this.#isInBlock) this.#extendBlock(start, end);
    else if (field.startsWith('version ')) draft.version = this.#readValue(start + 10, end);
    else if (field.startsWith('resolved ')) draft.resolved = this.#readValue(start + 11, end);
    else if (field.startsWith('integrity ')) draft.integrity = this.#readValue(start + 12, end);
    else if (field.startsWith('name ')) draft.name = this.#readValue(start + 7, end);
    else if (!/^(?:[a-z][A-Za-z]*(?: \S|:$)|#|\s*$)/.test(field)) this.#odd(start, end);
  }

  /** A line that is indented by four columns or more. */
  #readDependency(start: number, end: number): void {
    if (!this.#isInBlock) {
      if (this.#draft === undefined) this.#odd(start, end);
      return;
    }
    this.#extendBlock(start, end);
    if (readClassicPair(this.#text.slice(start + 4, end)) === undefined) this.#odd(start, end);
  }

  #extendBlock(start: number, end: number): void {
    if (this.#blockStart === -1) this.#blockStart = start;
    this.#blockEnd = end;
  }

  /** The value that makes up the rest of a line; empty when it is not written to its end. */
  #readValue(start: number, end: number): string {
    const value = unquoted(this.#text.slice(start, end));
    if (value === undefined) this.#odd(start, end);
    return value ?? '';
  }

  #readHeader(start: number, end: number): void {
    const version = /^# yarn lockfile v(\d+)/.exec(this.#text.slice(start, end))?.[1];
    if (version === undefined) return;
    this.#document.version = copyOf(version, 0, version.length);
    this.#document.versionSpan = { start, end };
  }

  #odd(start: number, end: number): void {
    const span = spanOnLine(this.#text, start, end);
    if (span !== undefined) this.#document.report(span.start, span.end, 'The line is not in the form that yarn writes');
  }
}

const DEPENDENCIES = '  dependencies:\n';
const OPTIONAL = '  optionalDependencies:\n';
const VERSION = '\n  version "'.length;
const RESOLVED = '\n  resolved "'.length;
const INTEGRITY = '\n  integrity '.length;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const COLON = 58;
const LOWER_I = 105;
const LOWER_R = 114;
const LOWER_V = 118;
