import { parseRecord, type RecordItem, type RecordLimits } from './record-source.ts';
import type { WindowedFile } from './windowed-file.ts';
import { readLocalHeader, unpackEntry } from './zip-entry.ts';

/** Set when the sizes stand behind the data, where they cannot be found without unpacking it. */
const SIZES_FOLLOW = 0x8;

/** The `.json` files of an archive whose end is missing, as far as they follow one another from its start. */
export function* readBrokenZip(file: WindowedFile, place: string, limits: RecordLimits): Generator<RecordItem> {
  let total = 0;
  let offset = 0;
  for (;;) {
    const header = readLocalHeader(file, offset);
    if (header === undefined || (header.flags & SIZES_FOLLOW) !== 0) return;
    offset = header.start + header.packedSize;
    if (offset > file.size) return;
    if (!header.name.toLowerCase().endsWith('.json') || header.size > limits.recordBytes) continue;
    total += header.size;
    if (total > limits.inputBytes) return;
    let text: string;
    try {
      text = unpackEntry(file.read(header.start, header.packedSize), header);
    } catch {
      return;
    }
    yield parseRecord(`${place}/${header.name}`, text, offset / file.size);
  }
}
