import type { Span } from '../../core/span.ts';
import { readScalar } from './pnpm-scalar.ts';
import { copyOf } from './string-table.ts';
import type { YarnDocument } from './yarn-document.ts';
import { draftOf, type YarnDraft } from './yarn-identity.ts';
import { keepOptionalLast } from './yarn-optional.ts';

/** More say nothing new. */
const MAX_ODD = 50;

/**
 * Fills a document from the lines of a `yarn.lock` of yarn 2 and later, in the form that yarn writes: YAML with two columns
 * of indentation a level, one key a line. The answer is the lines in another form, which were not read.
 */
export function readYarnBerryLines(document: YarnDocument): readonly Span[] {
  const { text } = document;
  const reader = new BerryReader(document);
  let position = document.start;
  while (position < text.length) {
    const start = position;
    const newline = text.indexOf('\n', start);
    position = newline === -1 ? text.length : newline + 1;
    let end = newline === -1 ? text.length : newline;
    if (end > start && text.charCodeAt(end - 1) === RETURN) end -= 1;
    if (end === start) continue;
    if (text.charCodeAt(start) !== SPACE) reader.readKey(start, end);
    else if (text.startsWith('    ', start)) reader.readInner(start + 4, end);
    else reader.readField(start, end);
  }
  reader.finish();
  return reader.odd;
}

/** What the lines that are indented by four columns belong to. */
type Block = 'dependencies' | 'dependenciesMeta' | 'other';

class BerryReader {
  readonly odd: Span[] = [];
  readonly #document: YarnDocument;
  readonly #text: string;
  /** Requests by their line: many packages ask for the same. */
  readonly #requests = new Map<string, number>();
  #draft: YarnDraft | undefined;
  #isMetadata = false;
  /** A key of more than 1,024 characters is written as `? key`, and a colon stands on the line below. */
  #isExplicit = false;
  #block: Block = 'other';
  #metaName = '';
  #optionalNames: string[] = [];

  constructor(document: YarnDocument) {
    this.#document = document;
    this.#text = document.text;
  }

  finish(): void {
    const draft = this.#draft;
    if (draft !== undefined) {
      keepOptionalLast(draft, this.#optionalNames, this.#document);
      this.#document.add(draft);
    }
    this.#draft = undefined;
    this.#isMetadata = false;
    this.#isExplicit = false;
    this.#block = 'other';
    this.#optionalNames = [];
  }

  readKey(start: number, end: number): void {
    const text = this.#text;
    const first = text.charCodeAt(start);
    if (first === HASH) return;
    if (first === COLON && end === start + 1 && this.#isExplicit) return;
    this.finish();
    if (text.startsWith('__metadata:', start) && end === start + 11) {
      this.#isMetadata = true;
      return;
    }
    this.#isExplicit = first === QUESTION && text.charCodeAt(start + 1) === SPACE;
    if (!this.#isExplicit && text.charCodeAt(end - 1) !== COLON) {
      this.#note(start, end);
      return;
    }
    let from = this.#isExplicit ? start + 2 : start;
    let to = this.#isExplicit ? end : end - 1;
    if (text.charCodeAt(from) === QUOTE && text.indexOf('"', from + 1) === to - 1) {
      from += 1;
      to -= 1;
    }
    const key = copyOf(text, from, to);
    if (to <= from || ODD_IN_KEY.test(key)) this.#note(start, end);
    else this.#draft = draftOf(key.includes(', ') ? key.split(', ') : [key], from, to);
  }

  /** A line that is indented by less than four columns. */
  readField(start: number, end: number): void {
    const text = this.#text;
    const field = start + 2;
    const draft = this.#draft;
    this.#block = 'other';
    if (text.charCodeAt(start + 1) !== SPACE || text.charCodeAt(end - 1) <= SPACE) {
      this.#note(start, end);
    } else if (draft === undefined) {
      if (this.#isMetadata) this.#readMetadata(field, end);
      else this.#note(start, end);
    } else if (text.startsWith('resolution: ', field)) {
      draft.resolved = this.#readValue(field + 12, end) ?? '';
    } else if (text.startsWith('version: ', field)) {
      const version = this.#readValue(field + 9, end) ?? '';
      draft.version = copyOf(version, 0, version.length);
    } else if (text.startsWith('dependencies', field)) {
      const name = text.slice(field, end);
      if (name === 'dependencies:') this.#block = 'dependencies';
      else if (name === 'dependenciesMeta:') this.#block = 'dependenciesMeta';
      else this.#note(start, end);
    } else if (IS_COMMON_FIELD[text.charCodeAt(field)] !== 1) {
      this.#checkOtherField(field, end);
    }
  }

  /** A line that is indented by four columns or more. */
  readInner(start: number, end: number): void {
    if (this.#block === 'dependencies') this.#readDependency(start, end);
    else if (this.#block === 'dependenciesMeta') this.#readMeta(start, end);
    else if (this.#draft === undefined) this.#note(start, end);
  }

  #readDependency(start: number, end: number): void {
    const line = this.#text.slice(start, end);
    let request = this.#requests.get(line);
    if (request === undefined) {
      const pair = readPair(line);
      if (pair === undefined) {
        this.#note(start, end);
        return;
      }
      request = this.#document.addRequest(...pair);
      this.#requests.set(line, request);
    }
    this.#draft?.edges.push(request);
  }

  #readMeta(start: number, end: number): void {
    const line = this.#text.slice(start, end);
    if (line.startsWith('  ')) {
      if (line === '  optional: true') this.#optionalNames.push(this.#metaName);
      return;
    }
    const name = line.endsWith(':') ? readScalar(line, 0, line.length - 1) : undefined;
    if (name === undefined) this.#note(start, end);
    this.#metaName = name ?? '';
  }

  #readMetadata(field: number, end: number): void {
    if (!this.#text.startsWith('version: ', field)) return;
    const version = this.#readValue(field + 9, end) ?? '';
    this.#document.version = copyOf(version, 0, version.length);
    this.#document.versionSpan = { start: field, end };
  }

  #checkOtherField(start: number, end: number): void {
    const line = this.#text.slice(start, end);
    if (!line.startsWith('#') && !/^[a-z]\w*:/i.test(line)) this.#note(start, end);
  }

  #readValue(start: number, end: number): string | undefined {
    const value = readScalar(this.#text, start, end);
    if (value === undefined) this.#note(start, end);
    return value;
  }

  #note(start: number, end: number): void {
    const line = this.#text.slice(start, end);
    const content = line.trimStart();
    if (content === '' || content.startsWith('#') || this.odd.length >= MAX_ODD) return;
    const from = start + line.length - content.length;
    this.odd.push({ start: from, end: from + content.trimEnd().length });
  }
}

/** `name: range`, each plain or in quotes; undefined for any other form. */
function readPair(line: string): readonly [name: string, range: string] | undefined {
  const isQuoted = line.charCodeAt(0) === QUOTE;
  const nameEnd = isQuoted ? line.indexOf('"', 1) : line.indexOf(': ');
  const colon = isQuoted ? nameEnd + 1 : nameEnd;
  if (nameEnd <= 0 || !line.startsWith(': ', colon)) return undefined;
  const name = isQuoted ? line.slice(1, nameEnd) : line.slice(0, nameEnd);
  const range = readScalar(line, colon + 2, line.length);
  return range === undefined || ODD_IN_NAME.test(name) ? undefined : [name, range];
}

/** Signs that a key as yarn writes it does not have: quotes and escapes inside, or another kind of YAML. */
const ODD_IN_KEY = /["'\\\t{}]|^[[&*!|>%`-]|: /;
const ODD_IN_NAME = /["'\\\t{}[\] ]|^[&*!|>%`-]/;
/** Marks the first letters of `checksum`, `conditions`, `languageName`, `linkType`, `peerDependencies` and `bin`. */
const IS_COMMON_FIELD = new Uint8Array(128).map((_, code) => ('clpb'.includes(String.fromCharCode(code)) ? 1 : 0));
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const HASH = 35;
const COLON = 58;
const QUESTION = 63;
