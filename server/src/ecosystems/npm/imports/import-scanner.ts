import { specifiedPackage } from './specified-package.ts';

/** A longer one is taken for a division: nothing of what follows may be passed over by mistake. */
const LONGEST_REGULAR_EXPRESSION = 1_000;

/** After these words a slash begins a regular expression. */
const BEFORE_EXPRESSION: ReadonlySet<string> = new Set([
  ...['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'do', 'else', 'yield', 'await'],
]);

/** The longest word that means anything here, `require`, with one more letter to tell longer ones by. */
const LONGEST_WORD = 8;

/** After these signs a slash ends or divides something; after any other it begins a regular expression. */
const BEFORE_DIVISION = new Set(Array.from(')]}<"\'`', (sign) => sign.charCodeAt(0)));

const REFERENCE_TYPES = /^\/\/\/\s*<reference\s+types=["']([^"'\n]{1,214})["']/;

/** All else is passed over. Braces matter only while a template is open that they may end. */
const NEXT_TOKEN = /["'`/]/g;
const NEXT_TOKEN_IN_TEMPLATE = /["'`/{}]/g;

/**
 * The packages that a source in JavaScript, TypeScript or one of their templates imports: `import`, `export … from`,
 * `require`, `import()`, `require.resolve`, `import.meta.resolve` and `/// <reference types>`; in style sheets `@import`,
 * `@use` and `@forward`. What stands in a comment, in a string or in a regular expression is none. No string or regular
 * expression reaches over the end of a line, so that an apostrophe in the text of a template costs that line only.
 * Time is proportional to the length of the text, whatever it holds.
 */
export function importedPackages(text: string): ReadonlySet<string> {
  return new ImportScanner(text).scan();
}

/** Goes from string to string and looks back from each for what it would mean there. */
class ImportScanner {
  readonly #text: string;
  readonly #names = new Set<string>();
  #at = 0;
  /** The last comment, together with those right before it. */
  #commentStart = -1;
  #commentEnd = -1;
  #expressionEnd = -1;
  /** For each `${` that is open, how many braces were open around it, in the one before. */
  readonly #templates: number[] = [];
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): ReadonlySet<string> {
    const text = this.#text;
    for (;;) {
      const next = this.#templates.length > 0 ? NEXT_TOKEN_IN_TEMPLATE : NEXT_TOKEN;
      next.lastIndex = this.#at;
      if (!next.test(text)) return this.#names;
      this.#at = next.lastIndex - 1;
      const code = text.charCodeAt(this.#at);
      if (code === SLASH) this.#slash();
      else if (code === BACKTICK) this.#template(this.#at + 1, this.#isSpecifier());
      else if (code === OPEN_BRACE || code === CLOSE_BRACE) this.#brace(code);
      else this.#string(code);
    }
  }

  #string(quote: number): void {
    const text = this.#text;
    const start = this.#at + 1;
    let at = start;
    for (; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === quote || code === NEWLINE) break;
      if (code === BACKSLASH) at++;
    }
    if (text.charCodeAt(at) === quote && this.#isSpecifier()) this.#add(text.slice(start, at));
    this.#at = at + 1;
  }

  /** From inside a template to its end, or to what it holds between braces. */
  #template(start: number, isSpecifier: boolean): void {
    const text = this.#text;
    for (this.#at = start; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (code === BACKSLASH) this.#at++;
      else if (code === BACKTICK) {
        if (isSpecifier) this.#add(text.slice(start, this.#at));
        this.#at++;
        return;
      } else if (code === DOLLAR && text.charCodeAt(this.#at + 1) === OPEN_BRACE) {
        this.#templates.push(this.#depth);
        this.#depth = 0;
        this.#at += 2;
        return;
      }
    }
  }

  #brace(code: number): void {
    this.#at++;
    if (code === OPEN_BRACE) this.#depth++;
    else if (this.#depth > 0) this.#depth--;
    else {
      this.#depth = this.#templates.pop() ?? 0;
      this.#template(this.#at, false);
    }
  }

  #slash(): void {
    const text = this.#text;
    const start = this.#at;
    const next = text.charCodeAt(start + 1);
    if (next === SLASH) {
      const end = text.indexOf('\n', start);
      if (text.charCodeAt(start + 2) === SLASH) {
        const types = REFERENCE_TYPES.exec(text.slice(start, start + 300))?.[1];
        if (types !== undefined) this.#add(types);
      }
      this.#comment(start, end === -1 ? text.length : end);
    } else if (next === ASTERISK) {
      const end = text.indexOf('*/', start + 2);
      this.#comment(start, end === -1 ? text.length : end + 2);
    } else {
      const end = this.#endOfRegularExpression();
      if (end !== undefined) this.#expressionEnd = end;
      this.#at = end ?? start + 1;
    }
  }

  #comment(start: number, end: number): void {
    if (this.#commentEnd === -1 || this.#skipSpaces(start) !== this.#commentEnd) this.#commentStart = start;
    this.#commentEnd = end;
    this.#at = end;
  }

  #endOfRegularExpression(): number | undefined {
    const text = this.#text;
    const last = this.#before(this.#at);
    const code = text.charCodeAt(last - 1);
    if (BEFORE_DIVISION.has(code) || last === this.#expressionEnd) return undefined;
    if (isWordPart(code) && !BEFORE_EXPRESSION.has(this.#wordBefore(last))) return undefined;
    const limit = Math.min(text.length, this.#at + LONGEST_REGULAR_EXPRESSION);
    let isInClass = false;
    for (let at = this.#at + 1; at < limit; at++) {
      const each = text.charCodeAt(at);
      if (each === NEWLINE) return undefined;
      if (each === BACKSLASH) at++;
      else if (each === OPEN_BRACKET) isInClass = true;
      else if (each === CLOSE_BRACKET) isInClass = false;
      else if (each === SLASH && !isInClass) return at + 1;
    }
    return undefined;
  }

  /** True when what stands before this place makes a string here the name of what is imported. */
  #isSpecifier(): boolean {
    const text = this.#text;
    let at = this.#before(this.#at);
    const isCall = text.charCodeAt(at - 1) === OPEN_PARENTHESIS;
    if (isCall) at = this.#before(at - 1);
    const word = this.#wordBefore(at);
    if (word === '') return false;
    const start = at - word.length;
    switch (word) {
      case 'from':
        return !isCall && !this.#isMember(start);
      case 'import':
        return !this.#isMember(start);
      case 'require':
        return isCall;
      case 'resolve':
        return isCall && this.#isOwned(start);
      case 'use':
      case 'forward':
        return !isCall && text.charCodeAt(start - 1) === AT;
      default:
        return false;
    }
  }

  #isMember(start: number): boolean {
    return this.#text.charCodeAt(this.#before(start) - 1) === DOT;
  }

  /** `require.resolve` and `import.meta.resolve` name packages, `path.resolve` does not. */
  #isOwned(start: number): boolean {
    if (!this.#isMember(start)) return false;
    const end = this.#before(this.#before(start) - 1);
    const owner = this.#wordBefore(end);
    if (owner !== 'meta') return owner === 'require';
    const dot = end - owner.length;
    return this.#isMember(dot) && this.#wordBefore(this.#before(this.#before(dot) - 1)) === 'import';
  }

  /** The end of what stands before a place, without the spaces and comments between. */
  #before(place: number): number {
    const at = this.#skipSpaces(place);
    return at === this.#commentEnd ? this.#skipSpaces(this.#commentStart) : at;
  }

  #skipSpaces(place: number): number {
    let at = place;
    while (isSpace(this.#text.charCodeAt(at - 1))) at--;
    return at;
  }

  /** The word that ends at a place; empty where none does, and where it is longer than any that matters. */
  #wordBefore(end: number): string {
    let at = end;
    while (end - at <= LONGEST_WORD && isWordPart(this.#text.charCodeAt(at - 1))) at--;
    return end - at > LONGEST_WORD ? '' : this.#text.slice(at, end);
  }

  #add(specifier: string): void {
    const name = specifiedPackage(specifier);
    if (name !== undefined) this.#names.add(name);
  }
}

const NEWLINE = 10;
const DOLLAR = 36;
const OPEN_PARENTHESIS = 40;
const ASTERISK = 42;
const DOT = 46;
const SLASH = 47;
const AT = 64;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const BACKTICK = 96;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xfeff;
}

const WORD_PARTS = Uint8Array.from({ length: 128 }, (_, code) => (/[\w$]/.test(String.fromCharCode(code)) ? 1 : 0));

/** Letters, digits, `_`, `$`, and all that is not ASCII. False before the start of a text. */
function isWordPart(code: number): boolean {
  return code < 128 ? WORD_PARTS[code] === 1 : code > 127 && code !== 0xfeff;
}
