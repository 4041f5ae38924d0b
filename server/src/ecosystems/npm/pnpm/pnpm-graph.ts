import type { Importer, Lockfile } from '../../../core/lockfile.ts';
import { growEntry, type GrowingEntry } from '../lockfile/growing-entry.ts';
import type { PnpmDocument, PnpmImporter } from './pnpm-document.ts';
import { spreadScopes } from '../lockfile/spread-scopes.ts';
import { copyOf } from '../lockfile/string-table.ts';

/** Lockfiles of this version and later have no `requiresBuild`. */
const MARKS_SCRIPTS_BELOW = 9;

/** Turns a document into a lockfile: one entry for each snapshot, and one for each folder that something links to. */
export function buildGraph(document: PnpmDocument): Lockfile {
  const version = Number.parseInt(document.version ?? '9', 10);
  const format = `pnpm v${version}`;
  const builder = new GraphBuilder(document);
  const importers = builder.build();
  return {
    format,
    entries: builder.entries,
    importers,
    catalogs: document.catalogs,
    tools: [],
    aliases: document.aliases,
    ...(version < MARKS_SCRIPTS_BELOW ? { tellsInstallScripts: true } : {}),
    ...(document.hasHooks ? { isRewritten: true } : {}),
  };
}

class GraphBuilder {
  readonly entries: GrowingEntry[];
  readonly #document: PnpmDocument;
  /** Index of the entry of a folder that something links to, by its path. */
  readonly #folders = new Map<string, number>();
  readonly #newFolders: string[] = [];
  /** By entry: the last one that was connected to it. */
  readonly #lastBy: number[] = [];

  constructor(document: PnpmDocument) {
    this.#document = document;
    this.entries = document.entries;
  }

  build(): Importer[] {
    const { importers } = this.#document;
    const packages = this.entries.length;
    for (let index = 0; index < packages; index += 1) this.#connect(index);
    const resolved = importers.map((importer) => this.#resolveImporter(importer));
    for (let path = this.#newFolders.pop(); path !== undefined; path = this.#newFolders.pop()) {
      this.#connectFolder(path);
    }
    spreadScopes(this.entries, resolved, this.#document.required);
    return resolved;
  }

  /** Turns the references of an entry into edges: what it needs stays before what is optional. */
  #connect(index: number): void {
    const entry = this.entries[index];
    const [first, end] = this.#document.referencesOf(index);
    if (entry === undefined || first === end) return;
    const { required } = this.#document;
    const optional = first + (required[index] ?? end - first);
    const edges: number[] = [];
    for (let reference = first; reference < end; reference += 1) {
      if (reference === optional) required[index] = edges.length;
      const target = this.#resolve(reference, '.');
      // The same package twice is one edge.
      if (target === -1 || this.#lastBy[target] === index) continue;
      this.#lastBy[target] = index;
      edges.push(target);
    }
    // As long as it need be, which one that grew is not.
    entry.edges = edges.slice();
  }

  /** A member does not pass its development dependencies on to what depends on it. */
  #connectFolder(path: string): void {
    const edges = new Set<number>();
    for (const { scope, reference } of this.#document.importerAt(path)?.dependencies ?? []) {
      if (scope === 'prod' || scope === 'optional') edges.add(this.#resolve(reference, path));
    }
    edges.delete(-1);
    const entry = this.entries[this.#folders.get(path) ?? -1];
    if (entry !== undefined) entry.edges = [...edges];
  }

  /** Index of the entry that a reference means; -1 when there is none. Paths are relative to `base`. */
  #resolve(reference: number, base: string): number {
    const { references } = this.#document;
    if (!references.startsWith(reference, LINK)) return this.#document.resolve(reference);
    return this.#folder(joinPath(base, references.versionOf(reference).slice(LINK.length)), reference);
  }

  #folder(path: string, reference: number): number {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const importer = this.#document.importerAt(path);
    const name = this.#document.references.nameOf(reference);
    const nameStart = this.#document.references.startOf(reference);
    // A folder outside of the workspace has no key of its own.
    const { start, end } = importer ?? { start: nameStart, end: nameStart + name.length };
    const source = importer === undefined ? 'link' : 'workspace';
    const entry = growEntry(copyOf(name, 0, name.length), '', source, undefined, start, end);
    const index = this.entries.push(entry) - 1;
    this.#folders.set(path, index);
    this.#newFolders.push(path);
    return index;
  }

  #resolveImporter({ path, dependencies }: PnpmImporter): Importer {
    return {
      path,
      dependencies: dependencies.map(({ name, scope, specifier, reference }) => {
        return { name, scope, specifier, entry: this.#resolve(reference, path) };
      }),
    };
  }
}

/** `base` is a path without `.` and `..` in it; `.` is the root. */
function joinPath(base: string, path: string): string {
  let folderEnd = base === '.' ? 0 : base.length;
  let start = 0;
  while (folderEnd > 0 && path.startsWith('..', start) && (path.length === start + 2 || path[start + 2] === '/')) {
    folderEnd = Math.max(0, base.lastIndexOf('/', folderEnd - 1));
    start = Math.min(path.length, start + '../'.length);
  }
  const rest = path.slice(start);
  if (folderEnd === 0) return rest === '' ? '.' : rest;
  const folder = base.slice(0, folderEnd);
  return rest === '' || rest === '.' ? folder : `${folder}/${rest}`;
}

const LINK = 'link:';
