import type { PnpmDocument } from './pnpm-document.ts';
import { plainStart, type PnpmLineReader } from './pnpm-line-reader.ts';
import { INDENT, plainKeyStart } from './pnpm-package-lines.ts';

/** Reads the section `snapshots` from a position on; the answer is where it ends. */
export function readSnapshotLines(reader: PnpmLineReader, from: number): number {
  return new SnapshotReader(reader).read(from);
}

class SnapshotReader {
  readonly #reader: PnpmLineReader;
  readonly #document: PnpmDocument;
  #snapshot = -1;
  /** The first reference of the snapshot, and how many of them are required; undefined for all. */
  #first = 0;
  #required: number | undefined;
  /** True as long as the lines are dependencies. */
  #isInGroup = false;

  constructor(reader: PnpmLineReader) {
    this.#reader = reader;
    this.#document = reader.document;
  }

  read(from: number): number {
    const { cursor } = this.#reader;
    let position = from;
    for (;;) {
      position = this.#readPlainLines(position);
      if (!this.#reader.nextInSection(position)) break;
      this.#readOtherLine();
      position = cursor.resume();
    }
    this.#end();
    return cursor.resume();
  }

  /** Reads lines as long as they are in exactly pnpm's form; the answer is where the first other one begins. */
  #readPlainLines(from: number): number {
    const document = this.#document;
    const { text } = document;
    let position = from;
    for (;;) {
      const newline = text.indexOf('\n', position);
      // The last line has no end: the cursor sees to it.
      if (newline === -1) return position;
      if (newline === position) {
        position += 1;
        continue;
      }
      if (text.charCodeAt(position + 5) === SPACE && text.charCodeAt(position + 4) === SPACE) {
        if (this.#isInGroup && !addPlainReference(document, position + 6, newline)) return position;
      } else if (text.charCodeAt(position + 3) === SPACE) {
        const isOptional = text.startsWith(OPTIONAL, position);
        if (this.#snapshot === -1 || !(isOptional || text.startsWith(REQUIRED, position))) return position;
        this.#beginGroup(isOptional);
      } else {
        const isEmpty = text.charCodeAt(newline - 1) === CLOSE_BRACE && text.startsWith(': {}', newline - 4);
        const colon = newline - (isEmpty ? 4 : 1);
        const start = plainKeyStart(text, position, colon);
        if (start === -1) return position;
        this.#end();
        this.#begin(document.addPlainSnapshot(start, colon - (start - position - INDENT)));
      }
      position = newline + 1;
    }
  }

  #readOtherLine(): void {
    const { cursor } = this.#reader;
    if (cursor.indent === 2) {
      const key = this.#reader.readKeyed();
      this.#end();
      this.#begin(key === undefined ? -1 : this.#document.addSnapshot(key, cursor.keyStart, cursor.keyEnd));
    } else if (cursor.indent === 4 && this.#snapshot !== -1) {
      this.#readField();
    } else if (cursor.indent === 6 && this.#isInGroup) {
      addReference(this.#reader);
    } else if (cursor.indent < 6 || this.#isInGroup) {
      // Lists of names stand in blocks that are of no use here.
      this.#reader.oddLine();
    }
  }

  #readField(): void {
    const { cursor } = this.#reader;
    this.#isInGroup = false;
    if (!cursor.readKey()) {
      this.#reader.oddLine();
      return;
    }
    const field = cursor.text.slice(cursor.keyStart, cursor.keyEnd);
    if (field !== 'dependencies' && field !== 'optionalDependencies') return;
    if (cursor.hasNoValue()) this.#beginGroup(field === 'optionalDependencies');
    else if (!cursor.hasEmptyValue()) this.#reader.oddLine();
  }

  #begin(snapshot: number): void {
    this.#snapshot = snapshot;
    this.#first = this.#document.references.count;
    this.#required = undefined;
    this.#isInGroup = false;
  }

  /** pnpm writes the optional ones last; in another order all count as required. */
  #beginGroup(isOptional: boolean): void {
    this.#isInGroup = true;
    this.#required = isOptional ? this.#document.references.count - this.#first : undefined;
  }

  #end(): void {
    if (this.#snapshot !== -1 && this.#first < this.#document.references.count) {
      this.#document.setReferences(this.#snapshot, this.#first, this.#required);
    }
  }
}

/** Adds the reference of a line that is in any form. */
export function addReference(reader: PnpmLineReader): void {
  const { cursor, document } = reader;
  const version = cursor.readKey() ? cursor.readValue() : undefined;
  if (version === undefined) reader.oddLine();
  else document.references.add(cursor.text.slice(cursor.keyStart, cursor.keyEnd), version, cursor.keyStart);
}

/** Adds a reference that is written from one offset to another as `name: version`, each plain or in single quotes; false for any other form. */
export function addPlainReference({ text, references }: PnpmDocument, from: number, to: number): boolean {
  // In the line alone: in a text that has no colon, each search would go on to its end.
  const length = text.slice(from, to).indexOf(': ');
  if (length === -1) return false;
  const colon = from + length;
  const name = plainStart(text, from, colon);
  const version = name === -1 ? -1 : plainStart(text, colon + 2, to);
  if (version === -1) return false;
  references.addPlace(name, colon - (name - from), version, to - (version - colon - 2));
  return true;
}

const REQUIRED = '    dependencies:\n';
const OPTIONAL = '    optionalDependencies:\n';
const SPACE = 32;
const CLOSE_BRACE = 125;
