import { isSamePiece } from '../lockfile/string-table.ts';
import { isWholeKey } from './pnpm-key.ts';

/** A package as far as its key goes, which is its name, an `@`, and the rest. */
interface Keyed {
  readonly name: string;
  /** Offsets of the key. */
  readonly start: number;
  readonly end: number;
}

/**
 * Finds packages by places in the text, without making a string of any: to hash and compare strings that were cut out of a
 * text takes the engine several times longer.
 */
export class PnpmKeyTable {
  readonly #text: string;
  readonly #entries: readonly Keyed[];
  /** Open addressing: the number of an entry in each slot, and one more; 0 for none. The length is a power of two. */
  readonly #slots: Int32Array;

  /** `isInText` says of which entries the key's characters are those of the text; only they are found. */
  constructor(text: string, entries: readonly Keyed[], isInText: (index: number) => boolean) {
    this.#text = text;
    this.#entries = entries;
    let length = 64;
    while (length < entries.length * 2) length *= 2;
    this.#slots = new Int32Array(length);
    for (let index = 0; index < entries.length; index += 1) if (isInText(index)) this.#add(index);
  }

  /** Index of the package of a name and the rest of its key, by their offsets; -1 when it is not here, or not found soon. */
  find(nameStart: number, nameEnd: number, restStart: number, restEnd: number): number {
    const text = this.#text;
    const slots = this.#slots;
    const mask = slots.length - 1;
    const nameLength = nameEnd - nameStart;
    const restLength = restEnd - restStart;
    let slot = hash(text, nameStart, nameLength, restStart, restLength) & mask;
    for (let probes = 0; probes < MAX_PROBES; probes += 1) {
      const index = (slots[slot] ?? 0) - 1;
      const entry = this.#entries[index];
      if (entry === undefined) return -1;
      const { start, end } = entry;
      if (
        end - start === nameLength + 1 + restLength &&
        isSamePiece(text, start, text, nameStart, nameLength) &&
        text.charCodeAt(start + nameLength) === AT &&
        isSamePiece(text, start + nameLength + 1, text, restStart, restLength)
      ) {
        return index;
      }
      slot = (slot + 1) & mask;
    }
    return -1;
  }

  #add(index: number): void {
    const entry = this.#entries[index];
    if (entry === undefined) return;
    const { start, end } = entry;
    const nameLength = entry.name.length;
    const restLength = end - start - nameLength - 1;
    if (nameLength === 0 || restLength <= 0) return;
    // A version that is a whole key means that key, whatever its name.
    if (isWholeKey(this.#text.slice(end - restLength, end))) return;
    const mask = this.#slots.length - 1;
    let slot = hash(this.#text, start, nameLength, start + nameLength + 1, restLength) & mask;
    for (let probes = 0; probes < MAX_PROBES; probes += 1) {
      if (this.#slots[slot] === 0) {
        this.#slots[slot] = index + 1;
        return;
      }
      slot = (slot + 1) & mask;
    }
  }
}

/** A few characters of each are enough: where many keys fall into one slot, the search is given up. */
function hash(text: string, name: number, nameLength: number, rest: number, restLength: number): number {
  const quarter = nameLength >> 2;
  let mixed = Math.imul((nameLength << 6) ^ restLength, 0x9e3779b1);
  mixed ^= text.charCodeAt(name + nameLength - 1) ^ (text.charCodeAt(name + (nameLength >> 1)) << 8);
  mixed ^= (text.charCodeAt(name + quarter) << 16) ^ (text.charCodeAt(name + nameLength - 1 - quarter) << 24);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  mixed ^= text.charCodeAt(rest) ^ (text.charCodeAt(rest + (restLength >> 1)) << 8);
  mixed ^= text.charCodeAt(rest + restLength - 1) << 16;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

/** A file whose keys were made to share one slot must not cost more than this for each. */
const MAX_PROBES = 32;
const AT = 64;
