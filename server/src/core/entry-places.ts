import type { LockEntry } from './lockfile.ts';

/** Finds the entries of a lockfile by where their keys stand. They are put in order when somebody first asks. */
export class EntryPlaces {
  readonly #entries: readonly LockEntry[];
  #order: Uint32Array | undefined;

  constructor(entries: readonly LockEntry[]) {
    this.#entries = entries;
  }

  /** The index of the entry whose key an offset touches; undefined where there is none. */
  at(offset: number): number | undefined {
    const index = this.before(offset);
    return index !== undefined && offset <= (this.#entries[index]?.end ?? -1) ? index : undefined;
  }

  /** The index of the last entry whose key begins at an offset or before it. */
  before(offset: number): number | undefined {
    const place = this.#firstAfter(offset) - 1;
    return this.inOrder()[place];
  }

  /** The indexes of entries whose keys begin from one offset to another, in the order of their places. */
  between(start: number, end: number): Uint32Array {
    return this.inOrder().subarray(this.#firstAfter(start - 1), this.#firstAfter(end));
  }

  /** All indexes in the order of their places. Entries without a key of their own are left out. */
  inOrder(): Uint32Array {
    const entries = this.#entries;
    if (this.#order !== undefined) return this.#order;
    const startOf = (index: number): number => entries[index]?.start ?? 0;
    const placed = Uint32Array.from(entries.keys()).filter((index) => (entries[index]?.end ?? 0) > startOf(index));
    this.#order = placed.sort((a, b) => startOf(a) - startOf(b));
    return this.#order;
  }

  /** The place in the order of the first entry that begins behind an offset. */
  #firstAfter(offset: number): number {
    const order = this.inOrder();
    let low = 0;
    let high = order.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#entries[order[middle] ?? 0]?.start ?? 0) <= offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
