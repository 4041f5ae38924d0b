import { plainStart, type PnpmLineReader } from './pnpm-line-reader.ts';
import { readScalar } from './pnpm-scalar.ts';
import { readResolution } from './pnpm-resolution.ts';
import { copyOf } from '../lockfile/string-table.ts';

/** Reads the section `packages` from a position on; the answer is where it ends. */
export function readPackageLines(reader: PnpmLineReader, from: number): number {
  const { document, cursor } = reader;
  const { text } = document;
  let isInside = false;
  let position = from;
  for (;;) {
    const newline = text.indexOf('\n', position);
    if (newline === position) {
      position += 1;
      continue;
    }
    if (isInside && text.charCodeAt(position + 2) === SPACE && text.charCodeAt(position + 3) === SPACE) {
      // Of the many fields only a few are of use, and their first letters tell them apart.
      if (newline !== -1 && IS_USEFUL[text.charCodeAt(position + 4)] !== 1) {
        position = newline + 1;
        continue;
      }
    } else {
      // A key and one hash are what nearly every package begins with.
      const hash = plainHashAt(text, newline + 1);
      const start = hash === -1 ? -1 : plainKeyStart(text, position, newline - 1);
      if (start !== -1) {
        const end = newline - 1 - (start - position - INDENT);
        document.packages.addPlace(start, end, document.keep(text.slice(hash, hash + SHA512)));
        isInside = true;
        position = newline + 1 + PLAIN_RESOLUTION_LENGTH;
        continue;
      }
    }
    if (!reader.nextInSection(position)) return cursor.resume();
    isInside = readOtherLine(reader, isInside);
    position = cursor.resume();
  }
}

/** Where a key begins that stands from a line's third column up to a colon; -1 for any other form. */
export function plainKeyStart(text: string, lineStart: number, colon: number): number {
  const isKey = text.charCodeAt(colon) === COLON && text.charCodeAt(lineStart + 1) === SPACE;
  return isKey ? plainStart(text, lineStart + INDENT, colon) : -1;
}

/** Where the hash begins on a line that is a resolution with one SHA-512 hash in braces and nothing else; -1 for any other line. */
export function plainHashAt(text: string, lineStart: number): number {
  if (!text.startsWith(PLAIN_RESOLUTION, lineStart)) return -1;
  const start = lineStart + PLAIN_RESOLUTION.length;
  const end = start + SHA512;
  return text.startsWith('==}\n', end - 2) && text.indexOf('\n', start) === end + 1 ? start : -1;
}

/** True when the next lines are a package's. */
function readOtherLine(reader: PnpmLineReader, isInside: boolean): boolean {
  const { document, cursor } = reader;
  if (cursor.indent === 2) {
    const key = reader.readKeyed();
    if (key !== undefined) document.packages.add(key, cursor.keyStart, -1);
    return key !== undefined;
  }
  if (!isInside || cursor.indent < 4 || cursor.indent === 5) reader.oddLine();
  else if (cursor.indent === 4) readField(reader);
  return isInside;
}

function readField(reader: PnpmLineReader): void {
  const { document, cursor } = reader;
  if (!cursor.readKey()) {
    reader.oddLine();
    return;
  }
  switch (cursor.text.slice(cursor.keyStart, cursor.keyEnd)) {
    case 'resolution':
      readResolutionField(reader);
      break;
    case 'deprecated':
      document.packages.lastDetails().deprecated = readMessage(cursor.rest(), cursor.textBelow());
      break;
    case 'version':
      document.packages.lastDetails().version = cursor.copyValue();
      break;
    case 'requiresBuild':
      document.packages.lastDetails().hasInstallScript = cursor.rest().trim() === 'true';
  }
}

function readResolutionField({ document, cursor }: PnpmLineReader): void {
  const { integrity, tarball, type } = readResolution(cursor.hasNoValue() ? cursor.textBelow() : cursor.rest());
  document.packages.setLastHash(document.keep(integrity));
  if (tarball === undefined && type === undefined) return;
  const details = document.packages.lastDetails();
  details.tarball = tarball;
  details.type = type;
}

/** A message of one line or several, plain, in quotes or as a block. */
export function readMessage(first: string, below: string): string | undefined {
  const written = `${first.replace(/^\s*[|>][-+\d]*\s*$/, '')} ${below}`.replace(/\s+/g, ' ').trim();
  const message = readScalar(written, 0, written.length) ?? written;
  return message === '' ? undefined : copyOf(message, 0, message.length);
}

const PLAIN_RESOLUTION = '    resolution: {integrity: ';
/** The length of a SHA-512 hash in base64, with its name before it. */
export const SHA512 = 95;
/** Of the line that {@link plainHashAt} knows, with its end. */
export const PLAIN_RESOLUTION_LENGTH = PLAIN_RESOLUTION.length + SHA512 + '}\n'.length;
/** Marks the first letters of `resolution`, `requiresBuild`, `deprecated` and `version`, and those of oddly written keys. */
const IS_USEFUL = new Uint8Array(128).map((_, code) => ('rdv?\'":{#'.includes(String.fromCharCode(code)) ? 1 : 0));
/** Columns before a key of the section. */
export const INDENT = 2;
const SPACE = 32;
const COLON = 58;
