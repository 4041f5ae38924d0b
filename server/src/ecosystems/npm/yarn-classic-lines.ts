import { copyOf } from './string-table.ts';
import type { YarnDocument } from './yarn-document.ts';
import { draftOf, type YarnDraft } from './yarn-identity.ts';

/**
 * Fills a document from the lines of a `yarn.lock` of yarn 1: a key without indentation, its fields two columns further in,
 * and dependencies four. A line of another form is a problem, and the rest is read.
 * @see https://classic.yarnpkg.com/en/docs/yarn-lock
 */
export function readYarnClassicLines(document: YarnDocument): void {
  const { text } = document;
  const reader = new ClassicReader(document);
  let position = document.start;
  while (position < text.length) {
    const start = position;
    const newline = text.indexOf('\n', start);
    position = newline === -1 ? text.length : newline + 1;
    let end = newline === -1 ? text.length : newline;
    if (end > start && text.charCodeAt(end - 1) === RETURN) end -= 1;
    if (end === start) continue;
    if (text.charCodeAt(start) !== SPACE) reader.readKey(start, end);
    else if (text.startsWith('    ', start)) reader.readDependency(start + 4, end);
    else reader.readField(start, end);
  }
  reader.finish();
}

class ClassicReader {
  readonly #document: YarnDocument;
  readonly #text: string;
  /** Requests by their line: many packages ask for the same. */
  readonly #requests = new Map<string, number>();
  #draft: YarnDraft | undefined;
  #isInDependencies = false;

  constructor(document: YarnDocument) {
    this.#document = document;
    this.#text = document.text;
  }

  finish(): void {
    if (this.#draft !== undefined) this.#document.add(this.#draft);
    this.#draft = undefined;
    this.#isInDependencies = false;
  }

  readKey(start: number, end: number): void {
    const text = this.#text;
    if (text.charCodeAt(start) === HASH) {
      this.#readHeader(start, end);
      return;
    }
    this.finish();
    const descriptors = text.charCodeAt(end - 1) === COLON ? readDescriptors(copyOf(text, start, end - 1)) : [];
    if (descriptors.length === 0) {
      this.#odd(start, end);
      return;
    }
    const isQuoted = text.charCodeAt(start) === QUOTE;
    const isQuotedToEnd = text.charCodeAt(end - 2) === QUOTE;
    this.#draft = draftOf(descriptors, isQuoted ? start + 1 : start, isQuotedToEnd ? end - 2 : end - 1);
  }

  /** A line that is indented by less than four columns. */
  readField(start: number, end: number): void {
    const text = this.#text;
    const field = start + 2;
    const draft = this.#draft;
    if (draft === undefined || text.charCodeAt(start + 1) !== SPACE) {
      this.#odd(start, end);
      return;
    }
    this.#isInDependencies = false;
    if (text.startsWith('version ', field)) draft.version = this.#copyValue(field + 8, end);
    else if (text.startsWith('resolved ', field)) draft.resolved = this.#readValue(field + 9, end);
    else if (text.startsWith('integrity ', field)) draft.integrity = this.#copyValue(field + 10, end);
    else if (text.startsWith('name ', field)) draft.name = this.#copyValue(field + 5, end);
    else this.#readOtherField(text.slice(field, end), draft, start, end);
  }

  /** A line that is indented by four columns or more. */
  readDependency(start: number, end: number): void {
    const line = this.#text.slice(start, end);
    if (!this.#isInDependencies || this.#draft === undefined) {
      if (this.#draft === undefined) this.#odd(start, end);
      return;
    }
    let request = this.#requests.get(line);
    if (request === undefined) {
      const pair = readPair(line);
      if (pair === undefined) {
        this.#odd(start, end);
        return;
      }
      request = this.#document.addRequest(...pair);
      this.#requests.set(line, request);
    }
    this.#draft.edges.push(request);
  }

  #readOtherField(field: string, draft: YarnDraft, start: number, end: number): void {
    switch (field) {
      case 'dependencies:':
        // Optional ones come last as yarn writes it; in another order all count as required.
        draft.required = undefined;
        this.#isInDependencies = true;
        return;
      case 'optionalDependencies:':
        draft.required = draft.edges.length;
        this.#isInDependencies = true;
        return;
      default:
        if (!/^(?:[a-z][A-Za-z]*(?: \S|:$)|#|\s*$)/.test(field)) this.#odd(start, end);
    }
  }

  #copyValue(start: number, end: number): string {
    const value = this.#readValue(start, end);
    return copyOf(value, 0, value.length);
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
    const line = this.#text.slice(start, end);
    const content = line.trimStart();
    if (content === '' || content.startsWith('#')) return;
    const from = start + line.length - content.length;
    this.#document.report(from, from + content.trimEnd().length, 'The line is not in the form that yarn writes');
  }
}

/** The descriptors of a key: `a@^1, "b@>= 1"`. None when it is not one. */
function readDescriptors(key: string): readonly string[] {
  if (!key.includes('"')) return key.includes(', ') ? key.split(', ') : key === '' ? [] : [key];
  const isAlone = key.startsWith('"') && key.indexOf('"', 1) === key.length - 1 && key.length > 2;
  if (isAlone && !key.includes('\\')) return [key.slice(1, -1)];
  if (!QUOTED_KEY.test(key)) return [];
  return (key.match(KEY_PART) ?? []).flatMap((part) => unquoted(part) ?? []);
}

/** A name and a range with a space between them, each plain or in quotes; undefined for any other form. */
function readPair(line: string): readonly [name: string, range: string] | undefined {
  const space = line.indexOf(' ');
  const name = unquoted(line.slice(0, space));
  const range = unquoted(line.slice(space + 1));
  return space <= 0 || name === undefined || range === undefined || name === '' ? undefined : [name, range];
}

/** What a plain text, or one in quotes, means; undefined when it is not written to its end. */
function unquoted(written: string): string | undefined {
  if (written.charCodeAt(0) !== QUOTE) return written;
  if (written.includes('\\')) return parsed(written);
  return written.length > 1 && written.indexOf('"', 1) === written.length - 1 ? written.slice(1, -1) : undefined;
}

function parsed(quoted: string): string | undefined {
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

const KEY_PART = /"(?:[^"\\]|\\.)+"|[^",\s][^",]*/g;
const QUOTED_KEY = /^(?:"(?:[^"\\]|\\.)+"|[^",]+)(?:, (?:"(?:[^"\\]|\\.)+"|[^",]+))*$/;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const COLON = 58;
