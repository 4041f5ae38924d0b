/** A place in a document as editors count: from zero, columns in UTF-16 units. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

/**
 * The line starts of a text, so that offsets can become positions after the text itself is gone.
 * Lines end at `\n`, `\r\n` or a lone `\r`, as the Language Server Protocol says.
 */
export class LineIndex {
  readonly #starts: Uint32Array;
  /** Where each line's characters end; undefined where that is one before the next line starts. */
  readonly #ends: Uint32Array | undefined;
  readonly #length: number;

  constructor(text: string) {
    const starts = [0];
    const ends: number[] = [];
    if (!text.includes('\r')) {
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
    } else {
      for (let at = 0; at < text.length; at++) {
        const code = text.charCodeAt(at);
        if (code !== 10 && code !== 13) continue;
        ends.push(at);
        if (code === 13 && text.charCodeAt(at + 1) === 10) at++;
        starts.push(at + 1);
      }
    }
    this.#starts = Uint32Array.from(starts);
    this.#ends = ends.length > 0 ? Uint32Array.from(ends) : undefined;
    this.#length = text.length;
  }

  get lineCount(): number {
    return this.#starts.length;
  }

  positionAt(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: Math.max(0, offset - (this.#starts[low] ?? 0)) };
  }

  /** A column behind the line's end means its end, and a line behind the last one the end of the text. */
  offsetAt({ line, character }: Position): number {
    if (line >= this.#starts.length) return this.#length;
    return Math.min((this.#starts[line] ?? 0) + character, this.#endOf(line));
  }

  /** The place behind the last character of a line. */
  endOfLine(line: number): Position {
    return { line, character: this.#endOf(line) - (this.#starts[line] ?? 0) };
  }

  #endOf(line: number): number {
    const next = this.#starts[line + 1];
    if (next === undefined) return this.#length;
    return this.#ends?.[line] ?? next - 1;
  }
}
