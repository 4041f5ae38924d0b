import type { Span } from '../../../core/span.ts';
import type { PnpmDocument } from './pnpm-document.ts';
import { PnpmLineCursor } from './pnpm-line-cursor.ts';

/** More say nothing new. */
const MAX_ODD = 50;

/**
 * What the readers of the sections share. Each of them goes through lines in exactly pnpm's form by itself, in one loop with
 * little more than the engine's own searches, because that is fast from the first call on; for every other line it puts the
 * cursor there.
 */
export class PnpmLineReader {
  readonly document: PnpmDocument;
  readonly cursor: PnpmLineCursor;
  /** The lines that were not understood. */
  readonly odd: Span[] = [];

  constructor(document: PnpmDocument) {
    this.document = document;
    this.cursor = new PnpmLineCursor(document.text, document.start);
  }

  /** Puts the cursor on the next line from a position on; false when the section ends there. */
  nextInSection(position: number): boolean {
    const { cursor } = this;
    cursor.seek(position);
    if (!cursor.next()) return false;
    if (cursor.indent > 0) return true;
    cursor.hold();
    return false;
  }

  /** Reads a key whose value stands below it; undefined, and noted, when the line is something else. */
  readKeyed(): string | undefined {
    const { cursor } = this;
    if (cursor.readKey() && (cursor.hasNoValue() || cursor.hasEmptyValue())) {
      return cursor.text.slice(cursor.keyStart, cursor.keyEnd);
    }
    this.oddLine();
    return undefined;
  }

  /** Notes the line as one that cannot be read. */
  oddLine(): void {
    const { content, end } = this.cursor;
    if (this.odd.length < MAX_ODD) this.odd.push({ start: content, end });
  }
}

/**
 * The key of a line that is indented by two columns and whose colon stands at `colon`: plain, or in single quotes without any
 * in it. Undefined for any other form.
 */
export function plainKey(text: string, position: number, colon: number): string | undefined {
  if (text.charCodeAt(colon) !== COLON || text.charCodeAt(position + 1) !== SPACE) return undefined;
  const first = text.charCodeAt(position + 2);
  if (first === QUOTE) {
    if (text.charCodeAt(colon - 1) !== QUOTE) return undefined;
    const key = text.slice(position + 3, colon - 1);
    return key.includes("'") ? undefined : key;
  }
  const isPlain = (first >= LOWER_A && first <= LOWER_Z) || PLAIN_STARTS.includes(text.charAt(position + 2));
  return isPlain ? text.slice(position + 2, colon) : undefined;
}

/** What a scalar means that is plain, or in single quotes without any in it; undefined for any other form. */
export function plainValue(written: string): string | undefined {
  const first = written.charCodeAt(0);
  if (first === QUOTE) {
    const close = written.length - 1;
    return close > 1 && written.indexOf("'", 1) === close ? written.slice(1, close) : undefined;
  }
  // Letters, digits and a few signs; the other ones may mean something in YAML.
  const isLetter = first >= LOWER_A && first <= LOWER_Z;
  if (!isLetter && (written === '' || !PLAIN_STARTS.includes(written.charAt(0)))) return undefined;
  if (written.charCodeAt(written.length - 1) <= SPACE) return undefined;
  return written.includes(' ') && ODD_INSIDE.test(written) ? undefined : written;
}

const SPACE = 32;
const QUOTE = 39;
const COLON = 58;
const LOWER_A = 97;
const LOWER_Z = 122;
const PLAIN_STARTS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789^~.<=_/';
const ODD_INSIDE = /: | #/;
