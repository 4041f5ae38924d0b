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
    aliases: builder.aliases(),
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

  constructor(document: PnpmDocument) {
    this.#document = document;
    this.entries = document.entries;
  }

  build(): Importer[] {
    const { importers } = this.#document;
    this.#document.addLeftPackages();
    const packages = this.entries.length;
    for (let index = 0; index < packages; index += 1) this.#connect(index);
    const resolved = importers.map((importer) => this.#resolveImporter(importer));
    for (let path = this.#newFolders.pop(); path !== undefined; path = this.#newFolders.pop()) {
      this.#connectFolder(path);
    }
    spreadScopes(this.entries, resolved, this.#document.required);
    return resolved;
  }

  /** Names that packages of other names are installed under. */
  aliases(): ReadonlySet<string> {
    const aliases = new Set<string>();
    this.#document.referenceNames.forEach((name, reference) => {
      const entry = this.entries[this.#document.resolve(reference)];
      if (entry !== undefined && entry.name !== name) aliases.add(name);
    });
    return aliases;
  }

  /** Turns the references of an entry into edges: what it needs stays before what is optional. */
  #connect(index: number): void {
    const entry = this.entries[index];
    if (entry === undefined || entry.edges.length === 0) return;
    const references = entry.edges;
    const required = this.#document.required[index] ?? references.length;
    const edges: number[] = [];
    for (let position = 0; position < references.length; position += 1) {
      if (position === required) this.#document.required[index] = edges.length;
      const target = this.#resolve(references[position] ?? -1, '.');
      if (target !== -1 && !edges.includes(target)) edges.push(target);
    }
    entry.edges = edges;
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
    const version = this.#document.referenceVersions[reference] ?? '';
    if (!version.startsWith(LINK)) return this.#document.resolve(reference);
    return this.#folder(joinPath(base, version.slice(LINK.length)), reference);
  }

  #folder(path: string, reference: number): number {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const importer = this.#document.importerAt(path);
    const name = this.#document.referenceNames[reference] ?? '';
    const nameStart = this.#document.referenceStarts[reference] ?? 0;
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
