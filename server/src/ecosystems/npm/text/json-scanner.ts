import type { Problem } from '../../../core/span.ts';
import { decodeEscapes } from './json-escapes.ts';
import type { KeyWords } from './key-words.ts';
import { copyOf, indexOrEnd } from '../lockfile/string-table.ts';

/** `jsonc` has comments and a comma after the last item too, as bun.lock does. */
export type JsonDialect = 'json' | 'jsonc';

/** More are not kept: a file that is no JSON at all would have one per character. */
const MAX_PROBLEMS = 200;

/**
 * Walks through JSON text and says where keys and strings stand, without building values. It goes on after every fault: what
 * is wrong becomes a problem with its place, and the rest is read. Nothing in it recurses, so depth costs nothing.
 *
 * The caller knows the structure: `enterObject()` when a value should be an object, then `nextKey()` until it is false, and
 * after each key exactly one of `enterObject()`, `enterArray()`, `readString()`, `readTrue()` or `skip()`; `enterArray()` when
 * it should be an array, then `nextItem()` until it is false.
 * @see https://www.rfc-editor.org/rfc/rfc8259
 */
export class JsonScanner {
  readonly text: string;
  readonly problems: Problem[];
  /** The last key or string that was read, without its quotes, as offsets. */
  start = 0;
  end = 0;
  /** True when that string has a backslash in it, so that its characters are not what it means. */
  isEscaped = false;
  /** True when the last item of an array is a string, which has been read then. */
  isString = false;
  readonly #isLoose: boolean;
  #position = 0;
  /** False after a key without a colon: there is nothing to read. */
  #hasValue = true;
  /** True when the next key need not be preceded by a comma. */
  #isSeparated = true;
  /** Where the comma stands that no key has followed yet; -1 for none. */
  #comma = -1;
  #isEndReported = false;
  /** The next line end and backslash from the last string on, or the text's length. */
  #newline = -1;
  #backslash = -1;

  constructor(text: string, problems: Problem[], dialect: JsonDialect = 'json') {
    this.text = text;
    this.problems = problems;
    this.#isLoose = dialect === 'jsonc';
    if (text.charCodeAt(0) === BYTE_ORDER_MARK) this.#position = 1;
  }

  /** Enters the next value if it is an object; otherwise skips it and is false. */
  enterObject(): boolean {
    return this.#enter(OPEN_BRACE);
  }

  /** Enters the next value if it is an array; otherwise skips it and is false. */
  enterArray(): boolean {
    return this.#enter(OPEN_BRACKET);
  }

  /** True when the value of the last key is an array that begins as a sticky pattern says. */
  isArrayLike(pattern: RegExp): boolean {
    if (!this.#hasValue || this.#next() !== OPEN_BRACKET) return false;
    pattern.lastIndex = this.#position;
    return pattern.test(this.text);
  }

  /** Moves to the next key of the object and puts its place into `start` and `end`; false at the object's end. */
  nextKey(): boolean {
    for (;;) {
      const code = this.#next();
      if (code === QUOTE) return this.#readKey();
      if (code === COMMA) {
        this.#passComma();
      } else if (code === CLOSE_BRACE) {
        this.#leave();
        return false;
      } else if (Number.isNaN(code)) {
        this.#reportEnd();
        return false;
      } else {
        this.#passStray(code);
      }
    }
  }

  /**
   * Moves to the next item of the array; false at the array's end. A string is read at once, and `isString` is true; for any
   * other item exactly one of `enterObject()`, `enterArray()` or `skip()` has to follow.
   */
  nextItem(): boolean {
    for (;;) {
      const code = this.#next();
      if (code === QUOTE) return this.#readStringItem();
      if (code === COMMA) {
        this.#passComma();
      } else if (code === CLOSE_BRACKET) {
        this.#leave();
        return false;
      } else if (code === CLOSE_BRACE || Number.isNaN(code)) {
        if (code === CLOSE_BRACE) this.#reportOpenArray(this.#position, this.#position + 1);
        else this.#reportEnd();
        return false;
      } else {
        this.#beginItem();
        this.isString = false;
        return true;
      }
    }
  }

  /** The word that the last key is; undefined when it is none of them. */
  keyAmong<Word extends string>(words: KeyWords<Word>): Word | undefined {
    const candidates = words[this.end - this.start];
    if (candidates === undefined) return undefined;
    for (const word of candidates) if (this.text.startsWith(word, this.start)) return word;
    return undefined;
  }

  /** Reads the next value if it is a string and puts its place into `start` and `end`; otherwise skips it and is false. */
  readString(): boolean {
    if (!this.#hasValue || this.#next() !== QUOTE) {
      this.skip();
      return false;
    }
    this.#scanString();
    this.#afterValue();
    return true;
  }

  /** True when the next value is the literal `true`. */
  readTrue(): boolean {
    const isTrue = this.#hasValue && this.#next() === LOWER_T && this.text.startsWith('true', this.#position);
    this.skip();
    return isTrue;
  }

  /** Reads the next value if it is a whole number; otherwise skips it and is undefined. */
  readInteger(): number | undefined {
    const code = this.#hasValue ? this.#next() : NaN;
    const from = this.#position;
    this.skip();
    if (!(code >= ZERO && code <= NINE) || this.#position - from > 9) return undefined;
    const value = Number(this.text.slice(from, this.#position));
    return Number.isInteger(value) ? value : undefined;
  }

  /** Passes over the next value, whatever it is. */
  skip(): void {
    if (this.#hasValue) this.#skipValue();
    this.#afterValue();
  }

  /** What the last string means, as a string that keeps no other text in memory. */
  copy(): string {
    if (!this.isEscaped) return copyOf(this.text, this.start, this.end);
    const value = this.decoded();
    return copyOf(value, 0, value.length);
  }

  /** What the last string means. For the moment only: it may be a view of the whole text. */
  decoded(): string {
    const raw = this.text.slice(this.start, this.end);
    return this.isEscaped ? decodeEscapes(raw) : raw;
  }

  report(start: number, end: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ span: { start, end }, message });
  }

  /** Reports anything but white space after the outermost value. */
  expectEnd(): void {
    if (Number.isNaN(this.#next()) || this.#isEndReported) return;
    this.report(this.#position, Math.min(this.text.length, this.#position + 1), 'Text after the end');
  }

  #enter(bracket: number): boolean {
    if (this.#hasValue && this.#next() === bracket) {
      this.#position += 1;
      this.#isSeparated = true;
      this.#comma = -1;
      return true;
    }
    this.skip();
    return false;
  }

  #leave(): void {
    if (this.#comma !== -1 && !this.#isLoose) this.report(this.#comma, this.#comma + 1, 'A comma too many');
    this.#comma = -1;
    this.#position += 1;
    this.#afterValue();
  }

  #passComma(): void {
    if (this.#isSeparated) this.report(this.#position, this.#position + 1, 'A comma too many');
    this.#isSeparated = true;
    this.#comma = this.#position;
    this.#position += 1;
  }

  #beginItem(): void {
    if (!this.#isSeparated) this.report(this.#position, this.#position + 1, 'A comma is missing before this');
    this.#comma = -1;
    this.#hasValue = true;
  }

  /** A string with a colon behind it is the key of what comes after an array that nobody closed. */
  #readStringItem(): boolean {
    const open = this.#position;
    this.#beginItem();
    this.#scanString();
    this.isString = this.#next() !== COLON;
    this.#afterValue();
    if (this.isString) return true;
    this.#reportOpenArray(open, this.#position);
    this.#position = open;
    this.#isSeparated = true;
    return false;
  }

  #reportOpenArray(start: number, end: number): void {
    this.report(start, end, 'A closing bracket is missing before this');
    this.#afterValue();
  }

  #next(): number {
    const text = this.text;
    let position = this.#position;
    let code = text.charCodeAt(position);
    while (code === SPACE || code === NEWLINE || code === RETURN || code === TAB) {
      position += 1;
      code = text.charCodeAt(position);
    }
    this.#position = position;
    return code === SLASH && this.#isLoose && this.#skipComment() ? this.#next() : code;
  }

  /** Passes over a comment, if there is one. */
  #skipComment(): boolean {
    const { text } = this;
    const start = this.#position;
    const second = text.charCodeAt(start + 1);
    if (second === SLASH) this.#position = indexOrEnd(text, '\n', start);
    else if (second === ASTERISK) this.#position = Math.min(text.length, indexOrEnd(text, '*/', start + 2) + 2);
    return this.#position !== start;
  }

  #afterValue(): void {
    this.#hasValue = true;
    this.#isSeparated = false;
  }

  #readKey(): boolean {
    if (!this.#isSeparated) this.report(this.#position, this.#position + 1, 'A comma is missing before this');
    this.#scanString();
    this.#isSeparated = false;
    this.#comma = -1;
    if (this.#next() === COLON) {
      this.#position += 1;
      const code = this.#next();
      this.#hasValue = code !== COMMA && code !== CLOSE_BRACE && code !== CLOSE_BRACKET && !Number.isNaN(code);
      if (!this.#hasValue) this.report(this.start, this.end, 'The value is missing');
    } else {
      this.#hasValue = false;
      this.report(this.start, this.end, 'A colon and a value are missing');
    }
    return true;
  }

  /**
   * Reads a string from its opening quote. One that is not closed ends with its line, since JSON strings cannot go further.
   * The engine's own search finds the closing quote; the next line end and backslash are remembered, both being rare.
   */
  #scanString(): void {
    const text = this.text;
    const start = this.#position + 1;
    const close = text.indexOf('"', start);
    if (this.#newline < start) this.#newline = indexOrEnd(text, '\n', start);
    if (this.#backslash < start) this.#backslash = indexOrEnd(text, '\\', start);
    if (close !== -1 && close < this.#newline && close < this.#backslash) this.#set(start, close, close + 1, false);
    else this.#scanOddString(start);
  }

  #scanOddString(start: number): void {
    const text = this.text;
    let position = start;
    let isEscaped = false;
    for (; position < text.length; position += 1) {
      const code = text.charCodeAt(position);
      if (code === QUOTE) {
        this.#set(start, position, position + 1, isEscaped);
        return;
      }
      if (code === NEWLINE) break;
      if (code === BACKSLASH) {
        isEscaped = true;
        if (position + 1 < text.length && text.charCodeAt(position + 1) !== NEWLINE) position += 1;
      }
    }
    const end = text.charCodeAt(position - 1) === RETURN && position > start ? position - 1 : position;
    this.report(start - 1, end, 'The string is not closed');
    this.#set(start, end, position, isEscaped);
  }

  #set(start: number, end: number, position: number, isEscaped: boolean): void {
    this.start = start;
    this.end = end;
    this.#position = position;
    this.isEscaped = isEscaped;
  }

  #skipValue(): void {
    const code = this.#next();
    if (code === QUOTE) {
      this.#scanString();
    } else if (code === OPEN_BRACE || code === OPEN_BRACKET) {
      this.#skipNested();
    } else if (code !== CLOSE_BRACE && code !== CLOSE_BRACKET && code !== COMMA) {
      const from = this.#position;
      this.#skipWord();
      // A control character ends a word and is none.
      if (this.#position === from && from < this.text.length) this.#position += 1;
      if (!LITERAL.test(this.text.slice(from, Math.min(this.#position, from + 40)))) {
        this.report(from, this.#position, 'Not a JSON value');
      }
    }
  }

  #skipNested(): void {
    const text = this.text;
    let depth = 0;
    for (;;) {
      const code = text.charCodeAt(this.#position);
      if (code === QUOTE) {
        this.#scanString();
        continue;
      }
      if (code === SLASH && this.#isLoose && this.#skipComment()) continue;
      if (Number.isNaN(code)) {
        this.#reportEnd();
        return;
      }
      this.#position += 1;
      if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
      else if ((code === CLOSE_BRACE || code === CLOSE_BRACKET) && --depth === 0) return;
    }
  }

  #skipWord(): void {
    const text = this.text;
    let position = this.#position;
    for (;;) {
      const code = text.charCodeAt(position);
      if (Number.isNaN(code) || code <= SPACE || code === COMMA || code === QUOTE) break;
      if (code === CLOSE_BRACE || code === CLOSE_BRACKET) break;
      position += 1;
    }
    this.#position = position;
  }

  /** Passes text that cannot stand where a key is expected. */
  #passStray(code: number): void {
    const from = this.#position;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) this.#skipNested();
    else this.#skipWord();
    if (this.#position === from) this.#position += 1;
    this.report(from, this.#position, 'A key is expected here');
  }

  #reportEnd(): void {
    if (this.#isEndReported) return;
    this.#isEndReported = true;
    const length = this.text.length;
    this.report(Math.max(0, length - 1), length, 'The text ends before its last bracket is closed');
  }
}

const BYTE_ORDER_MARK = 0xfeff;
const TAB = 9;
const NEWLINE = 10;
const RETURN = 13;
const SPACE = 32;
const QUOTE = 34;
const ASTERISK = 42;
const COMMA = 44;
const SLASH = 47;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const LOWER_T = 116;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;
const LITERAL = /^(?:true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)$/;
