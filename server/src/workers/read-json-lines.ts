import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { parseRecord, reasonOf, type RecordItem, type RecordLimits } from './record-source.ts';

const NEWLINE = 0x0a;

/**
 * A JSON value a line, read as a stream: memory is that of the longest line. A file that breaks off gives all whole
 * lines before the break, and then an item that says so.
 */
export async function* readJsonLines(
  path: string,
  place: string,
  isCompressed: boolean,
  limits: RecordLimits,
): AsyncGenerator<RecordItem> {
  const size = Math.max(1, (await stat(path)).size);
  const file = createReadStream(path, { highWaterMark: 256 * 1024 });
  // The pipeline passes the file's errors on to the reader of the unpacked stream, which throws them.
  const chunks: AsyncIterable<Buffer> = isCompressed ? pipeline(file, createGunzip(), () => undefined) : file;
  const lines = new LineCutter(limits.recordBytes);
  let total = 0;
  const itemsOf = function* (found: readonly Line[]): Generator<RecordItem> {
    const fraction = Math.min(1, file.bytesRead / size);
    for (const { number, text } of found) {
      const at = `${place}:${number}`;
      if (text === undefined) yield { place: at, trouble: 'the line is too long', cut: false, fraction };
      else if (text.trim() !== '') yield parseRecord(at, text, fraction);
    }
  };
  try {
    for await (const chunk of chunks) {
      total += chunk.length;
      if (total > limits.inputBytes) throw new Error('it unpacks to more than the limit');
      yield* itemsOf(lines.push(chunk));
    }
    yield* itemsOf(lines.end());
  } catch (error) {
    yield { place: `${place}:${lines.count + 1}`, trouble: reasonOf(error), cut: true, fraction: 1 };
  } finally {
    file.destroy();
  }
}

interface Line {
  /** Counted from 1. */
  readonly number: number;
  /** Undefined when it was longer than the limit. */
  readonly text: string | undefined;
}

class LineCutter {
  count = 0;
  readonly #limit: number;
  #parts: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The lines that end in the chunk. */
  push(chunk: Buffer): Line[] {
    const lines: Line[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      this.#keep(chunk.subarray(start, end));
      lines.push(this.#take());
      start = end + 1;
    }
    this.#keep(chunk.subarray(start));
    return lines;
  }

  /** The last line, when no newline ends it. */
  end(): Line[] {
    return this.#length > 0 ? [this.#take()] : [];
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#limit) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #take(): Line {
    this.count += 1;
    const text = this.#length > this.#limit ? undefined : Buffer.concat(this.#parts).toString('utf8');
    this.#parts = [];
    this.#length = 0;
    return { number: this.count, text };
  }
}
