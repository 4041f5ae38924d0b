import type { Span } from '../../../core/span.ts';
import type { PnpmLineReader } from './pnpm-line-reader.ts';
import type { OldDetails, OldMajor } from './pnpm-old-key.ts';
import { plainHashAt, readMessage, SHA512 } from './pnpm-package-lines.ts';
import { readResolution } from './pnpm-resolution.ts';
import { addPlainReference, addReference } from './pnpm-snapshot-lines.ts';

/** A package as far as its lines were read. */
interface OldPackage {
  readonly key: string;
  readonly span: Span;
  readonly details: OldDetails;
  /** Its first reference, and how many of them are required; undefined for all. */
  readonly first: number;
  required: number | undefined;
}

/** Reads the section `packages` of a lockfile before version 9 from a position on; the answer is where it ends. */
export function readOldPackageLines(reader: PnpmLineReader, from: number, major: OldMajor): number {
  const { document, cursor } = reader;
  const { text } = document;
  let item: OldPackage | undefined;
  /** True as long as the lines are dependencies. */
  let isInGroup = false;
  let position = from;
  for (;;) {
    const newline = text.indexOf('\n', position);
    if (newline !== -1 && item !== undefined && text.startsWith('    ', position)) {
      if (text.startsWith('      ', position)) {
        if (!isInGroup || addPlainReference(document, position + 6, newline)) {
          position = newline + 1;
          continue;
        }
      } else {
        const hash = plainHashAt(text, position);
        if (hash !== -1) item.details.integrity = text.slice(hash, hash + SHA512);
        if (hash !== -1 || IS_USEFUL[text.charCodeAt(position + 4)] !== 1) {
          isInGroup = false;
          position = newline + 1;
          continue;
        }
      }
    }
    if (!reader.nextInSection(position)) break;
    if (cursor.indent === 2) {
      addPackage(reader, item, major);
      item = beginPackage(reader);
      isInGroup = false;
    } else if (cursor.indent === 4 && item !== undefined) {
      isInGroup = readField(reader, item);
    } else if (cursor.indent === 6 && isInGroup) {
      addReference(reader);
    } else if (cursor.indent < 6 || isInGroup) {
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
  return {
    key,
    span: { start, end },
    details: noDetails(),
    first: reader.document.references.count,
    required: undefined,
  };
}

function addPackage({ document }: PnpmLineReader, item: OldPackage | undefined, major: OldMajor): void {
  if (item === undefined) return;
  const { key, span, details, first, required } = item;
  document.setReferences(document.addOldPackage(key, span, major, details), first, required);
}

/** True when the next lines are dependencies. */
function readField(reader: PnpmLineReader, item: OldPackage): boolean {
  const { cursor } = reader;
  const { details } = item;
  if (!cursor.readKey()) {
    reader.oddLine();
    return false;
  }
  const field = cursor.text.slice(cursor.keyStart, cursor.keyEnd);
  switch (field) {
    case 'dependencies':
    case 'optionalDependencies':
      if (cursor.hasNoValue()) {
        const count = reader.document.references.count - item.first;
        // pnpm writes the optional ones last; in another order all count as required.
        item.required = field === 'optionalDependencies' ? count : undefined;
        return true;
      }
      if (!cursor.hasEmptyValue()) reader.oddLine();
      return false;
    case 'resolution':
      Object.assign(details, readResolution(cursor.hasNoValue() ? cursor.textBelow() : cursor.rest()));
      return false;
    case 'deprecated':
      details.deprecated = readMessage(cursor.rest(), cursor.textBelow());
      return false;
    case 'name':
      details.name = cursor.copyValue();
      return false;
    case 'version':
      details.version = cursor.copyValue();
      return false;
    case 'requiresBuild':
      details.hasInstallScript = cursor.rest().trim() === 'true';
      return false;
    default:
      return false;
  }
}

/** Marks the first letters of the fields that {@link readField} knows, and those of oddly written keys. */
const IS_USEFUL = new Uint8Array(128).map((_, code) => ('dnorv?\'":{# '.includes(String.fromCharCode(code)) ? 1 : 0));
