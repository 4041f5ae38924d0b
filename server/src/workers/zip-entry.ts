import { crc32, inflateRawSync } from 'node:zlib';
import type { WindowedFile } from './windowed-file.ts';

const LOCAL_HEADER = 0x04034b50;
const HEADER_BYTES = 30;
const STORED = 0;
const DEFLATED = 8;

/** The header that stands before an entry's data. Sizes are zero where the writer put them behind the data. */
export interface LocalHeader {
  readonly name: string;
  readonly flags: number;
  readonly method: number;
  readonly checksum: number;
  readonly packedSize: number;
  readonly size: number;
  /** Offset of the packed data. */
  readonly start: number;
}

/**
 * Undefined where no header stands.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT section 4.3.7
 */
export function readLocalHeader(file: WindowedFile, offset: number): LocalHeader | undefined {
  const header = file.read(offset, HEADER_BYTES);
  if (header.length < HEADER_BYTES || header.readUInt32LE(0) !== LOCAL_HEADER) return undefined;
  const nameLength = header.readUInt16LE(26);
  const fields = {
    flags: header.readUInt16LE(6),
    method: header.readUInt16LE(8),
    checksum: header.readUInt32LE(14),
    packedSize: header.readUInt32LE(18),
    size: header.readUInt32LE(22),
    start: offset + HEADER_BYTES + nameLength + header.readUInt16LE(28),
  };
  return { ...fields, name: file.read(offset + HEADER_BYTES, nameLength).toString('utf8') };
}

/** The text of an entry. Throws when the data is not what was announced; never unpacks more than that. */
export function unpackEntry(packed: Buffer, expected: Pick<LocalHeader, 'method' | 'checksum' | 'size'>): string {
  if (expected.method !== STORED && expected.method !== DEFLATED) throw new Error('it is packed in an unknown way');
  const data =
    expected.method === STORED ? packed : inflateRawSync(packed, { maxOutputLength: Math.max(1, expected.size) });
  if (data.length !== expected.size) throw new Error('its size is not the announced one');
  if (crc32(data) !== expected.checksum) throw new Error('its checksum is wrong');
  return data.toString('utf8');
}
