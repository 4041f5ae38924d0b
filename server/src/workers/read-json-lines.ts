import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parseRecord, reasonOf, type RecordItem, type RecordLimits } from './record-source.ts';
import { WholeLines, type Lines } from './whole-lines.ts';

/**
 * A JSON value a line, read as a stream: memory is that of a portion, or the longest line. A file that breaks off gives all whole
 * lines before the break, and then an item that says so. The lines of one portion of the file come together, as each
 * step of an asynchronous generator costs as much as decoding a short line.
 */
export async function* readJsonLines(
  path: string,
  place: string,
  isCompressed: boolean,
  limits: RecordLimits,
): AsyncGenerator<readonly RecordItem[]> {
  const whole = new WholeLines(limits.recordBytes);
  let total = 0;
  let count = 0;
  // Parsed one after the other, as a parser that alternates with what takes its values takes a third longer.
  const itemsOf = ({ isFirstTooLong, text }: Lines, fraction: number): readonly RecordItem[] => {
    const items: RecordItem[] = [];
    if (isFirstTooLong) items.push({ place: `${place}:${++count}`, trouble: TOO_LONG, cut: false, fraction });
    for (const line of linesOf(text)) {
      const at = `${place}:${++count}`;
      // A line has no more code units than bytes.
      if (line.length > limits.recordBytes) items.push({ place: at, trouble: TOO_LONG, cut: false, fraction });
      else if (line.trim() !== '') items.push(parseRecord(at, line, fraction));
    }
    return items;
  };
  try {
    for await (const { bytes, fraction } of isCompressed ? unpacked(path) : plain(path)) {
      total += bytes.length;
      if (total > limits.inputBytes) throw new Error('it unpacks to more than the limit');
      yield itemsOf(whole.push(bytes), fraction);
    }
    yield itemsOf(whole.end(), 1);
  } catch (error) {
    yield [{ place: `${place}:${count + 1}`, trouble: reasonOf(error), cut: true, fraction: 1 }];
  }
}

const TOO_LONG = 'the line is too long';
const PORTION_BYTES = 64 * 1024;

function linesOf(text: string | undefined): readonly string[] {
  return text === undefined ? [] : text.split('\n');
}

interface Portion {
  /** They hold until the next portion is asked for. */
  readonly bytes: Buffer;
  /** Of the file, 0 to 1. */
  readonly fraction: number;
}

/** Reads block, which is right in a worker thread, and all go into the same memory. */
function* plain(path: string): Generator<Portion> {
  const file = openSync(path, 'r');
  try {
    const size = Math.max(1, fstatSync(file).size);
    const buffer = Buffer.allocUnsafe(PORTION_BYTES);
    let total = 0;
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer)) {
      total += read;
      yield { bytes: buffer.subarray(0, read), fraction: Math.min(1, total / size) };
    }
  } finally {
    closeSync(file);
  }
}

async function* unpacked(path: string): AsyncGenerator<Portion> {
  const size = Math.max(1, (await stat(path)).size);
  const file = createReadStream(path, { highWaterMark: PORTION_BYTES });
  try {
    // The pipeline passes the file's errors on to the reader of the unpacked stream, which throws them.
    const chunks: AsyncIterable<Buffer> = pipeline(file, createGunzip(), () => undefined);
    for await (const bytes of chunks) yield { bytes, fraction: Math.min(1, file.bytesRead / size) };
  } finally {
    file.destroy();
  }
}
