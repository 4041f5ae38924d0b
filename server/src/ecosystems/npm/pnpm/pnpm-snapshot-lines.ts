import type { PnpmDocument } from './pnpm-document.ts';
import { plainKey, plainValue, type PnpmLineReader } from './pnpm-line-reader.ts';

/** Reads the section `snapshots` from a position on; the answer is where it ends. */
export function readSnapshotLines(reader: PnpmLineReader, from: number): number {
  const { document, cursor } = reader;
  const { text } = document;
  /** By their line: the same few thousand lines make up most of the section. */
  const references = new Map<string, number>();
  let snapshot = -1;
  /** The edges of the snapshot, as long as the lines are dependencies. */
  let group: number[] | undefined;
  let position = from;
  for (;;) {
    const newline = text.indexOf('\n', position);
    if (newline === position) {
      position += 1;
      continue;
    }
    if (newline === -1) {
      // The last line has no end: the cursor sees to it.
    } else if (text.charCodeAt(position + 5) === SPACE && text.charCodeAt(position + 4) === SPACE) {
      const line = text.slice(position + 6, newline);
      let reference = group && references.get(line);
      if (group !== undefined && reference === undefined) {
        reference = addPlainReference(document, line, position + 6);
        if (reference !== undefined) references.set(line, reference);
      }
      if (reference !== undefined || group === undefined) {
        if (reference !== undefined) group?.push(reference);
        position = newline + 1;
        continue;
      }
    } else if (text.charCodeAt(position + 3) === SPACE) {
      const field = text.slice(position, newline);
      if (snapshot !== -1 && (field === REQUIRED || field === OPTIONAL)) {
        group = edgesOf(document, snapshot, field === OPTIONAL);
        position = newline + 1;
        continue;
      }
    } else {
      const isEmpty = text.charCodeAt(newline - 1) === CLOSE_BRACE && text.startsWith(': {}', newline - 4);
      const key = plainKey(text, position, newline - (isEmpty ? 4 : 1));
      if (key !== undefined) {
        const start = text.charCodeAt(position + 2) === QUOTE ? position + 3 : position + 2;
        snapshot = document.addSnapshot(key, start, start + key.length);
        group = undefined;
        position = newline + 1;
        continue;
      }
    }
    if (!reader.nextInSection(position)) return cursor.resume();
    if (cursor.indent === 2) {
      const key = reader.readKeyed();
      snapshot = key === undefined ? -1 : document.addSnapshot(key, cursor.keyStart, cursor.keyEnd);
      group = undefined;
    } else {
      group = readOtherLine(reader, snapshot, group);
    }
    position = cursor.resume();
  }
}

/** The list that the next references belong to. pnpm writes the optional ones last; in another order all count as required. */
function edgesOf(document: PnpmDocument, snapshot: number, isOptional: boolean): number[] {
  const entry = document.entries[snapshot];
  if (entry === undefined) return [];
  const before = entry.edges;
  const edges = [...before];
  entry.edges = edges;
  document.required[snapshot] = isOptional ? before.length : undefined;
  return edges;
}

/** The answer is the list that the next lines belong to. */
function readOtherLine(reader: PnpmLineReader, snapshot: number, group: number[] | undefined): number[] | undefined {
  const { document, cursor } = reader;
  if (cursor.indent === 4 && snapshot !== -1) return readField(reader, snapshot);
  if (cursor.indent === 6 && group !== undefined) {
    const version = cursor.readKey() ? cursor.readValue() : undefined;
    if (version === undefined) reader.oddLine();
    else group.push(document.addReference(cursor.text.slice(cursor.keyStart, cursor.keyEnd), version, cursor.keyStart));
    return group;
  }
  // Lists of names stand in blocks that are of no use here.
  if (cursor.indent < 6 || group !== undefined) reader.oddLine();
  return group;
}

function readField(reader: PnpmLineReader, snapshot: number): number[] | undefined {
  const { document, cursor } = reader;
  if (!cursor.readKey()) {
    reader.oddLine();
    return undefined;
  }
  const field = cursor.text.slice(cursor.keyStart, cursor.keyEnd);
  if (field !== 'dependencies' && field !== 'optionalDependencies') return undefined;
  if (cursor.hasNoValue()) return edgesOf(document, snapshot, field === 'optionalDependencies');
  if (!cursor.hasEmptyValue()) reader.oddLine();
  return undefined;
}

/** Adds a reference from `name: version`, each plain or in single quotes; undefined for any other form. */
export function addPlainReference(document: PnpmDocument, line: string, start: number): number | undefined {
  const colon = line.indexOf(': ');
  if (colon === -1) return undefined;
  const name = plainValue(line.slice(0, colon));
  const version = plainValue(line.slice(colon + 2));
  if (name === undefined || version === undefined) return undefined;
  return document.addReference(name, version, line.startsWith("'") ? start + 1 : start);
}

export const REQUIRED = '    dependencies:';
export const OPTIONAL = '    optionalDependencies:';
const SPACE = 32;
const QUOTE = 39;
const CLOSE_BRACE = 125;
