import type { CatalogEntry } from '../../core/lockfile.ts';
import type { Scope } from '../../core/package.ts';
import type { Problem, Span } from '../../core/span.ts';
import { growEntry, type GrowingEntry } from './growing-entry.ts';
import { identifyPackage } from './pnpm-key.ts';
import { PnpmKeys, type HashedKey } from './pnpm-keys.ts';
import { copyOf } from './string-table.ts';

/** What `packages` says of one name and version. */
export interface PnpmPackage {
  /** The hashes of the key, and the text that it is a piece of, with its place there. */
  readonly first: number;
  readonly second: number;
  readonly source: string;
  readonly sourceStart: number;
  readonly sourceEnd: number;
  /** Where the key stands. */
  readonly start: number;
  readonly end: number;
  integrity: string | undefined;
  tarball: string | undefined;
  deprecated: string | undefined;
  /** Written where the key holds a URL or a path in its place. */
  version: string | undefined;
  /** `git`, `directory`, `binary`, …; undefined for tarballs. */
  type: string | undefined;
  hasInstallScript: boolean;
  /** True when a snapshot is made of it. */
  isUsed: boolean;
}

export interface PnpmDependency {
  readonly scope: Scope;
  readonly specifier: string | undefined;
  /** Number of a reference. */
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
 * What one YAML document of a `pnpm-lock.yaml` says. Two readers fill it, one line by line and one from a tree; packages
 * before snapshots. References between packages are looked up when everything is known.
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
  readonly packages: PnpmPackage[] = [];
  /** One for each key of `snapshots`. The number of the key is the index here. */
  readonly entries: GrowingEntry[] = [];
  readonly importers: PnpmImporter[] = [];
  readonly catalogs: CatalogEntry[] = [];
  readonly keys: PnpmKeys;
  /** By entry: the number of its first reference, and of the first after its last. */
  readonly #from: number[] = [];
  readonly #to: number[] = [];
  /** For each reference the hashes of the key that it means, where the name begins and ends, and what it is. */
  #references = new Int32Array(4096);
  #referenceCount = 0;
  /** The path of each reference to a folder. */
  readonly #links = new Map<number, string>();
  #nextPackage = 0;
  /** Made when snapshots come in another order than packages. */
  #packageOf: Map<string, number> | undefined;
  #lastName = '';

  constructor(text: string, start: number) {
    this.text = text;
    // A key and what is said of it take about this many characters.
    this.keys = new PnpmKeys((text.length - start) / 300);
    this.start = start;
    this.end = text.length;
    this.next = text.length;
    this.versionSpan = { start, end: Math.min(text.length, start + 1) };
  }

  report(start: number, end: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ span: { start, end }, message });
  }

  /** Adds a package. Its key is a piece of `source` and stands in the text from `start` to `end`. */
  addPackage(key: HashedKey, source: string, start: number, end: number): PnpmPackage {
    const item: PnpmPackage = {
      first: key.first,
      second: key.second,
      source,
      sourceStart: key.start,
      sourceEnd: key.end,
      start,
      end,
      integrity: undefined,
      tarball: undefined,
      deprecated: undefined,
      version: undefined,
      type: undefined,
      hasInstallScript: false,
      isUsed: false,
    };
    this.packages.push(item);
    return item;
  }

  /** Adds the entry of a snapshot and is its index. What is referred to next belongs to it, until it is closed. */
  addSnapshot(key: HashedKey, source: string, start: number, end: number): number {
    const { at, stop } = key;
    const item = this.#findPackage(key.stopFirst, key.stopSecond);
    if (item === undefined) this.report(start, end, 'The package is missing from "packages"');
    const hasVersion = at !== -1 && at < stop;
    const name = this.#nameOf(source, key.start, hasVersion ? at : stop);
    const identity = identifyPackage(source, hasVersion ? at + 1 : stop, stop, name, item);
    if (identity.version === '' && identity.source === 'registry') this.report(start, end, `${name} has no version`);
    const entry = growEntry(name, identity.version, identity.source, identity.registry, start, end);
    if (item !== undefined) {
      entry.integrity = item.integrity;
      entry.deprecated = item.deprecated;
      entry.hasInstallScript = item.hasInstallScript;
    }
    const index = this.keys.add(key.first, key.second);
    if (index < this.entries.length) this.report(start, end, TWICE);
    this.entries[index] = entry;
    this.#from[index] = this.#referenceCount;
    this.#to[index] = this.#referenceCount;
    return index;
  }

  closeSnapshot(index: number): void {
    this.#to[index] = this.#referenceCount;
  }

  /** Adds entries for the packages that no snapshot is made of. */
  addLeftPackages(): void {
    for (const { isUsed, source, sourceStart, sourceEnd, start, end } of this.packages) {
      if (isUsed) continue;
      const key = this.keys.read(source, sourceStart, sourceEnd);
      if (this.keys.find(key.first, key.second) === -1) this.addSnapshot(key, source, start, end);
      else this.report(start, end, TWICE);
    }
  }

  addImporter(path: string, start: number, end: number): PnpmImporter {
    const importer: PnpmImporter = { path: copyOf(path, 0, path.length), start, end, dependencies: [] };
    this.importers.push(importer);
    return importer;
  }

  /** Notes a dependency by the hashes of the key that it means; the answer is its number. */
  refer(first: number, second: number, nameStart: number, nameEnd: number, isOptional: boolean): number {
    const at = this.#referenceCount * STRIDE;
    if (at + STRIDE > this.#references.length) this.#growReferences();
    const references = this.#references;
    references[at] = first;
    references[at + 1] = second;
    references[at + 2] = nameStart;
    references[at + 3] = nameEnd;
    references[at + 4] = isOptional ? OPTIONAL : 0;
    this.#referenceCount += 1;
    return this.#referenceCount - 1;
  }

  /** Notes a dependency that is a folder. */
  referToFolder(path: string, nameStart: number, nameEnd: number, isOptional: boolean): number {
    const reference = this.refer(0, 0, nameStart, nameEnd, isOptional);
    this.#references[reference * STRIDE + 4] = isOptional ? OPTIONAL | LINK : LINK;
    this.#links.set(reference, path);
    return reference;
  }

  /** Notes a dependency by its version, whatever that is. */
  referTo(name: string, version: string, nameStart: number, nameEnd: number, isOptional: boolean): number {
    if (version.startsWith('link:')) {
      return this.referToFolder(version.slice('link:'.length), nameStart, nameEnd, isOptional);
    }
    // A version with an @ before any colon or parenthesis is a whole key, of another name: an alias.
    const key = /^[^:(]*@/.test(version) ? version : `${name}@${version}`;
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
    return ((this.#references[reference * STRIDE + 4] ?? 0) & OPTIONAL) !== 0;
  }

  /** The path of a reference to a folder, as it is written; undefined for references to packages. */
  linkOf(reference: number): string | undefined {
    return ((this.#references[reference * STRIDE + 4] ?? 0) & LINK) === 0 ? undefined : this.#links.get(reference);
  }

  /** The index of the entry that a reference means; -1 when there is none. */
  entryOf(reference: number): number {
    const at = reference * STRIDE;
    return this.keys.find(this.#references[at] ?? 0, this.#references[at + 1] ?? 0);
  }

  /** Where the name of a reference stands. */
  nameSpan(reference: number): Span {
    const at = reference * STRIDE + 2;
    return { start: this.#references[at] ?? 0, end: this.#references[at + 1] ?? 0 };
  }

  /** The package of a key without peers. Of two with one key it is the last. */
  #findPackage(first: number, second: number): PnpmPackage | undefined {
    for (let index = this.#nextPackage; index < this.#nextPackage + 2; index += 1) {
      const item = this.packages[index];
      if (item?.first !== first || item.second !== second) continue;
      if (this.packages[index + 1]?.first === first) break;
      this.#nextPackage = index;
      item.isUsed = true;
      return item;
    }
    this.#packageOf ??= new Map(this.packages.map((item, index) => [`${item.first} ${item.second}`, index]));
    const index = this.#packageOf.get(`${first} ${second}`) ?? -1;
    const item = this.packages[index];
    if (item === undefined) return undefined;
    this.#nextPackage = index;
    item.isUsed = true;
    return item;
  }

  /** Versions of one package stand below each other and share its name. */
  #nameOf(source: string, start: number, end: number): string {
    const last = this.#lastName;
    if (end - start !== last.length || !source.startsWith(last, start)) this.#lastName = copyOf(source, start, end);
    return this.#lastName;
  }

  #growReferences(): void {
    const grown = new Int32Array(this.#references.length * 4);
    grown.set(this.#references);
    this.#references = grown;
  }
}

const TWICE = 'The package is listed twice; the last one counts';
/** Numbers for each reference, and the bits of the last of them. */
const STRIDE = 5;
const OPTIONAL = 1;
const LINK = 2;
