import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl';
import { readBrokenZip } from './read-broken-zip.ts';
import { parseRecord, reasonOf, type RecordItem, type RecordLimits } from './record-source.ts';
import { WindowedFile } from './windowed-file.ts';
import { readLocalHeader, unpackEntry } from './zip-entry.ts';

/**
 * The `.json` files of a zip archive, one at a time; others are passed over. A broken archive, which has lost the
 * directory at its end, gives the files that can be found from its start, and then an item that says so.
 *
 * The library reads the directory. The files are unpacked here without its streams, which cost ten times as much for
 * the small files that these archives hold by the hundred thousand.
 */
export async function* readZip(path: string, place: string, limits: RecordLimits): AsyncGenerator<RecordItem> {
  const directory = new WindowedFile(path);
  const data = new WindowedFile(path);
  try {
    const archive = await openArchive(directory);
    if (archive instanceof Error) yield* readBrokenZip(data, place, limits);
    else yield* readEntries(archive, data, place, limits);
    if (archive instanceof Error) throw archive;
  } catch (error) {
    yield { place, trouble: reasonOf(error), cut: true, fraction: 1 };
  } finally {
    directory.close();
    data.close();
  }
}

async function openArchive(file: WindowedFile): Promise<ZipFile | Error> {
  try {
    return await fromRandomAccessReaderPromise(new DirectoryReader(file), file.size, { autoClose: false });
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

class DirectoryReader extends RandomAccessReader {
  readonly #file: WindowedFile;

  constructor(file: WindowedFile) {
    super();
    this.#file = file;
  }

  override read(...[buffer, offset, length, position, callback]: Parameters<RandomAccessReader['read']>): void {
    const bytes = this.#file.read(position, length).copy(buffer, offset);
    // Not at once: the library reads entry after entry from within this call.
    process.nextTick(callback, bytes === length ? null : new Error('the file ends too early'), bytes);
  }
}

async function* readEntries(
  archive: ZipFile,
  data: WindowedFile,
  place: string,
  limits: RecordLimits,
): AsyncGenerator<RecordItem> {
  let total = 0;
  let index = 0;
  for await (const entry of archive.eachEntry()) {
    const fraction = index / Math.max(1, archive.entryCount);
    index += 1;
    if (!entry.fileName.toLowerCase().endsWith('.json')) continue;
    const at = `${place}/${entry.fileName}`;
    if (entry.uncompressedSize > limits.recordBytes) {
      yield { place: at, trouble: 'the file is too large', cut: false, fraction };
      continue;
    }
    total += entry.uncompressedSize;
    if (total > limits.inputBytes) throw new Error('it unpacks to more than the limit');
    yield readEntry(entry, data, at, fraction);
  }
}

function readEntry(entry: Entry, data: WindowedFile, place: string, fraction: number): RecordItem {
  try {
    if (entry.isEncrypted()) throw new Error('it is encrypted');
    const header = readLocalHeader(data, entry.relativeOffsetOfLocalHeader);
    if (header === undefined) throw new Error('it is not where the archive says');
    const packed = data.read(header.start, Math.min(entry.compressedSize, data.size));
    const { compressionMethod: method, crc32: checksum, uncompressedSize: size } = entry;
    return parseRecord(place, unpackEntry(packed, { method, checksum, size }), fraction);
  } catch (error) {
    return { place, trouble: reasonOf(error), cut: false, fraction };
  }
}
