import type { PnpmKeys } from './pnpm-keys.ts';

/**
 * The fast way through lines that are in exactly pnpm's form. Each method looks at what stands at `position`, and either
 * reads it and moves past it, or is false and moves nowhere. Characters are hashed as they are read.
 */
export class PnpmLane {
  /** The beginning of a line, or of a value. */
  position: number;
  /** The last name, without quotes; its `@`, or -1; and where the parentheses of peers begin, or its end. */
  start = 0;
  end = 0;
  at = 0;
  stop = 0;
  /** The hashes of the last name; after a version those of the key that both mean. */
  first = 0;
  second = 0;
  /** The hashes of the last name up to `stop`. */
  stopFirst = 0;
  stopSecond = 0;
  /** The last value, without quotes. */
  valueStart = 0;
  valueEnd = 0;
  readonly #text: string;
  readonly #keys: PnpmKeys;

  constructor(text: string, position: number, keys: PnpmKeys) {
    this.#text = text;
    this.#keys = keys;
    this.position = position;
  }

  /** Moves past these characters. */
  pass(characters: string): boolean {
    if (!this.#text.startsWith(characters, this.position)) return false;
    this.position += characters.length;
    return true;
  }

  /** Moves past lines that are indented by four columns or more, up to one with one of these first letters there. */
  passFields(firstLetters: readonly number[]): void {
    const text = this.#text;
    while (text.startsWith('    ', this.position) && !firstLetters.includes(text.charCodeAt(this.position + 4))) {
      const newline = text.indexOf('\n', this.position);
      if (newline === -1) return;
      this.position = newline + 1;
    }
  }

  /** Reads a name at a column, and nothing or `{}` as its value. */
  readKey(column: number): boolean {
    const colon = this.#readName(column);
    if (colon === -1) return false;
    if (this.#text.charCodeAt(colon + 1) === NEWLINE) this.position = colon + 2;
    else if (this.#text.startsWith(' {}\n', colon + 1)) this.position = colon + 5;
    else return false;
    return true;
  }

  /** Reads a name at a column and the version of a package. */
  readReference(column: number): boolean {
    const colon = this.#readName(column);
    return colon !== -1 && this.#text.charCodeAt(colon + 1) === SPACE && this.#readVersionAt(colon + 2);
  }

  /** Reads the version of a package that the last name has. */
  readVersion(): boolean {
    return this.#readVersionAt(this.position);
  }

  /** Reads a scalar to the line's end. */
  readText(): boolean {
    const text = this.#text;
    const isQuoted = text.charCodeAt(this.position) === QUOTE;
    const start = isQuoted ? this.position + 1 : this.position;
    if (!isQuoted && !isPlainStart(text.charCodeAt(start))) return false;
    let index = start;
    for (; ; index += 1) {
      const code = text.charCodeAt(index);
      if (code === (isQuoted ? QUOTE : NEWLINE)) break;
      if (!(code >= SPACE) || code === QUOTE || (code === HASH && !isQuoted)) return false;
    }
    return this.#endValue(start, index, isQuoted);
  }

  /** Reads the name at a column up to its colon, whose offset is the answer; -1 when it is not in pnpm's form. */
  #readName(column: number): number {
    const text = this.#text;
    const { firstMultiplier, secondMultiplier } = this.#keys;
    let index = this.position;
    for (const end = index + column; index < end; index += 1) if (text.charCodeAt(index) !== SPACE) return -1;
    const isQuoted = text.charCodeAt(index) === QUOTE;
    if (isQuoted) index += 1;
    else if (!isPlainStart(text.charCodeAt(index))) return -1;
    this.start = index;
    this.at = -1;
    this.stop = -1;
    let first = 0;
    let second = 0;
    for (; ; index += 1) {
      const code = text.charCodeAt(index);
      if (isQuoted ? code === QUOTE : code === COLON && text.charCodeAt(index + 1) <= SPACE) break;
      if (!(code > SPACE)) return -1;
      if (code === AT && this.at === -1 && index > this.start) this.at = index;
      if (code === OPEN_PARENTHESIS && this.stop === -1) {
        this.stop = index;
        this.stopFirst = first;
        this.stopSecond = second;
      }
      first = Math.imul(first ^ code, firstMultiplier);
      second = Math.imul(second ^ code, secondMultiplier);
    }
    this.end = index;
    this.first = first;
    this.second = second;
    if (this.stop === -1) {
      this.stop = index;
      this.stopFirst = first;
      this.stopSecond = second;
    }
    const colon = isQuoted ? index + 1 : index;
    return text.charCodeAt(colon) === COLON && index > this.start ? colon : -1;
  }

  #readVersionAt(from: number): boolean {
    const text = this.#text;
    const { firstMultiplier, secondMultiplier } = this.#keys;
    const isQuoted = text.charCodeAt(from) === QUOTE;
    const start = isQuoted ? from + 1 : from;
    if (!isQuoted && !isPlainStart(text.charCodeAt(start))) return false;
    let first = Math.imul(this.first ^ AT, firstMultiplier);
    let second = Math.imul(this.second ^ AT, secondMultiplier);
    // A version with an @ before any colon or parenthesis is a whole key, of another name than the line's.
    let canBeKey = true;
    let index = start;
    for (; ; index += 1) {
      const code = text.charCodeAt(index);
      if (code === (isQuoted ? QUOTE : NEWLINE)) break;
      if (!(code > SPACE) || code === QUOTE || code === HASH) return false;
      if (code === AT && canBeKey) {
        ({ first, second } = this.#keys.hash(text, start, index));
        canBeKey = false;
      } else if (code === COLON || code === OPEN_PARENTHESIS) {
        if (canBeKey && text.startsWith('link:', start)) return false;
        canBeKey = false;
      }
      first = Math.imul(first ^ code, firstMultiplier);
      second = Math.imul(second ^ code, secondMultiplier);
    }
    this.first = first;
    this.second = second;
    return this.#endValue(start, index, isQuoted);
  }

  #endValue(start: number, end: number, isQuoted: boolean): boolean {
    const newline = isQuoted ? end + 1 : end;
    if (end === start || this.#text.charCodeAt(newline) !== NEWLINE) return false;
    this.valueStart = start;
    this.valueEnd = end;
    this.position = newline + 1;
    return true;
  }
}

/** Letters, digits, and some of the signs that a plain scalar may begin with: the others mean something in YAML. */
function isPlainStart(code: number): boolean {
  return (
    (code >= LOWER_A && code <= LOWER_Z) ||
    (code >= ZERO && code <= NINE) ||
    (code >= UPPER_A && code <= UPPER_Z) ||
    code === CARET ||
    code === TILDE ||
    code === DOT ||
    code === UNDERSCORE
  );
}

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const QUOTE = 39;
const OPEN_PARENTHESIS = 40;
const DOT = 46;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const AT = 64;
const UPPER_A = 65;
const UPPER_Z = 90;
const CARET = 94;
const UNDERSCORE = 95;
const LOWER_A = 97;
const LOWER_Z = 122;
const TILDE = 126;
