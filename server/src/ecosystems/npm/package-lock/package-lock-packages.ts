import type { Importer, LockEntry } from '../../../core/lockfile.ts';
import type { Scope } from '../../../core/package.ts';
import type { JsonScanner } from '../text/json-scanner.ts';
import { keyWords } from '../text/key-words.ts';
import { NodeModulesTree, startOfModules } from '../lockfile/node-modules-tree.ts';
import { EntryFields, VALUE_KEYS } from './package-lock-entry.ts';
import { RegistryReader } from '../lockfile/resolved-source.ts';
import { copyOf, StringTable } from '../lockfile/string-table.ts';

/**
 * Reads the value of `packages` (lockfile version 2 and 3): a flat object with one key for each place that something is
 * installed at, `""` for the root, and workspace members by their folder. The scanner has just entered the object.
 * @see https://docs.npmjs.com/cli/v11/configuring-npm/package-lock-json#packages
 */
export function readPackages(json: JsonScanner): {
  readonly entries: readonly LockEntry[];
  readonly importers: readonly Importer[];
  readonly aliases: ReadonlySet<string>;
} {
  const reader = new PackagesReader(json);
  reader.read();
  return reader.finish();
}

/** Longer locations are refused. */
const MAX_LOCATION = 4096;

const ENTRY_KEYS = keyWords(
  ...VALUE_KEYS,
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  'workspaces',
);

const SCOPE_OF = {
  dependencies: 'prod',
  devDependencies: 'dev',
  optionalDependencies: 'optional',
  peerDependencies: 'peer',
} as const satisfies Record<string, Scope>;

/** The root, or a folder outside of node_modules. */
interface Folder {
  readonly node: number;
  readonly path: string;
  readonly dependencies: { readonly name: number; readonly scope: Scope; readonly specifier: string | undefined }[];
}

/** A key of node_modules that is a link to a folder. */
interface Link {
  readonly node: number;
  readonly fields: EntryFields;
  readonly start: number;
  readonly end: number;
}

class PackagesReader {
  readonly #json: JsonScanner;
  readonly #table = new StringTable();
  readonly #tree = new NodeModulesTree(this.#table);
  readonly #registries = new RegistryReader();
  readonly #folders = new Map<number, Folder>();
  readonly #links = new Map<number, Link>();
  #hasWorkspaces = false;

  constructor(json: JsonScanner) {
    this.#json = json;
  }

  read(): void {
    while (this.#json.nextKey()) {
      let isAtSibling = true;
      while (isAtSibling) isAtSibling = this.#readLocation();
    }
  }

  finish(): ReturnType<typeof readPackages> {
    const tree = this.#tree;
    this.#settleLinks();
    tree.connect();
    const folders = [...this.#folders.values()].filter((folder) => this.#isImporter(folder.path));
    folders.sort((a, b) => Number(a.path !== '') - Number(b.path !== ''));
    const importers = folders.map(({ node, path, dependencies }) => ({
      path: path === '' ? '.' : path,
      dependencies: dependencies.map(({ name, scope, specifier }) => {
        return { name: this.#table.string(name), scope, specifier, entry: tree.resolve(node, name) };
      }),
    }));
    return { entries: tree.entries, importers, aliases: tree.aliases() };
  }

  /** Reads one location and its entry. True when the scanner then stands after the key of the next one. */
  #readLocation(): boolean {
    const json = this.#json;
    const { start, end } = json;
    const location = json.decoded();
    const node = end - start > MAX_LOCATION ? -1 : this.#tree.locate(location);
    if (node === -1) json.report(start, end, 'The package lies too deep to be read');
    if (!json.enterObject()) {
      json.report(start, end, 'A package has to be an object');
      return false;
    }
    if (this.#tree.entryAt(node) !== -1 || this.#folders.has(node) || this.#links.has(node)) {
      json.report(start, end, 'The package is listed twice; the last one counts');
      this.#tree.forgetRequests(node);
    }
    const modules = startOfModules(location);
    const folder: Folder | undefined =
      modules === -1 && node !== -1
        ? { node, path: copyOf(location, 0, location.length), dependencies: [] }
        : undefined;
    const fields = new EntryFields();
    const isAtSibling = this.#readFields(node, fields, folder);
    if (folder !== undefined) this.#addFolder(folder, fields, start, end);
    else if (node !== -1) this.#addInstalled(node, fields, start, end);
    return isAtSibling;
  }

  #readFields(node: number, fields: EntryFields, folder: Folder | undefined): boolean {
    const json = this.#json;
    while (json.nextKey()) {
      const key = json.keyAmong(ENTRY_KEYS);
      switch (key) {
        case undefined:
          if (json.text.startsWith('node_modules/', json.start)) {
            json.report(json.start, json.end, 'A closing brace is missing before this package');
            return true;
          }
          json.skip();
          break;
        case 'dependencies':
        case 'devDependencies':
        case 'optionalDependencies':
        case 'peerDependencies':
          this.#readRequests(node, SCOPE_OF[key], folder);
          break;
        case 'workspaces':
          if (node === NodeModulesTree.root) this.#hasWorkspaces = true;
          json.skip();
          break;
        default:
          fields.read(json, key);
      }
    }
    return false;
  }

  #readRequests(node: number, scope: Scope, folder: Folder | undefined): void {
    const json = this.#json;
    if (!json.enterObject()) return;
    while (json.nextKey()) {
      const name = this.#internKey();
      // A member does not pass its development dependencies on to what depends on it.
      if (scope !== 'dev') this.#tree.request(node, name);
      if (folder === undefined) json.skip();
      else folder.dependencies.push({ name, scope, specifier: json.readString() ? json.copy() : undefined });
    }
  }

  #internKey(): number {
    const json = this.#json;
    if (!json.isEscaped) return this.#table.intern(json.text, json.start, json.end);
    const key = json.decoded();
    return this.#table.intern(key, 0, key.length);
  }

  #addFolder(folder: Folder, fields: EntryFields, start: number, end: number): void {
    this.#folders.set(folder.node, folder);
    if (folder.node === NodeModulesTree.root) return;
    const name = fields.name ?? folder.path.slice(folder.path.lastIndexOf('/') + 1);
    this.#tree.setEntry(folder.node, fields.toEntry(name, 'workspace', undefined, start, end));
  }

  #addInstalled(node: number, fields: EntryFields, start: number, end: number): void {
    if (fields.isLink) {
      this.#links.set(node, { node, fields, start, end });
      return;
    }
    this.#links.delete(node);
    const name = fields.name ?? this.#tree.installedName(node);
    const { resolvedText, resolvedStart, resolvedEnd } = fields;
    const origin =
      resolvedEnd > resolvedStart ? this.#registries.read(resolvedText, resolvedStart, resolvedEnd, name) : undefined;
    const source = origin?.source ?? 'registry';
    if (fields.version === undefined && source !== 'file') this.#json.report(start, end, `${name} has no version`);
    this.#tree.setEntry(node, fields.toEntry(name, source, origin?.registry, start, end));
  }

  /** A link stands for the folder that it points to, or for itself when the lockfile does not list that folder. */
  #settleLinks(): void {
    const tree = this.#tree;
    for (const { node, path } of this.#folders.values()) {
      const entry = tree.entries[tree.entryAt(node)];
      if (entry !== undefined && !this.#isImporter(path)) entry.source = 'link';
    }
    for (const { node, fields, start, end } of this.#links.values()) {
      const path = fields.resolvedText.slice(fields.resolvedStart, fields.resolvedEnd);
      const target = tree.findFolder(path.replace(/^(?:file:|\.\/)+/, ''));
      const entry = tree.entries[tree.entryAt(target)];
      if (entry === undefined) {
        const name = fields.name ?? tree.installedName(node);
        tree.setEntry(node, fields.toEntry(name, 'link', undefined, start, end));
      } else {
        entry.scopes = fields.scopes;
        tree.link(node, target);
      }
    }
  }

  /** Linked folders are members of the workspace only where there is one, and only inside of it. */
  #isImporter(path: string): boolean {
    return path === '' || (this.#hasWorkspaces && !path.startsWith('..'));
  }
}
