import { specifiedPackage } from './specified-package.ts';

/** What a string would mean at this place. */
type Expected =
  /** After `from`: the specifier. */
  | 'specifier'
  /** After `import`: the specifier, with or without a parenthesis before it. */
  | 'specifier-or-call'
  /** After `require`: a parenthesis, then the specifier. */
  | 'call'
  | 'nothing';

/** What a dot may follow: `require.resolve` and `import.meta.resolve` name packages, `path.resolve` does not. */
type Owner = 'require' | 'import' | 'import.meta' | 'none';

/** A longer one is taken for a division: nothing of what follows may be passed over by mistake. */
const LONGEST_REGULAR_EXPRESSION = 1_000;

/** After these words a slash begins a regular expression. */
const BEFORE_EXPRESSION: ReadonlySet<string> = new Set([
  ...['return', 'typeof', 'case', 'in', 'of', 'delete', 'void', 'throw', 'new', 'do', 'else', 'yield', 'await'],
]);

/** After these signs a slash ends or divides something; after any other it begins a regular expression. */
const BEFORE_DIVISION = ')]}<"\'`';

const REFERENCE_TYPES = /^\/\/\/\s*<reference\s+types=["']([^"'\n]{1,214})["']/;

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

class ImportScanner {
  readonly #text: string;
  readonly #names = new Set<string>();
  #at = 0;
  #expected: Expected = 'nothing';
  #owner: Owner = 'none';
  /** The last sign or word that is neither space nor comment. */
  #previous = '';
  /** How many braces are open, and how many were when each `${` that is open began. */
  #depth = 0;
  readonly #templates: number[] = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): ReadonlySet<string> {
    const text = this.#text;
    while (this.#at < text.length) {
      const code = text.charCodeAt(this.#at);
      if (isSpace(code)) this.#at++;
      else if (isWordPart(code)) this.#word();
      else if (code === QUOTE || code === APOSTROPHE) this.#string(code);
      else if (code === BACKTICK) this.#template(this.#at + 1, this.#expectsSpecifier());
      else if (code === SLASH) this.#slash();
      else this.#sign(code);
    }
    return this.#names;
  }

  #word(): void {
    const text = this.#text;
    const start = this.#at;
    while (isWordPart(text.charCodeAt(this.#at))) this.#at++;
    const length = this.#at - start;
    // Most words are none of these.
    const word = length > 1 && length < 8 ? text.slice(start, this.#at) : 'a';
    const isMember = this.#previous === '.';
    const owner = isMember ? this.#owner : 'none';
    this.#expected = 'nothing';
    this.#owner = 'none';
    if (word === 'from' && !isMember) this.#expected = 'specifier';
    else if (word === 'require') {
      this.#expected = 'call';
      this.#owner = 'require';
    } else if (word === 'import' && !isMember) {
      this.#expected = 'specifier-or-call';
      this.#owner = 'import';
    } else if (word === 'meta' && owner === 'import') this.#owner = 'import.meta';
    else if (word === 'resolve' && (owner === 'require' || owner === 'import.meta')) this.#expected = 'call';
    else if ((word === 'use' || word === 'forward') && this.#previous === '@') this.#expected = 'specifier';
    this.#previous = word;
  }

  #string(quote: number): void {
    const text = this.#text;
    const start = ++this.#at;
    for (; this.#at < text.length; this.#at++) {
      const code = text.charCodeAt(this.#at);
      if (code === quote || code === NEWLINE) break;
      if (code === BACKSLASH) this.#at++;
    }
    if (text.charCodeAt(this.#at) === quote) {
      if (this.#expectsSpecifier()) this.#add(text.slice(start, this.#at));
      this.#at++;
    }
    this.#ended('"');
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
        break;
      } else if (code === DOLLAR && text.charCodeAt(this.#at + 1) === OPEN_BRACE) {
        this.#templates.push(this.#depth);
        this.#at += 2;
        this.#ended('{');
        return;
      }
    }
    this.#ended('`');
  }

  #slash(): void {
    const text = this.#text;
    const next = text.charCodeAt(this.#at + 1);
    if (next === SLASH) {
      const end = text.indexOf('\n', this.#at);
      const comment = text.slice(this.#at, Math.min(end === -1 ? text.length : end, this.#at + 300));
      const types = comment.startsWith('///') ? REFERENCE_TYPES.exec(comment)?.[1] : undefined;
      if (types !== undefined) this.#add(types);
      this.#at = end === -1 ? text.length : end;
    } else if (next === ASTERISK) {
      const end = text.indexOf('*/', this.#at + 2);
      this.#at = end === -1 ? text.length : end + 2;
    } else {
      const end = this.#endOfRegularExpression();
      this.#at = end ?? this.#at + 1;
      this.#ended(end === undefined ? '/' : ')');
    }
  }

  #endOfRegularExpression(): number | undefined {
    if (this.#previous !== '' && BEFORE_DIVISION.includes(this.#previous)) return undefined;
    if (isWordPart(this.#previous.charCodeAt(0)) && !BEFORE_EXPRESSION.has(this.#previous)) return undefined;
    const text = this.#text;
    const limit = Math.min(text.length, this.#at + LONGEST_REGULAR_EXPRESSION);
    let isInClass = false;
    for (let at = this.#at + 1; at < limit; at++) {
      const code = text.charCodeAt(at);
      if (code === NEWLINE) return undefined;
      if (code === BACKSLASH) at++;
      else if (code === OPEN_BRACKET) isInClass = true;
      else if (code === CLOSE_BRACKET) isInClass = false;
      else if (code === SLASH && !isInClass) return at + 1;
    }
    return undefined;
  }

  #sign(code: number): void {
    this.#at++;
    const sign = String.fromCharCode(code);
    if (sign === '{') this.#depth++;
    else if (sign === '}') {
      if (this.#depth === this.#templates.at(-1)) {
        this.#templates.pop();
        this.#template(this.#at, false);
        return;
      }
      this.#depth--;
    }
    const isCall = sign === '(' && (this.#expected === 'call' || this.#expected === 'specifier-or-call');
    this.#expected = isCall ? 'specifier' : 'nothing';
    if (sign !== '.') this.#owner = 'none';
    this.#previous = sign;
  }

  #expectsSpecifier(): boolean {
    return this.#expected === 'specifier' || this.#expected === 'specifier-or-call';
  }

  #ended(previous: string): void {
    this.#expected = 'nothing';
    this.#owner = 'none';
    this.#previous = previous;
  }

  #add(specifier: string): void {
    const name = specifiedPackage(specifier);
    if (name !== undefined) this.#names.add(name);
  }
}

const NEWLINE = 10;
const QUOTE = 34;
const DOLLAR = 36;
const APOSTROPHE = 39;
const ASTERISK = 42;
const SLASH = 47;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const BACKTICK = 96;
const OPEN_BRACE = 123;

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13) || code === 0xfeff;
}

/** Letters, digits, `_`, `$`, and all that is not ASCII. */
function isWordPart(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 95 ||
    code === DOLLAR ||
    (code > 127 && code !== 0xfeff)
  );
}
