import { readFile } from 'node:fs/promises';

const END_SIGNATURE = 0x06054b50;
const END_SIZE = 22;
const ENTRY_SIZE = 46;

/**
 * The names of the files in a ZIP archive without a comment, with slashes, from its central directory.
 * @see https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT 4.3.12 and 4.3.16
 */
export async function entryNames(path: string): Promise<string[]> {
  const bytes = await readFile(path);
  const end = bytes.subarray(-END_SIZE);
  if (end.readUInt32LE(0) !== END_SIGNATURE) throw new Error(`${path} is not a ZIP archive without a comment`);
  const names: string[] = [];
  let offset = end.readUInt32LE(16);
  for (let left = end.readUInt16LE(10); left > 0; left--) {
    const nameLength = bytes.readUInt16LE(offset + 28);
    names.push(bytes.toString('utf8', offset + ENTRY_SIZE, offset + ENTRY_SIZE + nameLength));
    offset += ENTRY_SIZE + nameLength + bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32);
  }
  return names;
}
