import { readScalar } from './pnpm-scalar.ts';
import { copyOf } from '../lockfile/string-table.ts';

/**
 * Goes through YAML text line by line, as far as block mappings with plain or quoted scalars go: the form that pnpm writes.
 * Lines and keys are found with the engine's own search, which is fast from the first call on.
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
  afterKey = 0;
  #position: number;
  #lineStart = 0;
  /** True when the next call of `next` is to give the same line again. */
  #isHeld = false;

  constructor(text: string, position: number) {
    this.text = text;
    this.#position = position;
  }

  /** Where the next line begins. */
  get position(): number {
    return this.#position;
  }

  /** Where to go on: at the last line if it is to be read again, else at the next. Lets go of the last line. */
  resume(): number {
    const position = this.#isHeld ? this.#lineStart : this.#position;
    this.#isHeld = false;
    return position;
  }

  /** Goes to the beginning of a line. */
  seek(position: number): void {
    this.#position = position;
    this.#isHeld = false;
  }

  /** Moves to the next line that is neither blank nor a comment; false at the end. */
  next(): boolean {
    if (this.#isHeld) {
      this.#isHeld = false;
      return true;
    }
    const { text } = this;
    while (this.#position < text.length) {
      const start = this.#position;
      const newline = text.indexOf('\n', start);
      let end = newline === -1 ? text.length : newline;
      this.#position = end + 1;
      if (end > start && text.charCodeAt(end - 1) === RETURN) end -= 1;
      if (end === start) continue;
      // Two columns at a time, as pnpm indents.
      let content = start;
      while (text.charCodeAt(content + 1) === SPACE && text.charCodeAt(content) === SPACE) content += 2;
      if (text.charCodeAt(content) === SPACE) content += 1;
      const first = text.charCodeAt(content);
      if (content >= end || first === HASH) continue;
      this.#lineStart = start;
      this.content = content;
      this.indent = content - start;
      this.end = end;
      if (first === COLON && text.charCodeAt(content + 1) === SPACE) this.#enterExplicitValue();
      return true;
    }
    return false;
  }

  /** Makes the next call of `next` give this line again. */
  hold(): void {
    this.#isHeld = true;
  }

  /** True at the line that divides YAML documents. */
  atDocumentEnd(): boolean {
    return this.indent === 0 && this.text.startsWith('---', this.content) && /^---(?:\s|$)/.test(this.line());
  }

  /** The line's text from its first character on. */
  line(): string {
    return this.text.slice(this.content, this.end);
  }

  /** Reads the key at the line's beginning; false when the line has none that can be read. */
  readKey(): boolean {
    const { text, content, end } = this;
    const first = text.charCodeAt(content);
    if (first === SINGLE_QUOTE || first === DOUBLE_QUOTE) return this.#readQuotedKey(first);
    if (first === QUESTION && text.charCodeAt(content + 1) === SPACE) return this.#readExplicitKey();
    if (first <= COMMA && INDICATORS.includes(text.charAt(content))) return false;
    // The whole line, or all before the first colon that a space follows.
    let colon = text.charCodeAt(end - 1) === COLON ? end - 1 : -1;
    const inner = text.slice(content, end).indexOf(': ');
    if (inner !== -1) colon = content + inner;
    return colon > content && this.#setKey(content, colon, colon + 1);
  }

  /** True when nothing stands after the key, so that the value is on the lines below. */
  hasNoValue(): boolean {
    return this.afterKey >= this.end || /^\s*(?:#|$)/.test(this.rest());
  }

  /** True when the value is the empty mapping or list. */
  hasEmptyValue(): boolean {
    const value = this.rest().trim();
    return value === '{}' || value === '[]';
  }

  /** What stands after the key, as it is written. */
  rest(): string {
    return this.text.slice(this.afterKey, this.end);
  }

  /** The value after the key if it is a scalar on this line. For the moment only: it may be a view of the whole text. */
  readValue(): string | undefined {
    return readScalar(this.text, this.afterKey, this.end);
  }

  /** The same as a copy; undefined when it is empty, too. */
  copyValue(): string | undefined {
    const value = this.readValue();
    return value === undefined || value === '' ? undefined : copyOf(value, 0, value.length);
  }

  /** Moves past the lines below that are further in than this one, and is their text. */
  textBelow(): string {
    const { indent, end: start } = this;
    let end = start;
    while (this.next()) {
      if (this.indent <= indent) {
        this.hold();
        break;
      }
      end = this.end;
    }
    return this.text.slice(start, end);
  }

  #readQuotedKey(quote: number): boolean {
    const { text, content, end } = this;
    const close = text.indexOf(quote === SINGLE_QUOTE ? "'" : '"', content + 1);
    if (close === -1 || close + 1 >= end || text.charCodeAt(close + 1) !== COLON) return false;
    if (close + 2 < end && text.charCodeAt(close + 2) !== SPACE) return false;
    if (quote === DOUBLE_QUOTE && text.slice(content, close).includes('\\')) return false;
    return close > content + 1 && this.#setKey(content + 1, close, close + 2);
  }

  /** YAML writes keys of more than 1,024 characters as `? key`, and their value after a colon on the next line. */
  #readExplicitKey(): boolean {
    const key = this.text.slice(this.content + 2, this.end).trim();
    const value = readScalar(key, 0, key.length);
    if (value === undefined) return false;
    const start = this.text.indexOf(value, this.content);
    return start !== -1 && start < this.end && this.#setKey(start, start + value.length, this.end);
  }

  #enterExplicitValue(): void {
    this.content += 2;
    this.indent += 2;
  }

  #setKey(start: number, end: number, after: number): boolean {
    this.keyStart = start;
    this.keyEnd = end;
    this.afterKey = after;
    return true;
  }
}

const RETURN = 13;
const SPACE = 32;
const DOUBLE_QUOTE = 34;
const HASH = 35;
const SINGLE_QUOTE = 39;
const COMMA = 44;
const COLON = 58;
const QUESTION = 63;
/** Signs that no plain key begins with, up to the comma. */
const INDICATORS = '&*!%,';
