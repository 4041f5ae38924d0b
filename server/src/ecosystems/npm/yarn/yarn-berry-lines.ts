import type { Span } from '../../../core/span.ts';
import { readScalar } from '../pnpm/pnpm-scalar.ts';
import { copyOf } from '../lockfile/string-table.ts';
import { readBerryPair } from './yarn-block.ts';
import type { YarnDocument } from './yarn-document.ts';
import { draftOf, type YarnDraft } from './yarn-draft.ts';
import { readYarnLines, spanOnLine, type PlainEntry, type YarnLineReader } from './yarn-lines.ts';

/** More say nothing new. */
const MAX_ODD = 50;

/**
 * Fills a document from a `yarn.lock` of yarn 2 and later, in the form that yarn writes: YAML with two columns of indentation
 * a level, one key a line. The answer is the lines in another form, which were not read.
 */
export function readYarnBerryLines(document: YarnDocument): readonly Span[] {
  const reader = new BerryReader(document);
  readYarnLines(document, reader);
  return reader.odd;
}

/** Reads a whole entry, and where it ends, if it is in the form that yarn writes; undefined if it is not. */
function readPlainEntry(text: string, start: number, newline: number): PlainEntry | undefined {
  const version = newline + 1 + VERSION.length;
  if (!text.startsWith(VERSION, newline + 1) || text.charCodeAt(newline - 1) !== COLON) return undefined;
  const versionEnd = text.indexOf('\n', version);
  const resolved = versionEnd + RESOLUTION.length;
  if (!text.startsWith(RESOLUTION, versionEnd)) return undefined;
  const resolvedEnd = text.indexOf('"', resolved);
  if (resolvedEnd === -1 || text.charCodeAt(resolvedEnd + 1) !== NEWLINE) return undefined;
  const isQuoted = text.charCodeAt(start) === QUOTE;
  if (isQuoted !== (text.charCodeAt(newline - 2) === QUOTE)) return undefined;
  const from = isQuoted ? start + 1 : start;
  const to = isQuoted ? newline - 2 : newline - 1;
  const key = text.slice(from, to);
  const written = text.slice(version, versionEnd);
  if (to <= from || !PLAIN_VERSION.test(written)) return undefined;
  if (isQuoted ? key.includes('"') || key.includes('\\') : ODD_IN_KEY.test(key)) return undefined;
  const block = resolvedEnd + 2;
  const blockEnd = text.startsWith(DEPENDENCIES, block) ? endOfPlainBlock(text, block + DEPENDENCIES.length) : block;
  const end = blockEnd === -1 ? -1 : endOfPlainEntry(text, blockEnd);
  if (end === -1) return undefined;
  const draft = {
    key,
    start: from,
    end: to,
    name: '',
    version: written,
    resolved: text.slice(resolved, resolvedEnd),
    integrity: '',
    block: blockEnd === block ? '' : text.slice(block, text.slice(blockEnd, end).includes(META) ? end : blockEnd),
  };
  return { draft, end };
}

/** Where an entry ends of which the dependencies were read; -1 if they go on, or something else than its fields follows. */
function endOfPlainEntry(text: string, start: number): number {
  let position = start;
  while (text.charCodeAt(position) === SPACE) {
    const newline = text.indexOf('\n', position);
    if (newline === -1) return -1;
    // Yarn writes dependencies in one form, before all else; what is said of them comes later.
    const isOfDependencies = text.charCodeAt(position + 2) === LOWER_D && text.startsWith('dependencies', position + 2);
    if (isOfDependencies && !text.startsWith(META, position)) return -1;
    position = newline + 1;
  }
  return text.charCodeAt(position) === NEWLINE || position === text.length ? position : -1;
}

/** Where lines of dependencies end; -1 if one is in another form than yarn's. */
function endOfPlainBlock(text: string, start: number): number {
  let position = start;
  while (text.charCodeAt(position + 3) === SPACE && text.charCodeAt(position + 2) === SPACE) {
    const newline = text.indexOf('\n', position);
    const colon = text.indexOf(': ', position + 4);
    const first = text.charCodeAt(position + 4);
    const isQuoted = first === QUOTE;
    if (isQuoted !== (text.charCodeAt(colon - 1) === QUOTE) || colon <= position + 4 || colon + 2 >= newline) return -1;
    const value = text.charCodeAt(colon + 2);
    const last = text.charCodeAt(newline - 1);
    const isClosed = value !== QUOTE || (last === QUOTE && newline > colon + 3);
    if (!isClosed || last <= SPACE || (!isQuoted && first < DIGIT_0) || ODD_VALUES.includes(text.charAt(colon + 2)))
      return -1;
    position = newline + 1;
  }
  return position;
}

/** Reads line by line. */
class BerryReader implements YarnLineReader {
  readonly readPlainEntry: YarnLineReader['readPlainEntry'];
  readonly odd: Span[] = [];
  readonly #document: YarnDocument;
  readonly #text: string;
  #draft: YarnDraft | undefined;
  #isMetadata = false;
  /** A key of more than 1,024 characters is written as `? key`, and a colon stands on the line below. */
  #isExplicit = false;
  /** Where the lines of the dependencies begin and end; -1 when there are none. */
  #blockStart = -1;
  #blockEnd = -1;
  #isInDependencies = false;
  /** True when a field of the entry was read: what is further in belongs to one. */
  #hasField = false;

  constructor(document: YarnDocument) {
    this.#document = document;
    this.#text = document.text;
    // Yarn writes no tabs. What one means depends on where it stands.
    this.readPlainEntry = document.text.includes('\t') ? () => undefined : readPlainEntry;
  }

  finish(): void {
    const draft = this.#draft;
    if (draft !== undefined) {
      if (this.#blockStart !== -1) draft.block = this.#text.slice(this.#blockStart, this.#blockEnd);
      this.#document.add(draft);
    }
    this.#draft = undefined;
    this.#isMetadata = false;
    this.#isExplicit = false;
    this.#blockStart = -1;
    this.#isInDependencies = false;
    this.#hasField = false;
  }

  readLine(start: number, end: number): void {
    if (this.#text.charCodeAt(start) !== SPACE) {
      this.#readKey(start, end);
      return;
    }
    if (this.#blockStart !== -1) this.#blockEnd = end;
    if (!this.#text.startsWith('    ', start)) this.#readField(start, end);
    else if (!this.#hasField) this.#note(start, end);
    else if (this.#isInDependencies && readBerryPair(this.#text.slice(start + 4, end)) === undefined)
      this.#note(start, end);
  }

  #readKey(start: number, end: number): void {
    const text = this.#text;
    const first = text.charCodeAt(start);
    if (first === HASH || (first === COLON && end === start + 1 && this.#isExplicit)) return;
    this.finish();
    const line = text.slice(start, end);
    if (line === '__metadata:') {
      this.#isMetadata = true;
      return;
    }
    this.#isExplicit = line.startsWith('? ');
    let from = this.#isExplicit ? start + 2 : start;
    let to = this.#isExplicit ? end : end - 1;
    if (text.charCodeAt(from) === QUOTE && text.indexOf('"', from + 1) === to - 1) {
      from += 1;
      to -= 1;
    }
    const key = text.slice(from, to);
    if (to <= from || (!this.#isExplicit && !line.endsWith(':')) || ODD_IN_KEY.test(key)) {
      this.#note(start, end);
      return;
    }
    this.#draft = draftOf(key, from, to);
  }

  /** A line that is indented by less than four columns. */
  #readField(start: number, end: number): void {
    const line = this.#text.slice(start + 2, end);
    const draft = this.#draft;
    if (line.trim() === '') return;
    this.#isInDependencies = line === 'dependencies:';
    const isField = this.#text.charCodeAt(start + 1) === SPACE && /^(?:[a-z]\w*:|#)/i.test(line);
    if (!isField || (draft === undefined && !this.#isMetadata)) {
      this.#note(start, end);
      return;
    }
    this.#hasField = true;
    if (draft === undefined) {
      if (line.startsWith('version: ')) this.#readFormat(start, end);
    } else if (line.startsWith('resolution: ')) {
      draft.resolved = this.#readValue(start + 14, end);
    } else if (line.startsWith('version: ')) {
      draft.version = this.#readValue(start + 11, end);
    } else if (line.startsWith('dependencies')) {
      if (line !== 'dependencies:' && line !== 'dependenciesMeta:') this.#note(start, end);
      if (this.#blockStart === -1) this.#blockStart = start;
      this.#blockEnd = end;
    } else if (/^(?:version|resolution):/.test(line)) this.#note(start, end);
  }

  #readFormat(start: number, end: number): void {
    const version = this.#readValue(start + 11, end);
    this.#document.version = copyOf(version, 0, version.length);
    this.#document.versionSpan = { start: start + 2, end };
  }

  #readValue(start: number, end: number): string {
    const value = readScalar(this.#text, start, end);
    if (value === undefined) this.#note(start, end);
    return value ?? '';
  }

  #note(start: number, end: number): void {
    const span = spanOnLine(this.#text, start, end);
    if (span !== undefined && this.odd.length < MAX_ODD) this.odd.push(span);
  }
}

const VERSION = '  version: ';
const RESOLUTION = '\n  resolution: "';
const DEPENDENCIES = '  dependencies:\n';
const META = '  dependenciesMeta:\n';
const PLAIN_VERSION = /^[\w.+-]+$/;
/** Signs that begin a value in another form than yarn writes. */
const ODD_VALUES = " '{}[]&*!|%@`,#";
/** Signs that a key as yarn writes it does not have: quotes and escapes inside, or another kind of YAML. */
const ODD_IN_KEY = /["'\\\t{}]|^[[&*!|>%`-]|: /;
const NEWLINE = 10;
const SPACE = 32;
const QUOTE = 34;
const DIGIT_0 = 48;
const HASH = 35;
const COLON = 58;
const LOWER_D = 100;
