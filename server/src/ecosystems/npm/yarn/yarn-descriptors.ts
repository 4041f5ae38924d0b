/**
 * Which entry a descriptor (`name@range`) means. It is kept as long as the lockfile, since the manifests, which change, are
 * looked up in it; so it must be given nothing that is a slice of the lockfile's text.
 */
export class YarnDescriptors {
  readonly #isBerry: boolean;
  /** By name, the number of its last descriptor; the others are found by `#before`. */
  readonly #last = new Map<string, number>();
  readonly #before: number[] = [];
  readonly #ranges: string[] = [];
  readonly #owners: number[] = [];
  readonly #isAsked: boolean[] = [];
  /** All numbers by name and range. Made when a name turns out to have too many to go through. */
  #crowded: Map<string, number> | undefined;

  constructor(isBerry: boolean) {
    this.#isBerry = isBerry;
  }

  /** Lets a name and range stand for an entry, in place of the one that they stood for. */
  set(name: string, written: string, entry: number): void {
    const range = this.#plain(written);
    const known = this.#numberOf(name, range);
    if (known !== -1) {
      this.#owners[known] = entry;
      return;
    }
    const number = this.#owners.push(entry) - 1;
    this.#ranges.push(range);
    this.#isAsked.push(false);
    this.#before.push(this.#last.get(name) ?? -1);
    this.#last.set(name, number);
    this.#crowded?.set(`${name}@${range}`, number);
  }

  /** The entry that is asked for by a name and a range; -1 when no key holds the two. */
  find(name: string, range: string): number {
    return this.#owners[this.#numberOf(name, this.#plain(range))] ?? -1;
  }

  /** The same, and notes that a package asks for it. */
  ask(name: string, range: string): number {
    const number = this.#numberOf(name, this.#plain(range));
    if (number === -1) return -1;
    this.#isAsked[number] = true;
    return this.#owners[number] ?? -1;
  }

  /** The entry of a name, whatever its range, if there is only one; else -1. */
  findOnly(name: string): number {
    const last = this.#last.get(name) ?? -1;
    const owner = this.#owners[last] ?? -1;
    for (let number = last; number !== -1; number = this.#before[number] ?? -1) {
      if (this.#owners[number] !== owner) return -1;
    }
    return owner;
  }

  /** The entries of a name, each with its range, and whether a package asks for that one. */
  findAll(name: string): { readonly range: string; readonly entry: number; readonly isAsked: boolean }[] {
    const found = [];
    for (let number = this.#last.get(name) ?? -1; number !== -1; number = this.#before[number] ?? -1) {
      const isAsked = this.#isAsked[number] ?? false;
      found.push({ range: this.#ranges[number] ?? '', entry: this.#owners[number] ?? -1, isAsked });
    }
    return found;
  }

  #numberOf(name: string, range: string): number {
    let steps = 0;
    for (let number = this.#last.get(name) ?? -1; number !== -1; number = this.#before[number] ?? -1) {
      if (this.#ranges[number] === range) return number;
      steps += 1;
      if (steps > MANY) return this.#allNumbers().get(`${name}@${range}`) ?? -1;
    }
    return -1;
  }

  #allNumbers(): ReadonlyMap<string, number> {
    if (this.#crowded === undefined) {
      this.#crowded = new Map();
      for (const [name, last] of this.#last) {
        for (let number = last; number !== -1; number = this.#before[number] ?? -1) {
          this.#crowded.set(`${name}@${this.#ranges[number] ?? ''}`, number);
        }
      }
    }
    return this.#crowded;
  }

  /** Berry's keys say `npm:` where manifests, and its own older lockfiles, leave that out. */
  #plain(range: string): string {
    return this.#isBerry && range.startsWith('npm:') ? range.slice('npm:'.length) : range;
  }
}

/** A name with more ranges than this is not gone through one by one. */
const MANY = 40;
