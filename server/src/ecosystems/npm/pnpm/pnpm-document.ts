import type { CatalogEntry } from '../../../core/lockfile.ts';
import type { Scope } from '../../../core/package.ts';
import type { Problem, Span } from '../../../core/span.ts';
import { growEntry, type GrowingEntry } from '../lockfile/growing-entry.ts';
import { identifyPackage, keyOf, type PnpmDetails } from './pnpm-key.ts';
import { identifyOldPackage, oldKeyOf, oldMajorOf, type OldDetails, type OldMajor } from './pnpm-old-key.ts';
import { copyOf } from '../lockfile/string-table.ts';

export interface PnpmDependency {
  readonly name: string;
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
 * before snapshots. It holds numbers and flat lists rather than objects, since it is made for a moment and large: its
 * strings, entries apart, may be views of the text, and are let go of with it.
 * @see https://github.com/pnpm/spec/blob/master/lockfile/9.0.md
 */
export class PnpmDocument {
  readonly text: string;
  readonly start: number;
  end: number;
  /** Where the next document of the text begins. */
  next: number;
  versionSpan: Span;
  /** True when it names packages that the package manager itself is made of, which the project's document does not. */
  hasTools = false;
  /** True when a hook of the project's own took part. */
  hasHooks = false;
  readonly problems: Problem[] = [];
  /** Packages: their keys, where those stand, their hashes, and the details of the few that have any. */
  readonly packageKeys: string[] = [];
  readonly packageStarts: number[] = [];
  readonly integrities: (string | undefined)[] = [];
  readonly details = new Map<number, PnpmDetails>();
  /** One entry for each key of `snapshots`. Its edges are numbers of references until the graph is made. */
  readonly entries: GrowingEntry[] = [];
  /** By entry: how many of its edges are not optional. Those come first. Undefined when all are required. */
  readonly required: (number | undefined)[] = [];
  /** References: the name and version that a dependency has, and where the name stands first. */
  readonly referenceNames: string[] = [];
  readonly referenceStarts: number[] = [];
  readonly referenceVersions: string[] = [];
  readonly importers: PnpmImporter[] = [];
  readonly catalogs: CatalogEntry[] = [];
  #version: string | undefined;
  #oldMajor: OldMajor | undefined;
  readonly #targets: number[] = [];
  readonly #entryOf = new Map<string, number>();
  readonly #importerOf = new Map<string, number>();
  readonly #isUsed: boolean[] = [];
  #nextPackage = 0;
  /** Made when snapshots come in another order than packages. */
  #packageOf: Map<string, number> | undefined;
  #lastName = '';

  constructor(text: string, start: number) {
    this.text = text;
    this.start = start;
    this.end = text.length;
    this.next = text.length;
    this.versionSpan = { start, end: Math.min(text.length, start + 1) };
  }

  get version(): string | undefined {
    return this.#version;
  }

  set version(version: string | undefined) {
    this.#version = version;
    this.#oldMajor = oldMajorOf(version);
  }

  /** Set before version 9, where keys have another form and `packages` names the dependencies. */
  get oldMajor(): OldMajor | undefined {
    return this.#oldMajor;
  }

  report(start: number, end: number, message: string): void {
    if (this.problems.length < MAX_PROBLEMS) this.problems.push({ span: { start, end }, message });
  }

  /** Adds a package whose key stands at `start`. */
  addPackage(key: string, start: number, integrity: string | undefined): void {
    this.packageKeys.push(key);
    this.packageStarts.push(start);
    this.integrities.push(integrity);
  }

  /** The details of the last package, to be filled in. */
  lastDetails(): PnpmDetails {
    const index = this.packageKeys.length - 1;
    const known = this.details.get(index);
    if (known !== undefined) return known;
    const made = {
      tarball: undefined,
      deprecated: undefined,
      version: undefined,
      type: undefined,
      hasInstallScript: false,
    };
    this.details.set(index, made);
    return made;
  }

  /** Adds the entry of a snapshot and is its index. */
  addSnapshot(key: string, start: number, end: number): number {
    const peers = key.indexOf('(');
    const bare = peers === -1 ? key : key.slice(0, peers);
    const item = this.#findPackage(bare);
    if (item === -1) this.report(start, end, 'The package is missing from "packages"');
    const at = bare.indexOf('@', 1);
    const name = at === -1 ? bare : bare.slice(0, at);
    // Versions of one package stand below each other and share its name.
    if (name !== this.#lastName) this.#lastName = copyOf(name, 0, name.length);
    const details = this.details.size === 0 ? undefined : this.details.get(item);
    const first = bare.charCodeAt(at + 1);
    let entry: GrowingEntry;
    if (at !== -1 && first >= ZERO && first <= NINE && details === undefined) {
      entry = growEntry(this.#lastName, copyOf(bare, at + 1, bare.length), 'registry', undefined, start, end);
    } else {
      const { version, source, registry } = identifyPackage(at === -1 ? '' : bare.slice(at + 1), name, details);
      if (version === '' && source === 'registry') this.report(start, end, `${name} has no version`);
      entry = growEntry(this.#lastName, version, source, registry, start, end);
      entry.deprecated = details?.deprecated;
      entry.hasInstallScript = details?.hasInstallScript ?? false;
    }
    entry.integrity = this.integrities[item];
    return this.#place(key, entry);
  }

  /** Adds the entry of a package of a lockfile before version 9 and is its index. */
  addOldPackage(key: string, { start, end }: Span, major: OldMajor, details: OldDetails): number {
    const { name, version, source, registry } = identifyOldPackage(key, major, details);
    if (version === '' && source === 'registry') this.report(start, end, `${name} has no version`);
    if (name !== this.#lastName) this.#lastName = copyOf(name, 0, name.length);
    const entry = growEntry(this.#lastName, copyOf(version, 0, version.length), source, registry, start, end);
    entry.integrity = details.integrity;
    entry.deprecated = details.deprecated;
    entry.hasInstallScript = details.hasInstallScript;
    return this.#place(key, entry);
  }

  /** Sets the references of an entry: those that it needs, and the optional ones. */
  setEdges(index: number, required: readonly number[], optional: readonly number[]): void {
    const entry = this.entries[index];
    if (entry !== undefined && required.length + optional.length > 0) entry.edges = [...required, ...optional];
    this.required[index] = optional.length === 0 ? undefined : required.length;
  }

  /** Adds entries for the packages that no snapshot is made of. */
  addLeftPackages(): void {
    this.packageKeys.forEach((key, index) => {
      if (this.#isUsed[index] === true) return;
      const start = this.packageStarts[index] ?? 0;
      if (this.#entryOf.has(key)) this.report(start, start + key.length, TWICE);
      else this.addSnapshot(key, start, start + key.length);
    });
  }

  addImporter(path: string, start: number, end: number): PnpmImporter {
    const importer: PnpmImporter = { path: copyOf(path, 0, path.length), start, end, dependencies: [] };
    const known = this.#importerOf.get(path);
    if (known !== undefined) this.report(start, end, 'The importer is listed twice; the last one counts');
    this.importers[known ?? this.importers.length] = importer;
    if (known === undefined) this.#importerOf.set(importer.path, this.importers.length - 1);
    return importer;
  }

  importerAt(path: string): PnpmImporter | undefined {
    return this.importers[this.#importerOf.get(path) ?? -1];
  }

  /** Notes a reference; the answer is its number. */
  addReference(name: string, version: string, start: number): number {
    this.referenceNames.push(name);
    this.referenceStarts.push(start);
    return this.referenceVersions.push(version) - 1;
  }

  /** Index of the entry that a reference means; -1 when there is none. */
  resolve(reference: number): number {
    const known = this.#targets[reference];
    if (known !== undefined) return known;
    const name = this.referenceNames[reference] ?? '';
    const version = this.referenceVersions[reference] ?? '';
    const { oldMajor } = this;
    const key = oldMajor === undefined ? keyOf(name, version) : oldKeyOf(name, version, oldMajor);
    const target = this.#entryOf.get(key) ?? -1;
    this.#targets[reference] = target;
    return target;
  }

  #place(key: string, entry: GrowingEntry): number {
    const known = this.#entryOf.get(key);
    if (known !== undefined) {
      this.report(entry.start, entry.end, TWICE);
      this.entries[known] = entry;
      this.required[known] = undefined;
      return known;
    }
    this.#entryOf.set(key, this.entries.length);
    return this.entries.push(entry) - 1;
  }

  /** Index of the package of a key without peers; -1 when there is none. Of two with one key it is the last. */
  #findPackage(key: string): number {
    const keys = this.packageKeys;
    let index = this.#nextPackage;
    if (keys[index] !== key) index += 1;
    if (keys[index] !== key || keys[index + 1] === key) {
      this.#packageOf ??= new Map(keys.map((other, position) => [other, position]));
      index = this.#packageOf.get(key) ?? -1;
    }
    if (index === -1) return -1;
    this.#nextPackage = index;
    this.#isUsed[index] = true;
    return index;
  }
}

const TWICE = 'The package is listed twice; the last one counts';
const ZERO = 48;
const NINE = 57;
