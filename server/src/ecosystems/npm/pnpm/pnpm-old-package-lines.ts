import type { Span } from '../../../core/span.ts';
import type { PnpmLineReader } from './pnpm-line-reader.ts';
import type { OldDetails, OldMajor } from './pnpm-old-key.ts';
import { plainHashAt, readMessage } from './pnpm-package-lines.ts';
import { readResolution } from './pnpm-resolution.ts';
import { addPlainReference } from './pnpm-snapshot-lines.ts';

/** A package as far as its lines were read. */
interface OldPackage {
  readonly key: string;
  readonly span: Span;
  readonly details: OldDetails;
  /** Numbers of references. */
  readonly required: number[];
  readonly optional: number[];
}

/** Reads the section `packages` of a lockfile before version 9 from a position on; the answer is where it ends. */
export function readOldPackageLines(reader: PnpmLineReader, from: number, major: OldMajor): number {
  const { document, cursor } = reader;
  const { text } = document;
  /** By their line: the same few thousand lines make up most of the section. */
  const references = new Map<string, number>();
  let item: OldPackage | undefined;
  /** The references of the group whose lines come next. */
  let group: number[] | undefined;
  let position = from;
  for (;;) {
    const newline = text.indexOf('\n', position);
    if (newline !== -1 && item !== undefined && text.startsWith('    ', position)) {
      if (text.startsWith('      ', position)) {
        const line = group && text.slice(position + 6, newline);
        let reference = line === undefined ? undefined : references.get(line);
        if (line !== undefined && reference === undefined) {
          reference = addPlainReference(document, line, position + 6);
          if (reference !== undefined) references.set(line, reference);
        }
        if (group === undefined || reference !== undefined) {
          if (reference !== undefined) group?.push(reference);
          position = newline + 1;
          continue;
        }
      } else {
        const hash = plainHashAt(text, position);
        if (hash !== undefined) item.details.integrity = hash;
        if (hash !== undefined || IS_USEFUL[text.charCodeAt(position + 4)] !== 1) {
          group = undefined;
          position = newline + 1;
          continue;
        }
      }
    }
    if (!reader.nextInSection(position)) break;
    if (cursor.indent === 2) {
      addPackage(reader, item, major);
      item = beginPackage(reader);
      group = undefined;
    } else if (cursor.indent === 4 && item !== undefined) {
      group = readField(reader, item);
    } else if (cursor.indent === 6 && group !== undefined) {
      addReference(reader, group);
    } else if (cursor.indent < 6 || group !== undefined) {
      reader.oddLine();
    }
    position = cursor.resume();
  }
  addPackage(reader, item, major);
  return cursor.resume();
}

/** Fields that nothing is known of. */
export function noDetails(): OldDetails {
  return {
    name: undefined,
    version: undefined,
    integrity: undefined,
    tarball: undefined,
    type: undefined,
    deprecated: undefined,
    hasInstallScript: false,
  };
}

function beginPackage(reader: PnpmLineReader): OldPackage | undefined {
  const key = reader.readKeyed();
  if (key === undefined) return undefined;
  const { keyStart: start, keyEnd: end } = reader.cursor;
  return { key, span: { start, end }, details: noDetails(), required: [], optional: [] };
}

function addPackage({ document }: PnpmLineReader, item: OldPackage | undefined, major: OldMajor): void {
  if (item === undefined) return;
  const { key, span, details, required, optional } = item;
  document.setEdges(document.addOldPackage(key, span, major, details), required, optional);
}

/** The answer is the list that the next lines belong to. */
function readField(reader: PnpmLineReader, { details, required, optional }: OldPackage): number[] | undefined {
  const { cursor } = reader;
  if (!cursor.readKey()) {
    reader.oddLine();
    return undefined;
  }
  switch (cursor.text.slice(cursor.keyStart, cursor.keyEnd)) {
    case 'dependencies':
      return groupBelow(reader, required);
    case 'optionalDependencies':
      return groupBelow(reader, optional);
    case 'resolution':
      Object.assign(details, readResolution(cursor.hasNoValue() ? cursor.textBelow() : cursor.rest()));
      return undefined;
    case 'deprecated':
      details.deprecated = readMessage(cursor.rest(), cursor.textBelow());
      return undefined;
    case 'name':
      details.name = cursor.copyValue();
      return undefined;
    case 'version':
      details.version = cursor.copyValue();
      return undefined;
    case 'requiresBuild':
      details.hasInstallScript = cursor.rest().trim() === 'true';
      return undefined;
    default:
      return undefined;
  }
}

function groupBelow(reader: PnpmLineReader, group: number[]): number[] | undefined {
  if (reader.cursor.hasNoValue()) return group;
  if (!reader.cursor.hasEmptyValue()) reader.oddLine();
  return undefined;
}

function addReference(reader: PnpmLineReader, group: number[]): void {
  const { cursor, document } = reader;
  const version = cursor.readKey() ? cursor.readValue() : undefined;
  if (version === undefined) reader.oddLine();
  else group.push(document.addReference(cursor.text.slice(cursor.keyStart, cursor.keyEnd), version, cursor.keyStart));
}

/** Marks the first letters of the fields that {@link readField} knows, and those of oddly written keys. */
const IS_USEFUL = new Uint8Array(128).map((_, code) => ('dnorv?\'":{# '.includes(String.fromCharCode(code)) ? 1 : 0));
