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
 * Where the characters of a scalar begin that is plain, or in single quotes without any in it, and that is written from one
 * offset to another; -1 for any other form. They end as far before `to` as they begin after `from`.
 */
export function plainStart(text: string, from: number, to: number): number {
  const first = text.charCodeAt(from);
  if (first === QUOTE) return to - from > 2 && text.indexOf("'", from + 1) === to - 1 ? from + 1 : -1;
  // Letters, digits and a few signs; the other ones may mean something in YAML.
  if (IS_PLAIN_START[first] !== 1 || from >= to || text.charCodeAt(to - 1) <= SPACE) return -1;
  const space = text.indexOf(' ', from);
  return space !== -1 && space < to && ODD_INSIDE.test(text.slice(from, to)) ? -1 : from;
}

const SPACE = 32;
const QUOTE = 39;
const PLAIN_STARTS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789^~.<=_/';
const IS_PLAIN_START = new Uint8Array(128).map((_, code) => (PLAIN_STARTS.includes(String.fromCharCode(code)) ? 1 : 0));
const ODD_INSIDE = /: | #/;
