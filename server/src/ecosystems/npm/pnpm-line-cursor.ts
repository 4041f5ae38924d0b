/**
 * Goes through YAML text line by line, as far as block mappings with plain or quoted scalars go: the form that pnpm writes.
 * What it does not understand it says so of, and the caller decides.
 */
export class PnpmLineCursor {
  readonly text: string;
  /** Columns before the line's first character. */
  indent = 0;
  /** Where that character and the line's end stand. */
  content = 0;
  end = 0;
  /** The last key, without quotes, and the place after its colon. */
  keyStart = 0;
  keyEnd = 0;
  #afterKey = 0;
  /** The last scalar, without quotes; `decoded` holds it where it has escapes. */
  valueStart = 0;
  valueEnd = 0;
  decoded: string | undefined;
  #position: number;
  readonly #limit: number;
  /** The next `#` from here on, which is rare. */
  #hash = -1;
  /** True when the line was not moved past: it is read again. */
  #isHeld = false;

  constructor(text: string, start: number, limit: number) {
    this.text = text;
    this.#position = start;
    this.#limit = limit;
  }

  /** Moves to the next line that is neither blank nor a comment; false at the end. */
  next(): boolean {
    if (this.#isHeld) {
      this.#isHeld = false;
      return true;
    }
    const text = this.text;
    while (this.#position < this.#limit) {
      const start = this.#position;
      const newline = text.indexOf('\n', start);
      const stop = newline === -1 || newline >= this.#limit ? this.#limit : newline;
      this.#position = stop + 1;
      let content = start;
      while (content < stop && text.charCodeAt(content) === SPACE) content += 1;
      const end = stop > content && text.charCodeAt(stop - 1) === RETURN ? stop - 1 : stop;
      if (content >= end || text.charCodeAt(content) === HASH) continue;
      this.content = content;
      this.indent = content - start;
      this.end = end;
      if (text.charCodeAt(content) === COLON && text.charCodeAt(content + 1) === SPACE) this.#enterExplicitValue();
      return true;
    }
    return false;
  }

  /** Makes the next call of `next` give this line again. */
  hold(): void {
    this.#isHeld = true;
  }

  /** Goes to the beginning of a line, unless the last one is held. */
  seek(position: number): void {
    if (!this.#isHeld) this.#position = position;
  }

  /** Where the next line begins. */
  get position(): number {
    return Math.min(this.#position, this.#limit);
  }

  /** True at the line that divides YAML documents. */
  atDocumentEnd(): boolean {
    return this.indent === 0 && this.text.startsWith('---', this.content) && this.end === this.content + '---'.length;
  }

  /** Reads the key at the line's beginning; false when the line has none that can be read. */
  readKey(): boolean {
    const text = this.text;
    const first = text.charCodeAt(this.content);
    if (first === SINGLE_QUOTE || first === DOUBLE_QUOTE) return this.#readQuotedKey(first);
    if (first === QUESTION && text.charCodeAt(this.content + 1) === SPACE) return this.#readExplicitKey();
    if (first < QUESTION && INDICATORS.includes(text[this.content] ?? '')) return false;
    const end = this.end;
    for (let index = this.content; index < end; index += 1) {
      if (text.charCodeAt(index) !== COLON) continue;
      if (index + 1 < end && text.charCodeAt(index + 1) !== SPACE) continue;
      this.keyStart = this.content;
      this.keyEnd = index;
      this.#afterKey = index + 1;
      return index > this.content;
    }
    return false;
  }

  /** True when nothing stands after the key, so that the value is on the lines below. */
  hasNoValue(): boolean {
    let index = this.#afterKey;
    while (index < this.end && this.text.charCodeAt(index) === SPACE) index += 1;
    return index >= this.end || this.text.charCodeAt(index) === HASH;
  }

  /** True when the value is the empty mapping or list. */
  hasEmptyValue(): boolean {
    const value = this.rest();
    return value === '{}' || value === '[]';
  }

  /** What stands after the key, as it is written. */
  rest(): string {
    return this.text.slice(this.#afterKey, this.end).trim();
  }

  /** Reads the value after the key if it is a scalar on this line. */
  readValue(): boolean {
    let start = this.#afterKey;
    while (start < this.end && this.text.charCodeAt(start) === SPACE) start += 1;
    return this.#readScalar(start);
  }

  /** The last scalar's string: for the moment only, it may be a view of the whole text. */
  value(): string {
    return this.decoded ?? this.text.slice(this.valueStart, this.valueEnd);
  }

  #readScalar(start: number): boolean {
    const { text, end } = this;
    if (start >= end) return false;
    const first = text.charCodeAt(start);
    if (first === SINGLE_QUOTE || first === DOUBLE_QUOTE) return this.#readQuoted(first, start);
    if (!isLetterOrDigit(first) && NOT_PLAIN.includes(text.charAt(start))) return false;
    let stop = end;
    if (this.#hash < start) this.#hash = indexOrEnd(text, '#', start);
    if (this.#hash < end) {
      const comment = text.slice(start, end).search(/ #/);
      if (comment !== -1) stop = start + comment;
    }
    while (stop > start && text.charCodeAt(stop - 1) === SPACE) stop -= 1;
    this.#setValue(start, stop, undefined);
    return true;
  }

  #readQuoted(quote: number, start: number): boolean {
    const { text, end } = this;
    let isEscaped = false;
    let index = start + 1;
    for (; index < end; index += 1) {
      const code = text.charCodeAt(index);
      if (code === BACKSLASH && quote === DOUBLE_QUOTE) {
        isEscaped = true;
        index += 1;
      } else if (code === quote) {
        if (quote === DOUBLE_QUOTE || text.charCodeAt(index + 1) !== SINGLE_QUOTE) break;
        isEscaped = true;
        index += 1;
      }
    }
    if (index >= end) return false;
    const decoded = isEscaped ? unescape(text.slice(start, index + 1)) : undefined;
    if (isEscaped && decoded === undefined) return false;
    this.#setValue(start + 1, index, decoded);
    this.#afterKey = index + 1;
    return true;
  }

  #readQuotedKey(quote: number): boolean {
    if (!this.#readQuoted(quote, this.content) || this.decoded !== undefined) return false;
    const after = this.valueEnd + 1;
    if (this.text.charCodeAt(after) !== COLON || after >= this.end) return false;
    if (after + 1 < this.end && this.text.charCodeAt(after + 1) !== SPACE) return false;
    this.keyStart = this.valueStart;
    this.keyEnd = this.valueEnd;
    this.#afterKey = after + 1;
    return true;
  }

  /** YAML writes keys of more than 1,024 characters as `? key`, and their value after a colon on the next line. */
  #readExplicitKey(): boolean {
    if (!this.#readScalar(this.content + 2) || this.decoded !== undefined) return false;
    this.keyStart = this.valueStart;
    this.keyEnd = this.valueEnd;
    this.#afterKey = this.end;
    return true;
  }

  #enterExplicitValue(): void {
    this.content += 2;
    this.indent += 2;
  }

  #setValue(start: number, end: number, decoded: string | undefined): void {
    this.valueStart = start;
    this.valueEnd = end;
    this.decoded = decoded;
  }
}

const SPACE = 32;
const RETURN = 13;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const COLON = 58;
const QUESTION = 63;
const BACKSLASH = 92;
/** Characters that no plain key begins with, below the question mark. */
const INDICATORS = '&*!%-,';
/** Characters that begin something else than a plain scalar. */
const NOT_PLAIN = '{}[]&*!|>%@`,';

function isLetterOrDigit(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 97 && code <= 122);
}

function unescape(quoted: string): string | undefined {
  if (quoted.startsWith("'")) return quoted.slice(1, -1).replaceAll("''", "'");
  try {
    const value: unknown = JSON.parse(quoted);
    return typeof value === 'string' ? value : undefined;
  } catch {
    // YAML knows more escapes than JSON; a form that pnpm does not write.
    return undefined;
  }
}

function indexOrEnd(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  return index === -1 ? text.length : index;
}
