/**
 * Numbers for pieces of text. The same characters get the same number, and a piece is copied out of its text only when its
 * string is asked for, once.
 */
export class StringTable {
  /**
   * Drawn anew for each table, so that no file can make all names fall into one slot. What a caller sees does not depend on
   * it. The hash of a piece is 0, and then for each code `rotate(imul(hash ^ code, multiplier), 13)`, a left rotation: without
   * that, texts could be made that have one hash whatever the multiplier is.
   */
  readonly multiplier = Math.floor(Math.random() * 0x3fffffff) * 2 + 1;
  /** Open addressing: the number of the piece in each slot, and one more; 0 for none. The length is a power of two. */
  #slots = new Int32Array(1024);
  readonly #hashes: number[] = [];
  readonly #sources: string[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  readonly #strings: (string | undefined)[] = [];

  /** The number of a piece of `source`, counted from 0 in order of first appearance. */
  intern(source: string, start: number, end: number): number {
    return this.internHashed(this.hash(0, source, start, end), source, start, end);
  }

  /** The same for a piece whose hash is known. */
  internHashed(hash: number, source: string, start: number, end: number): number {
    const slot = this.#slotOf(hash, source, start, end, NONE, NONE);
    const known = this.#slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    const id = this.#hashes.length;
    this.#hashes.push(hash);
    this.#sources.push(source);
    this.#starts.push(start);
    this.#ends.push(end);
    this.#slots[slot] = id + 1;
    if (this.#hashes.length * 2 > this.#slots.length) this.#grow();
    return id;
  }

  /** The number of a piece that was interned before; -1 when it was not. */
  find(source: string, start: number, end: number): number {
    return this.findHashed(this.hash(0, source, start, end), source, start, end, NONE, NONE);
  }

  /**
   * The same for a piece whose hash is known, or for two pieces of `source` with an `@` between them. There is no second one
   * when `secondStart` is -1.
   */
  findHashed(hash: number, source: string, start: number, end: number, secondStart: number, secondEnd: number): number {
    return (this.#slots[this.#slotOf(hash, source, start, end, secondStart, secondEnd)] ?? 0) - 1;
  }

  /** The string of a number, as a copy that keeps no other text in memory. */
  string(id: number): string {
    const made = this.#strings[id];
    if (made !== undefined) return made;
    const copy = copyOf(this.#sources[id] ?? '', this.#starts[id] ?? 0, this.#ends[id] ?? 0);
    this.#strings[id] = copy;
    return copy;
  }

  /** The hash of all that has the hash `before` and of a piece after it. */
  hash(before: number, source: string, start: number, end: number): number {
    const { multiplier } = this;
    let hash = before;
    for (let index = start; index < end; index += 1) {
      const mixed = Math.imul(hash ^ source.charCodeAt(index), multiplier);
      hash = (mixed << 13) | (mixed >>> 19);
    }
    return hash;
  }

  #slotOf(hash: number, source: string, start: number, end: number, secondStart: number, secondEnd: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = (hash ^ (hash >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id < 0) return slot;
      if (this.#hashes[id] === hash && this.#isPiece(id, source, start, end, secondStart, secondEnd)) return slot;
    }
  }

  #isPiece(id: number, source: string, start: number, end: number, secondStart: number, secondEnd: number): boolean {
    const other = this.#sources[id] ?? '';
    const from = this.#starts[id] ?? 0;
    const length = (this.#ends[id] ?? 0) - from;
    const firstLength = end - start;
    if (secondStart === NONE) return length === firstLength && isSamePiece(other, from, source, start, length);
    const secondLength = secondEnd - secondStart;
    return (
      length === firstLength + 1 + secondLength &&
      isSamePiece(other, from, source, start, firstLength) &&
      other.charCodeAt(from + firstLength) === AT &&
      isSamePiece(other, from + firstLength + 1, source, secondStart, secondLength)
    );
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    this.#hashes.forEach((hash, id) => {
      let slot = (hash ^ (hash >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    });
    this.#slots = slots;
  }
}

/**
 * A copy of a piece of text. A plain substring of thirteen characters or more is a view in V8 that keeps the whole text in
 * memory; the piece joined to another character and cut again is a view of nothing but itself.
 */
export function copyOf(text: string, start: number, end: number): string {
  const piece = text.substring(start, end);
  return piece.length < 13 ? piece : ` ${piece}`.slice(1);
}

/** Copies of many pieces: views of one text that is all of them, which takes a fraction of the time of copying each. */
export function copyAll(pieces: readonly string[]): string[] {
  const kept = pieces.join('');
  const copies: string[] = [];
  let start = 0;
  for (const piece of pieces) {
    const end = start + piece.length;
    copies.push(kept.slice(start, end));
    start = end;
  }
  return copies;
}

/** Where the next of a text stands; the length of the text it is looked for in when there is none. */
export function indexOrEnd(text: string, what: string, from: number): number {
  const index = text.indexOf(what, from);
  return index === -1 ? text.length : index;
}

/** True when two pieces of the same length have the same characters. */
export function isSamePiece(a: string, aStart: number, b: string, bStart: number, length: number): boolean {
  for (let index = 0; index < length; index += 1) {
    if (a.charCodeAt(aStart + index) !== b.charCodeAt(bStart + index)) return false;
  }
  return true;
}

/** In place of the offset of a second piece: there is none. */
export const NONE = -1;
const AT = 64;
