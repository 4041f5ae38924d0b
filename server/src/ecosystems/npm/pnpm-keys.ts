/** A key of `packages` or `snapshots`, as a piece of a text with its hashes. */
export interface HashedKey {
  readonly start: number;
  readonly end: number;
  /** The `@` between name and version, -1 for none. */
  readonly at: number;
  /** Where the parentheses of peers and patches begin, `end` for none. */
  readonly stop: number;
  /** Hashes of the key, and of the key up to `stop`. */
  readonly first: number;
  readonly second: number;
  readonly stopFirst: number;
  readonly stopSecond: number;
}

/**
 * Numbers for keys, by two hashes of 32 bits. The characters are not compared: the hashes depend on numbers that are drawn
 * anew for each table, so that nobody can write two keys that are taken for one.
 */
export class PnpmKeys {
  readonly firstMultiplier = randomOdd();
  readonly secondMultiplier = randomOdd();
  /** Open addressing: the number of the key in each slot, and one more; 0 for none. The length is a power of two. */
  #slots: Int32Array;
  readonly #first: number[] = [];
  readonly #second: number[] = [];

  /** `expected` is about how many keys there will be. */
  constructor(expected: number) {
    this.#slots = new Int32Array(2 ** Math.ceil(Math.log2(Math.max(16, expected * 2))));
  }

  /** The number of a key, counted from 0; a new one when it was not added before. */
  add(first: number, second: number): number {
    const slot = this.#slotOf(first, second);
    const known = this.#slots[slot] ?? 0;
    if (known !== 0) return known - 1;
    const count = this.#first.push(first);
    this.#second.push(second);
    this.#slots[slot] = count;
    if (count * 2 > this.#slots.length) this.#grow();
    return count - 1;
  }

  /** The number of a key; -1 when it was not added. */
  find(first: number, second: number): number {
    return (this.#slots[this.#slotOf(first, second)] ?? 0) - 1;
  }

  hash(text: string, start: number, end: number): { first: number; second: number } {
    let first = 0;
    let second = 0;
    for (let index = start; index < end; index += 1) {
      const code = text.charCodeAt(index);
      first = Math.imul(first ^ code, this.firstMultiplier);
      second = Math.imul(second ^ code, this.secondMultiplier);
    }
    return { first, second };
  }

  /** Takes a key apart and hashes it. */
  read(text: string, start: number, end: number): HashedKey {
    const key = text.slice(start, end);
    const at = key.indexOf('@', 1);
    const peers = key.indexOf('(');
    const stop = peers === -1 ? end : start + peers;
    const bare = this.hash(text, start, stop);
    const stops = { stop, stopFirst: bare.first, stopSecond: bare.second };
    return { start, end, at: at === -1 ? -1 : start + at, ...stops, ...this.hash(text, start, end) };
  }

  #slotOf(first: number, second: number): number {
    const mask = this.#slots.length - 1;
    for (let slot = (first ^ (first >>> 15)) & mask; ; slot = (slot + 1) & mask) {
      const id = (this.#slots[slot] ?? 0) - 1;
      if (id < 0 || (this.#first[id] === first && this.#second[id] === second)) return slot;
    }
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 4);
    const mask = slots.length - 1;
    this.#first.forEach((first, id) => {
      let slot = (first ^ (first >>> 15)) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = id + 1;
    });
    this.#slots = slots;
  }
}

function randomOdd(): number {
  return Math.floor(Math.random() * 0x3fffffff) * 2 + 1;
}
