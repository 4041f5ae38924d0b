import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

const WINDOW = 1024 * 1024;

/** A file that is read in pieces which mostly follow one another. Reads block, which is right in a worker thread. */
export class WindowedFile {
  readonly size: number;
  readonly #file: number;
  #window = Buffer.alloc(0);
  #start = 0;

  /** Throws when the file cannot be opened. */
  constructor(path: string) {
    this.#file = openSync(path, 'r');
    this.size = fstatSync(this.#file).size;
  }

  /** The bytes from a position, fewer at the end of the file. They hold until the next read. */
  read(position: number, length: number): Buffer {
    const isWithin = position >= this.#start && position + length <= this.#start + this.#window.length;
    if (!isWithin) {
      const buffer = Buffer.allocUnsafe(Math.min(Math.max(length, WINDOW), Math.max(0, this.size - position)));
      this.#window = buffer.subarray(0, readSync(this.#file, buffer, 0, buffer.length, position));
      this.#start = position;
    }
    const from = position - this.#start;
    return this.#window.subarray(from, from + length);
  }

  close(): void {
    closeSync(this.#file);
  }
}
