import type { Span } from '../../core/span.ts';

/** A scalar as it is meant, and its place without the quotes. */
export interface YamlScalar {
  readonly text: string;
  readonly span: Span;
  readonly quoted: boolean;
  /** False when the closing quote is missing. */
  readonly closed: boolean;
}

/** A place in a YAML text, and what stands there. It only moves forward. */
export class YamlCursor {
  position = 0;
  /** The end of the last thing that was neither white space nor comment. */
  lastContentEnd = 0;
  readonly #text: string;
  #end: number;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
    this.#end = text.length;
  }

  /** Moves behind directives and the `---` of the first document, and puts the end before the next document. */
  enterDocument(): void {
    const markers = /^(?:---|\.\.\.)(?=[ \t\r\n]|$)/gm;
    const first = markers.exec(this.#text);
    if (!first) return;
    const head = this.#text.slice(0, first.index).split('\n');
    if (head.every((line) => /^\s*(?:$|[#%])/.test(line))) {
      this.position = first.index + 3;
      this.#lineStart = first.index;
      this.#end = markers.exec(this.#text)?.index ?? this.#end;
    } else this.#end = first.index;
  }

  get column(): number {
    return this.position - this.#lineStart;
  }

  at(...characters: readonly string[]): boolean {
    return this.position < this.#end && characters.includes(this.#text.charAt(this.position));
  }

  skip(count: number): void {
    this.position = Math.min(this.position + count, this.#end);
    this.lastContentEnd = this.position;
  }

  skipSpaces(): void {
    while (this.at(' ', '\t')) this.position++;
  }

  /** True at the end of the line, a comment and white space apart. */
  atLineEnd(): boolean {
    if (this.position >= this.#end || this.at('\n', '\r')) return true;
    return this.at('#') && (this.position === this.#lineStart || /\s/.test(this.#text.charAt(this.position - 1)));
  }

  /** True when only white space stands before the cursor on its line. */
  atLineStart(): boolean {
    return this.#text.slice(this.#lineStart, this.position).trim() === '';
  }

  lineEnd(from: number): number {
    const newline = this.#text.indexOf('\n', from);
    const end = newline === -1 ? this.#text.length : newline;
    return end > from && this.#text.charAt(end - 1) === '\r' ? end - 1 : end;
  }

  toLineEnd(): void {
    this.position = Math.min(this.lineEnd(this.position), this.#end);
  }

  /** Moves over white space and comments, lines included. False at the end of the document. */
  toContent(): boolean {
    for (;;) {
      this.skipSpaces();
      if (this.position >= this.#end) return false;
      if (!this.atLineEnd()) return true;
      const newline = this.#text.indexOf('\n', this.position);
      this.position = newline === -1 ? this.#end : Math.min(newline + 1, this.#end);
      this.#lineStart = this.position;
    }
  }

  atListItem(): boolean {
    return this.at('-') && (this.position + 1 >= this.#end || /\s/.test(this.#text.charAt(this.position + 1)));
  }

  /** True when a scalar and a colon stand here, on one line. */
  atMapKey(): boolean {
    if (this.at('[', '{', '|', '>', '&', '*', '!', '#')) return false;
    const { position, lastContentEnd } = this;
    this.scalar(':');
    this.skipSpaces();
    const isKey = this.#atColon(this.position, false);
    this.position = position;
    this.lastContentEnd = lastContentEnd;
    return isKey;
  }

  /** Moves over a tag and an anchor, or an alias. */
  properties(): { readonly anchor: string | undefined; readonly alias: string | undefined; readonly start: number } {
    let anchor: string | undefined;
    while (this.at('&', '!', '*')) {
      const start = this.position;
      while (this.position < this.#end && !/[\s,[\]{}]/.test(this.#text.charAt(this.position))) this.position++;
      const word = this.#text.slice(start + 1, this.position);
      this.lastContentEnd = this.position;
      if (this.#text.charAt(start) === '*') return { anchor, alias: word, start };
      if (this.#text.charAt(start) === '&') anchor = word;
      this.skipSpaces();
    }
    return { anchor, alias: undefined, start: this.position };
  }

  /**
   * The scalar at the cursor, to the end of the line at most. A plain one ends before a comment and before any of
   * `stops`, of which a colon counts only where it ends a name.
   */
  scalar(stops: string): YamlScalar {
    const scalar = this.at('"', "'") ? this.#quoted() : this.#plain(stops);
    this.lastContentEnd = this.position;
    return scalar;
  }

  #plain(stops: string): YamlScalar {
    const start = this.position;
    while (this.position < this.#end && !this.atLineEnd()) {
      const character = this.#text.charAt(this.position);
      if (stops.includes(character) && (character !== ':' || this.#atColon(this.position, stops.includes(',')))) break;
      this.position++;
    }
    const text = this.#text.slice(start, this.position).trimEnd();
    this.position = start + text.length;
    return { text, span: { start, end: start + text.length }, quoted: false, closed: true };
  }

  #quoted(): YamlScalar {
    const quote = this.#text.charAt(this.position);
    const start = ++this.position;
    while (this.position < this.#end && !this.at('\n', '\r')) {
      // A single quote in single quotes is written as two.
      const isEscape = quote === '"' ? this.at('\\') : this.#text.startsWith("''", this.position);
      if (!isEscape && this.at(quote)) break;
      this.position += isEscape ? 2 : 1;
    }
    this.position = Math.min(this.position, this.#end);
    const span = { start, end: this.position };
    const closed = this.at(quote);
    if (closed) this.position++;
    const written = this.#text.slice(span.start, span.end);
    return { text: quote === '"' ? unescaped(written) : written.replaceAll("''", "'"), span, quoted: true, closed };
  }

  /** In a flow collection, a bracket or a comma may stand right behind the colon. */
  #atColon(position: number, isFlow: boolean): boolean {
    return (
      position < this.#end &&
      this.#text.charAt(position) === ':' &&
      (position + 1 >= this.#end || (isFlow ? /[\s,[\]{}]/ : /\s/).test(this.#text.charAt(position + 1)))
    );
  }
}

/** JSON's escapes are YAML's common ones. A text with others keeps them as they are written. */
function unescaped(written: string): string {
  if (!written.includes('\\')) return written;
  try {
    const value: unknown = JSON.parse(`"${written}"`);
    return typeof value === 'string' ? value : written;
  } catch {
    return written;
  }
}
