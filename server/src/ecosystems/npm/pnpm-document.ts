import type { CatalogEntry } from '../../core/lockfile.ts';
import type { Scope } from '../../core/package.ts';
import type { Problem, Span } from '../../core/span.ts';
import { growEntry, type GrowingEntry } from './growing-entry.ts';
import { identifyPackage } from './pnpm-key.ts';
import { PnpmKeys, type HashedKey } from './pnpm-keys.ts';
import { PnpmPackages, type PnpmPackage } from './pnpm-packages.ts';
import { copyOf } from './string-table.ts';

/** A dependency of an importer, its name as a piece of the text. */
export interface PnpmDependency {
  readonly scope: Scope;
  readonly specifier: string | undefined;
  /** Number of a reference of the document; -1 when there is no version. */
  readonly reference: number;
}

export interface PnpmImporter {
  readonly path: string;
  readonly start: number;
  readonly end: number;
  readonly dependencies: PnpmDependency[];
}

/** More are not kept. */
const MAX_PROBLEMS = 200;

/**
 * What one YAML document of a `pnpm-lock.yaml` says. Two readers fill it, one line by line and one from a tree: packages
 * before snapshots. References between packages stay offsets until everything is known.
 * @see https://github.com/pnpm/spec/blob/master/lockfile/9.0.md
 */
export class PnpmDocument {
  readonly text: string;
  readonly start: number;
  end: number;
  /** Where the next document of the text begins. */
  next: number;
  version: string | undefined;
  versionSpan: Span;
  /** True when it names packages that the package manager itself is made of, which the project's document does not. */
  hasTools = false;
  readonly problems: Problem[] = [];
  readonly packages = new PnpmPackages();
  readonly importers: PnpmImporter[] = [];
  readonly catalogs: CatalogEntry[] = [];
  /** One for each key of `snapshots`. The number of the key in the table is the index here. */
  readonly entries: GrowingEntry[] = [];
  readonly keys = new PnpmKeys();
  /** By entry: the number of its first reference, and of the first after its last. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** For each reference the hashes of the key that it means, where the name begins and ends, and what it is as a number. */
  readonly #references: number[] = [];
  /** The path of each link to a folder, by reference. */
  readonly #links = new Map<number, string>();

  constructor(text: string, start: number, end: number) {
    this.text = text;
    this.start = start;
    this.end = end;
    this.next = end;
    this.versionSpan = { start, end: Math.min(end, start + 1) };
  }

  report(start: number, end: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ span: { start, end }, message });
  }

  /** Adds a package by the key that was read last. */
  addPackage(key: HashedKey, source: string, placeStart: number, placeEnd: number): PnpmPackage {
    const { first, second, start, end } = key;
    return this.packages.add({
      first,
      second,
      source,
      start,
      end,
      placeStart,
      placeEnd,
      integrity: undefined,
      tarball: undefined,
      deprecated: undefined,
      version: undefined,
      type: undefined,
      hasInstallScript: false,
      isUsed: false,
    });
  }

  /** Adds the entry of a snapshot and is its index. The key is a piece of `source`; the place is in the text. */
  addSnapshot(key: HashedKey, source: string, placeStart: number, placeEnd: number): number {
    const { start } = key;
    const at = key.at === -1 || key.at > key.stop ? key.stop : key.at;
    const likely = this.entries.at(-1)?.name ?? '';
    const name = at - start === likely.length && source.startsWith(likely, start) ? likely : copyOf(source, start, at);
    const item = this.packages.find(key.stopFirst, key.stopSecond);
    const identity = identifyPackage({ text: source, at, stop: key.stop }, name, item);
    if (item === undefined) this.report(placeStart, placeEnd, 'The package is missing from "packages"');
    if (identity.version === '' && identity.source === 'registry') {
      this.report(placeStart, placeEnd, `${name} has no version`);
    }
    const entry = growEntry(name, identity.version, identity.source, identity.registry, placeStart, placeEnd);
    if (item !== undefined) {
      entry.integrity = item.integrity;
      entry.deprecated = item.deprecated;
      entry.hasInstallScript = item.hasInstallScript;
    }
    const index = this.keys.add(key.first, key.second);
    if (index < this.entries.length) this.report(placeStart, placeEnd, TWICE);
    this.entries[index] = entry;
    this.#from[index] = this.#referenceCount;
    this.#to[index] = this.#referenceCount;
    return index;
  }

  /** Ends the last snapshot: the references noted since belong to it. */
  closeSnapshot(index: number): void {
    this.#to[index] = this.#referenceCount;
  }

  /** Adds entries for the packages that no snapshot is made of. */
  addLeftPackages(): void {
    for (const item of this.packages.items) {
      if (item.isUsed) continue;
      const { first, second, source, start, end, placeStart, placeEnd } = item;
      if (this.keys.find(first, second) !== -1) {
        this.report(placeStart, placeEnd, TWICE);
        continue;
      }
      const at = source.indexOf('@', start + 1);
      const key = { first, second, stopFirst: first, stopSecond: second, start, end, at, stop: end };
      this.addSnapshot(key, source, placeStart, placeEnd);
    }
  }

  addImporter(path: string, start: number, end: number): PnpmImporter {
    const importer: PnpmImporter = { path, start, end, dependencies: [] };
    this.importers.push(importer);
    return importer;
  }

  /** Notes a dependency of the last snapshot, or of an importer, by the hashes of the key that it means; the answer is its number. */
  refer(first: number, second: number, nameStart: number, nameEnd: number, isOptional: boolean): number {
    return this.#references.push(first, second, nameStart, nameEnd, isOptional ? OPTIONAL : 0) / STRIDE - 1;
  }

  /** The same by the version as a string, which may also be a link to a folder. */
  referTo(name: string, version: string, nameStart: number, nameEnd: number, isOptional: boolean): number {
    if (version.startsWith('link:')) {
      const reference = this.refer(0, 0, nameStart, nameEnd, isOptional);
      this.#references[reference * STRIDE + STRIDE - 1] = isOptional ? OPTIONAL | LINK : LINK;
      this.#links.set(reference, version.slice('link:'.length));
      return reference;
    }
    const key = isWholeKey(version) ? version : `${name}@${version}`;
    const { first, second } = this.keys.hash(key, 0, key.length);
    return this.refer(first, second, nameStart, nameEnd, isOptional);
  }

  firstReference(index: number): number {
    return this.#from[index] ?? 0;
  }

  endOfReferences(index: number): number {
    return this.#to[index] ?? 0;
  }

  isOptional(reference: number): boolean {
    return ((this.#references[reference * STRIDE + STRIDE - 1] ?? 0) & OPTIONAL) !== 0;
  }

  /** The path of a reference to a folder, as it is written; undefined for references to packages. */
  linkOf(reference: number): string | undefined {
    const kind = this.#references[reference * STRIDE + STRIDE - 1] ?? 0;
    return (kind & LINK) === 0 ? undefined : this.#links.get(reference);
  }

  /** The index of the entry that a reference means; -1 when there is none. */
  entryOf(reference: number): number {
    return this.keys.find(this.#references[reference * STRIDE] ?? 0, this.#references[reference * STRIDE + 1] ?? 0);
  }

  nameSpan(reference: number): Span {
    const at = reference * STRIDE + 2;
    return { start: this.#references[at] ?? 0, end: this.#references[at + 1] ?? 0 };
  }

  get #referenceCount(): number {
    return this.#references.length / STRIDE;
  }
}

/** True when a dependency's version is a whole key (`real-name@1.0.0`), which is how aliases are written. */
function isWholeKey(version: string): boolean {
  return /^[^:(]*@/.test(version);
}

const TWICE = 'The package is listed twice; the last one counts';
/** Numbers for each reference, and the bits of the last of them. */
const STRIDE = 5;
const OPTIONAL = 1;
const LINK = 2;
