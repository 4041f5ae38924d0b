const NEWLINE = 0x0a;

/** The lines that end in one portion of a text. */
export interface Lines {
  /** True when the first of them had more bytes than the limit; it is not part of the text. */
  readonly isFirstTooLong: boolean;
  /** The others without the last newline; undefined when there are none. */
  readonly text: string | undefined;
}

/**
 * Puts the lines of a text together that comes in portions of bytes. Many lines become one string, which is decoded at
 * once and then cut without copies. A line that spans portions is kept up to a limit in bytes.
 */
export class WholeLines {
  readonly #limit: number;
  /** What came of a line that has not ended. */
  #parts: Buffer[] = [];
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** The bytes may change afterwards. */
  push(portion: Buffer): Lines {
    const first = portion.indexOf(NEWLINE);
    if (first === -1) {
      this.#keep(portion);
      return { isFirstTooLong: false, text: undefined };
    }
    const isFirstTooLong = this.#length + first > this.#limit;
    const start = isFirstTooLong ? first + 1 : 0;
    const last = portion.lastIndexOf(NEWLINE);
    const text = start > last ? undefined : this.#join(portion.subarray(start, last), isFirstTooLong);
    this.#parts = [];
    this.#length = 0;
    this.#keep(portion.subarray(last + 1));
    return { isFirstTooLong, text };
  }

  /** The last line, when no newline ends it. */
  end(): Lines {
    if (this.#length > this.#limit) return { isFirstTooLong: true, text: undefined };
    return { isFirstTooLong: false, text: this.#length > 0 ? this.#join(NO_BYTES, false) : undefined };
  }

  #join(bytes: Buffer, isFirstTooLong: boolean): string {
    const whole = isFirstTooLong || this.#length === 0 ? bytes : Buffer.concat([...this.#parts, bytes]);
    return whole.toString('utf8');
  }

  #keep(part: Buffer): void {
    this.#length += part.length;
    if (this.#length > this.#limit) this.#parts = [];
    else if (part.length > 0) this.#parts.push(Buffer.from(part));
  }
}

const NO_BYTES = Buffer.alloc(0);
