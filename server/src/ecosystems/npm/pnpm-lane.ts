import type { PnpmKeys } from './pnpm-keys.ts';

/**
 * The fast way through lines that are in exactly pnpm's form. Each method looks at what stands at `position`, and either
 * reads it and moves past it, or is false and moves nowhere. Characters are hashed as they are read, once.
 */
export class PnpmLane {
  /** The beginning of a line, or of a value. */
  position: number;
  /** The last name, without quotes; its `@`, or -1; and where the parentheses of peers begin, or its end. */
  start = 0;
  end = 0;
  at = -1;
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
  readonly #codes: Uint16Array;
  readonly #keys: PnpmKeys;

  /** `codes` are the character codes of the text: an array of numbers is read several times faster than a string. */
  constructor(text: string, codes: Uint16Array, position: number, keys: PnpmKeys) {
    this.#text = text;
    this.#codes = codes;
    this.#keys = keys;
    this.position = position;
  }

  /** Moves past these characters. */
  pass(characters: string): boolean {
    if (!this.#text.startsWith(characters, this.position)) return false;
    this.position += characters.length;
    return true;
  }

  passBlank(): void {
    if (this.#codes[this.position] === NEWLINE) this.position += 1;
  }

  /** True at a line that is indented by four columns. */
  isField(): boolean {
    const codes = this.#codes;
    const { position } = this;
    return codes[position + 2] === SPACE && codes[position + 3] === SPACE && codes[position + 4] !== SPACE;
  }

  /** Moves past lines that are indented by four columns or more, up to one with one of `letters` there. */
  passFields(letters: string): void {
    const text = this.#text;
    while (text.startsWith('    ', this.position) && !letters.includes(text.charAt(this.position + 4))) {
      const newline = text.indexOf('\n', this.position);
      if (newline === -1) return;
      this.position = newline + 1;
    }
  }

  /** Reads a name at a column, and nothing or `{}` as its value. */
  readKey(column: number): boolean {
    const colon = this.#readName(column);
    if (colon === -1) return false;
    if (this.#codes[colon + 1] === NEWLINE) this.position = colon + 2;
    else if (this.#text.startsWith(' {}\n', colon + 1)) this.position = colon + 5;
    else return false;
    return true;
  }

  /** Reads a name at a column and the version of a package. */
  readReference(column: number): boolean {
    const colon = this.#readName(column);
    return colon !== -1 && this.#codes[colon + 1] === SPACE && this.#readVersionAt(colon + 2);
  }

  /** Reads the version of a package that the last name has. */
  readVersion(): boolean {
    return this.#readVersionAt(this.position);
  }

  /** Reads a scalar to the line's end. */
  readText(): boolean {
    const codes = this.#codes;
    const isQuoted = codes[this.position] === QUOTE;
    const start = isQuoted ? this.position + 1 : this.position;
    const stop = isQuoted ? QUOTE : NEWLINE;
    if (!isQuoted && !isPlainStart(codes[start] ?? 0)) return false;
    let index = start;
    for (; codes[index] !== stop; index += 1) {
      const code = codes[index] ?? 0;
      if (code < SPACE || code === QUOTE || (code === HASH && !isQuoted)) return false;
    }
    return this.#endValue(start, index, isQuoted);
  }

  /** Reads the name at a column up to its colon, whose offset is the answer; -1 when it is not in pnpm's form. */
  #readName(column: number): number {
    const codes = this.#codes;
    const { firstMultiplier, secondMultiplier } = this.#keys;
    let index = this.position;
    for (const end = index + column; index < end; index += 1) if (codes[index] !== SPACE) return -1;
    const isQuoted = codes[index] === QUOTE;
    if (isQuoted) index += 1;
    else if (!isPlainStart(codes[index] ?? 0)) return -1;
    const start = index;
    const closing = isQuoted ? QUOTE : COLON;
    let at = -1;
    let stop = -1;
    let first = 0;
    let second = 0;
    for (; ; index += 1) {
      const code = codes[index] ?? 0;
      // Letters, digits and most signs take this way.
      if (code <= AT && IS_SPECIAL[code] === 1) {
        if (code === closing && (isQuoted || (codes[index + 1] ?? 0) <= SPACE)) break;
        if (code <= SPACE) return -1;
        if (code === AT && at === -1 && index > start) at = index;
        if (code === OPEN_PARENTHESIS && stop === -1) {
          stop = index;
          this.stopFirst = first;
          this.stopSecond = second;
        }
      }
      first = Math.imul(first ^ code, firstMultiplier);
      second = Math.imul(second ^ code, secondMultiplier);
    }
    if (stop === -1) {
      stop = index;
      this.stopFirst = first;
      this.stopSecond = second;
    }
    this.start = start;
    this.end = index;
    this.at = at;
    this.stop = stop;
    this.first = first;
    this.second = second;
    const colon = isQuoted ? index + 1 : index;
    return codes[colon] === COLON && index > start ? colon : -1;
  }

  #readVersionAt(from: number): boolean {
    const codes = this.#codes;
    const { firstMultiplier, secondMultiplier } = this.#keys;
    const isQuoted = codes[from] === QUOTE;
    const start = isQuoted ? from + 1 : from;
    const closing = isQuoted ? QUOTE : NEWLINE;
    if (!isQuoted && !isPlainStart(codes[start] ?? 0)) return false;
    let first = Math.imul(this.first ^ AT, firstMultiplier);
    let second = Math.imul(this.second ^ AT, secondMultiplier);
    // A version with an @ before any colon or parenthesis is a whole key, of another name than the line's.
    let canBeKey = true;
    let index = start;
    for (; ; index += 1) {
      const code = codes[index] ?? 0;
      if (code <= AT && IS_SPECIAL[code] === 1) {
        if (code === closing) break;
        if (code <= SPACE || code === QUOTE || code === HASH) return false;
        if (code === AT && canBeKey) ({ first, second } = this.#keys.hash(this.#text, start, index));
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
    if (end === start || this.#codes[newline] !== NEWLINE) return false;
    this.valueStart = start;
    this.valueEnd = end;
    this.position = newline + 1;
    return true;
  }
}

const NEWLINE = 10;
const SPACE = 32;
const HASH = 35;
const QUOTE = 39;
const OPEN_PARENTHESIS = 40;
const COLON = 58;
const AT = 64;

/** Up to `@`, the codes that may end a name or version or mean something inside it. */
const IS_SPECIAL = Uint8Array.from({ length: AT + 1 }, (_, code) =>
  code <= SPACE || [HASH, QUOTE, OPEN_PARENTHESIS, COLON, AT].includes(code) ? 1 : 0,
);

/** Letters, digits, and `^`, `~`, `.`, `_`: a plain scalar may begin with more, but pnpm's do not. */
function isPlainStart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 48 && code <= 57) ||
    (code >= 65 && code <= 90) ||
    code === 94 ||
    code === 126 ||
    code === 46 ||
    code === 95
  );
}
