import { splitDescriptor } from './yarn-identity.ts';

/**
 * Which entry a descriptor means. It is kept as long as the lockfile, since the manifests, which change, are looked up in
 * it; so it holds nothing of the lockfile's text.
 */
export class YarnDescriptors {
  readonly #isBerry: boolean;
  readonly #numbers: ReadonlyMap<string, number>;
  readonly #owners: readonly number[];
  /** By the number of a descriptor: 1 when a package asks for it. */
  readonly #isAsked: Uint8Array;
  /** By name, the one entry of that name; -1 where there are several. Made when the first is looked for. */
  #onlyEntries: Map<string, number> | undefined;

  constructor(isBerry: boolean, numbers: ReadonlyMap<string, number>, owners: readonly number[]) {
    this.#isBerry = isBerry;
    this.#numbers = numbers;
    this.#owners = owners;
    this.#isAsked = new Uint8Array(owners.length);
  }

  /** The entry that is asked for by a name and a range; -1 when no key holds the two. */
  find(name: string, range: string): number {
    return this.#owners[this.#numberOf(name, range)] ?? -1;
  }

  /** The same, and notes that a package asks for it. */
  ask(name: string, range: string): number {
    const number = this.#numberOf(name, range);
    if (number === -1) return -1;
    this.#isAsked[number] = 1;
    return this.#owners[number] ?? -1;
  }

  /** The entry of a name, whatever its range, if there is only one; else -1. */
  findOnly(name: string): number {
    if (this.#onlyEntries === undefined) {
      this.#onlyEntries = new Map();
      for (const [descriptor, number] of this.#numbers) {
        const [key] = splitDescriptor(descriptor);
        const owner = this.#owners[number] ?? -1;
        const known = this.#onlyEntries.get(key) ?? owner;
        this.#onlyEntries.set(key, known === owner ? owner : -1);
      }
    }
    return this.#onlyEntries.get(name) ?? -1;
  }

  /** The entries of a name, each with its range, and whether a package asks for that one. */
  findAll(name: string): { readonly range: string; readonly entry: number; readonly isAsked: boolean }[] {
    const found = [];
    for (const [descriptor, number] of this.#numbers) {
      if (!descriptor.startsWith(name) || descriptor.charCodeAt(name.length) !== AT) continue;
      const range = descriptor.slice(name.length + 1);
      found.push({ range, entry: this.#owners[number] ?? -1, isAsked: this.#isAsked[number] === 1 });
    }
    return found;
  }

  #numberOf(name: string, range: string): number {
    // Berry's keys say `npm:` where manifests, and its own older lockfiles, leave that out.
    if (this.#isBerry && !range.includes(':')) {
      const number = this.#numbers.get(`${name}@npm:${range}`);
      if (number !== undefined) return number;
    }
    return this.#numbers.get(`${name}@${range}`) ?? -1;
  }
}

const AT = 64;
