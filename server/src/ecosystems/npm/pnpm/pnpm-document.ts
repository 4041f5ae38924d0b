import type { CatalogEntry } from '../../../core/lockfile.ts';
import type { Scope } from '../../../core/package.ts';
import type { Problem, Span } from '../../../core/span.ts';
import { growEntry, type GrowingEntry } from '../lockfile/growing-entry.ts';
import { copyAll, copyOf, isSamePiece } from '../lockfile/string-table.ts';
import { identifyPackage, keyOf } from './pnpm-key.ts';
import { PnpmKeyTable } from './pnpm-key-table.ts';
import { identifyOldPackage, oldKeyOf, oldMajorOf, type OldDetails, type OldMajor } from './pnpm-old-key.ts';
import { comesAfter, PnpmPackages } from './pnpm-packages.ts';
import { PnpmReferences } from './pnpm-references.ts';

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
 * before snapshots. It holds places in the text and flat lists rather than objects, since it is made for a moment and large.
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
  readonly packages: PnpmPackages;
  readonly references: PnpmReferences;
  /** One entry for each key of `snapshots`; without its strings until the document is settled, and its edges until the graph is made. */
  readonly entries: GrowingEntry[] = [];
  /** By entry: how many of its references, later of its edges, are not optional. Those come first. Undefined when all are required. */
  readonly required: (number | undefined)[] = [];
  readonly importers: PnpmImporter[] = [];
  readonly catalogs: CatalogEntry[] = [];
  /** Names that packages of other names are installed under, as far as references were resolved. */
  readonly aliases = new Set<string>();
  #version: string | undefined;
  #oldMajor: OldMajor | undefined;
  readonly #importerOf = new Map<string, number>();
  /** By entry: its references are those from one number to another. */
  readonly #firstReference: number[] = [];
  readonly #endReference: number[] = [];
  /** Text that is kept, and by entry the numbers of its name and of its hash in it. Copied all at once in the end. */
  readonly #pieces: string[] = [];
  readonly #namePiece: number[] = [];
  readonly #hashPiece: number[] = [];
  /** Keys that are not what stands in the text. */
  readonly #written = new Map<number, string>();
  /** Made when a key may be there twice, or is not found in the table. */
  #entryOf: Map<string, number> | undefined;
  #table: PnpmKeyTable | undefined;
  #lastPackage = -1;
  readonly #lastKey = { start: 0, end: 0 };
  readonly #lastName = { start: 0, length: -1, piece: -1 };

  constructor(text: string, start: number) {
    this.text = text;
    this.start = start;
    this.end = text.length;
    this.next = text.length;
    this.versionSpan = { start, end: Math.min(text.length, start + 1) };
    this.packages = new PnpmPackages(text);
    this.references = new PnpmReferences(text);
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

  /** Notes a piece of text that is kept; the answer is its number, and -1 for none. */
  keep(piece: string | undefined): number {
    return piece === undefined ? -1 : this.#pieces.push(piece) - 1;
  }

  /** Adds the entry of a snapshot whose key is the text between two offsets, and is its index. */
  addPlainSnapshot(start: number, end: number): number {
    const { packages } = this;
    if (this.#entryOf !== undefined || !packages.isSorted) return this.#addSnapshotAt(start, end);
    let item = this.#lastPackage;
    if (packages.isOf(item, start, end)) {
      const { start: last, end: lastEnd } = this.#lastKey;
      if (!comesAfter(this.text, last, lastEnd, start, end)) return this.#addSnapshotAt(start, end);
    } else if (packages.isOf(item + 1, start, end)) {
      item += 1;
    } else {
      const bareEnd = this.text.slice(start, end).indexOf('(');
      const found = packages.find(this.text.slice(start, bareEnd === -1 ? end : start + bareEnd));
      if (found <= item) return this.#addSnapshotAt(start, end);
      item = found;
    }
    this.#lastKey.start = start;
    this.#lastKey.end = end;
    return this.#addIdentified(item, start, end, undefined);
  }

  /** The same for a snapshot by its key, in whatever form and order. */
  addSnapshot(key: string, start: number, end: number): number {
    const peers = key.indexOf('(');
    const bare = peers === -1 ? key : key.slice(0, peers);
    const item = this.packages.find(bare);
    if (item === -1) this.report(start, end, 'The package is missing from "packages"');
    if (item !== -1 && this.text.startsWith(key, start))
      return this.#addIdentified(item, start, start + key.length, key);
    const at = bare.indexOf('@', 1);
    const name = at === -1 ? bare : bare.slice(0, at);
    const entry = this.#identified(name, at === -1 ? '' : bare.slice(at + 1), item, start, end);
    return this.#place(entry, this.keep(name), item, key);
  }

  /** Adds the entry of a package of a lockfile before version 9 and is its index. */
  addOldPackage(key: string, { start, end }: Span, major: OldMajor, details: OldDetails): number {
    const { name, version, source, registry } = identifyOldPackage(key, major, details);
    if (version === '' && source === 'registry') this.report(start, end, `${name} has no version`);
    const entry = growEntry('', copyOf(version, 0, version.length), source, registry, start, end);
    entry.deprecated = details.deprecated;
    entry.hasInstallScript = details.hasInstallScript;
    const index = this.#place(entry, this.keep(name), -1, key);
    this.#hashPiece[index] = this.keep(details.integrity);
    return index;
  }

  /** Gives an entry the references from one on to the last. `required` of them are not optional; undefined when all are. */
  setReferences(index: number, first: number, required: number | undefined): void {
    const end = this.references.count;
    this.#firstReference[index] = first;
    this.#endReference[index] = end;
    this.required[index] = required === end - first ? undefined : required;
  }

  /** Number of the first reference of an entry, and the one after its last. */
  referencesOf(index: number): readonly [number, number] {
    return [this.#firstReference[index] ?? 0, this.#endReference[index] ?? 0];
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

  /** To be called once, when all is read: adds the packages that no snapshot is made of, and gives all entries their strings. */
  settle(): void {
    for (let index = 0; index < this.packages.count; index += 1) {
      if (this.packages.isUsed(index)) continue;
      const key = this.packages.keyOf(index);
      const start = this.packages.startOf(index);
      if (this.#keys().has(key)) this.report(start, start + key.length, TWICE);
      else this.addSnapshot(key, start, start + key.length);
    }
    const strings = copyAll(this.#pieces);
    for (let index = 0; index < this.entries.length; index += 1) {
      const entry = this.entries[index];
      if (entry === undefined) continue;
      entry.name = strings[this.#namePiece[index] ?? -1] ?? '';
      entry.integrity = strings[this.#hashPiece[index] ?? -1];
    }
  }

  /** Index of the entry that a reference means; -1 when there is none. Only when the document is settled. */
  resolve(reference: number): number {
    const { references } = this;
    if (this.#oldMajor === undefined && references.isInText(reference)) {
      this.#table ??= new PnpmKeyTable(this.text, this.entries, (index) => !this.#written.has(index));
      const found = this.#table.find(
        references.place(reference, 0),
        references.place(reference, 1),
        references.place(reference, 2),
        references.place(reference, 3),
      );
      if (found !== -1) return found;
    }
    const name = references.nameOf(reference);
    const version = references.versionOf(reference);
    const key = this.#oldMajor === undefined ? keyOf(name, version) : oldKeyOf(name, version, this.#oldMajor);
    const target = this.#keys().get(key) ?? -1;
    const entry = this.entries[target];
    if (entry !== undefined && entry.name !== name) this.aliases.add(copyOf(name, 0, name.length));
    return target;
  }

  #addSnapshotAt(start: number, end: number): number {
    return this.addSnapshot(this.text.slice(start, end), start, end);
  }

  /** Adds the entry of a known package whose key stands between two offsets. */
  #addIdentified(item: number, start: number, end: number, key: string | undefined): number {
    const { text } = this;
    const bareEnd = start + this.packages.lengthOf(item);
    // In the key alone: in a text that has no @, each search would go on to its end.
    const at = text.slice(start, bareEnd).indexOf('@', 1);
    const nameEnd = at === -1 ? bareEnd : start + at;
    // Versions of one package stand below each other and share its name.
    const last = this.#lastName;
    const length = nameEnd - start;
    if (length !== last.length || !isSamePiece(text, last.start, text, start, length)) {
      last.piece = this.keep(text.slice(start, nameEnd));
      last.length = length;
    }
    last.start = start;
    this.#lastPackage = item;
    this.packages.markUsed(item);
    const first = text.charCodeAt(nameEnd + 1);
    const isPlain = at !== -1 && first >= ZERO && first <= NINE && this.packages.detailsOf(item) === undefined;
    const entry = isPlain
      ? growEntry('', copyOf(text, nameEnd + 1, bareEnd), 'registry', undefined, start, end)
      : this.#identified(text.slice(start, nameEnd), text.slice(nameEnd + 1, bareEnd), item, start, end);
    return this.#place(entry, last.piece, item, key);
  }

  #identified(name: string, reference: string, item: number, start: number, end: number): GrowingEntry {
    const details = this.packages.detailsOf(item);
    const { version, source, registry } = identifyPackage(reference, name, details);
    if (version === '' && source === 'registry') this.report(start, end, `${name} has no version`);
    const entry = growEntry('', version, source, registry, start, end);
    entry.deprecated = details?.deprecated;
    entry.hasInstallScript = details?.hasInstallScript ?? false;
    return entry;
  }

  /** `key` is undefined for one that is the text and surely new. */
  #place(entry: GrowingEntry, namePiece: number, item: number, key: string | undefined): number {
    const known = key === undefined ? undefined : this.#keys().get(key);
    if (known !== undefined) this.report(entry.start, entry.end, TWICE);
    const index = known ?? this.entries.length;
    this.entries[index] = entry;
    this.#namePiece[index] = namePiece;
    this.#hashPiece[index] = this.packages.hashOf(item);
    this.required[index] = undefined;
    this.#endReference[index] = 0;
    this.#firstReference[index] = 0;
    if (key === undefined) return index;
    this.#entryOf?.set(key, index);
    if (!this.text.startsWith(key, entry.start)) this.#written.set(index, key);
    return index;
  }

  /** By key, the index of its entry. */
  #keys(): Map<string, number> {
    if (this.#entryOf !== undefined) return this.#entryOf;
    const made = new Map<string, number>();
    this.entries.forEach(({ start, end }, index) => {
      made.set(this.#written.get(index) ?? this.text.slice(start, end), index);
    });
    this.#entryOf = made;
    return made;
  }
}

const TWICE = 'The package is listed twice; the last one counts';
const ZERO = 48;
const NINE = 57;
