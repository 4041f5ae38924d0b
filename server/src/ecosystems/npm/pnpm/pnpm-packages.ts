import { isSamePiece } from '../lockfile/string-table.ts';
import type { PnpmDetails } from './pnpm-key.ts';

/**
 * The section `packages` of one document: what is said of a name and version, whatever its peers are. Keys are kept as places
 * in the text, and as strings only where they are written in another way.
 */
export class PnpmPackages {
  readonly #text: string;
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  /** By package: the number of its hash among the document's pieces; -1 for none. */
  readonly #hashes: number[] = [];
  readonly #details = new Map<number, PnpmDetails>();
  readonly #isUsed: boolean[] = [];
  readonly #written = new Map<number, string>();
  /** Made when snapshots come in another order than packages. */
  #indexOf: Map<string, number> | undefined;
  #isSorted = true;

  constructor(text: string) {
    this.#text = text;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** True when each key comes after the one before it, as pnpm sorts them: then none is there twice. */
  get isSorted(): boolean {
    return this.#isSorted;
  }

  /** Adds a package whose key is the text between two offsets. */
  addPlace(start: number, end: number, hash: number): void {
    const last = this.#starts.length - 1;
    if (last >= 0 && !comesAfter(this.#text, this.#starts[last] ?? 0, this.#ends[last] ?? 0, start, end)) {
      this.#isSorted = false;
    }
    this.#starts.push(start);
    this.#ends.push(end);
    this.#hashes.push(hash);
  }

  /** Adds a package by its key, which stands at `start` in whatever form. */
  add(key: string, start: number, hash: number): void {
    if (this.#text.startsWith(key, start)) {
      this.addPlace(start, start + key.length, hash);
      return;
    }
    this.#isSorted = false;
    this.#written.set(this.count, key);
    this.#starts.push(start);
    this.#ends.push(start);
    this.#hashes.push(hash);
  }

  /** True when the key between two offsets is that of a package, or that and peers. */
  isOf(index: number, start: number, end: number): boolean {
    const own = this.#starts[index];
    if (own === undefined) return false;
    const length = (this.#ends[index] ?? 0) - own;
    const isWhole = end - start === length || this.#text.charCodeAt(start + length) === PARENTHESIS;
    return isWhole && start + length <= end && isSamePiece(this.#text, own, this.#text, start, length);
  }

  /** Index of the package of a key without peers; -1 when there is none. Of two with one key it is the last. */
  find(key: string): number {
    if (this.#indexOf === undefined) {
      this.#indexOf = new Map();
      for (let index = 0; index < this.count; index += 1) this.#indexOf.set(this.keyOf(index), index);
    }
    return this.#indexOf.get(key) ?? -1;
  }

  keyOf(index: number): string {
    return this.#written.get(index) ?? this.#text.slice(this.#starts[index], this.#ends[index]);
  }

  /** Characters of the key. */
  lengthOf(index: number): number {
    return this.#written.get(index)?.length ?? (this.#ends[index] ?? 0) - (this.#starts[index] ?? 0);
  }

  startOf(index: number): number {
    return this.#starts[index] ?? 0;
  }

  hashOf(index: number): number {
    return this.#hashes[index] ?? -1;
  }

  setLastHash(hash: number): void {
    this.#hashes[this.#hashes.length - 1] = hash;
  }

  detailsOf(index: number): PnpmDetails | undefined {
    return this.#details.size === 0 ? undefined : this.#details.get(index);
  }

  /** The details of the last package, to be filled in. */
  lastDetails(): PnpmDetails {
    const index = this.count - 1;
    const known = this.#details.get(index);
    if (known !== undefined) return known;
    const made = {
      tarball: undefined,
      deprecated: undefined,
      version: undefined,
      type: undefined,
      hasInstallScript: false,
    };
    this.#details.set(index, made);
    return made;
  }

  markUsed(index: number): void {
    this.#isUsed[index] = true;
  }

  isUsed(index: number): boolean {
    return this.#isUsed[index] === true;
  }
}

/** True when the second of two pieces of a text comes after the first, as strings are sorted. */
export function comesAfter(text: string, first: number, firstEnd: number, second: number, secondEnd: number): boolean {
  const length = Math.min(firstEnd - first, secondEnd - second);
  for (let index = 0; index < length; index += 1) {
    const difference = text.charCodeAt(second + index) - text.charCodeAt(first + index);
    if (difference !== 0) return difference > 0;
  }
  return secondEnd - second > firstEnd - first;
}

const PARENTHESIS = 40;
