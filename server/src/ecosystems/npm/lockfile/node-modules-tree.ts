import type { GrowingEntry } from './growing-entry.ts';
import type { StringTable } from './string-table.ts';

/** Deeper nesting is refused: real trees end at about ten, and walking up costs its depth for each dependency. */
export const MAX_DEPTH = 256;

/**
 * The folders that a lockfile describes: the root, workspace members, and what is installed in the `node_modules` of each.
 * Nodes are numbers; the root is 0. Names are numbers of the string table.
 * @see https://nodejs.org/api/modules.html#loading-from-node_modules-folders
 */
export class NodeModulesTree {
  static readonly root = 0;
  readonly entries: GrowingEntry[] = [];
  readonly #table: StringTable;
  /** The folder whose `node_modules` holds the node; -1 for the root. */
  readonly #parents: number[] = [-1];
  readonly #depths: number[] = [0];
  /** The name that a node is installed under; -1 outside of node_modules. */
  readonly #names: number[] = [-1];
  readonly #children: (Map<number, number> | undefined)[] = [new Map<number, number>()];
  /** The index of the node's entry; -1 for the root and for folders that the lockfile does not list. */
  readonly #entryOf: number[] = [-1];
  /** Folders outside of node_modules by their path. */
  readonly #folders = new Map<string, number>([['', NodeModulesTree.root]]);
  /** The node that a node is a link to. */
  readonly #links = new Map<number, number>();
  /** Pairs of a node and the name it asks for. */
  readonly #requests: number[] = [];
  /** Where the valid requests of a node begin, for nodes that were written twice. */
  readonly #forgotten = new Map<number, number>();

  constructor(table: StringTable) {
    this.#table = table;
  }

  /** The node installed under a name in a folder; a new one when there is none. -1 when it lies too deep. */
  child(parent: number, name: number): number {
    const children = this.#children[parent] ?? new Map<number, number>();
    this.#children[parent] = children;
    const known = children.get(name);
    if (known !== undefined) return known;
    const depth = (this.#depths[parent] ?? 0) + 1;
    if (depth > MAX_DEPTH) return -1;
    const node = this.#add(parent, depth, name);
    children.set(name, node);
    return node;
  }

  /** The node of a folder outside of node_modules, a workspace member for one. */
  folder(path: string): number {
    const known = this.#folders.get(path);
    if (known !== undefined) return known;
    const node = this.#add(NodeModulesTree.root, 1, -1);
    this.#folders.set(path, node);
    return node;
  }

  /** The node at a location like `packages/a/node_modules/b/node_modules/c`; -1 when it lies too deep. */
  locate(location: string): number {
    let from = startOfModules(location);
    let node = from === -1 ? this.folder(location) : this.folder(location.slice(0, Math.max(0, from - 1)));
    while (from !== -1 && node !== -1) {
      const nameStart = from + MODULES.length;
      const next = location.indexOf(`/${MODULES}`, nameStart);
      const nameEnd = next === -1 ? location.length : next;
      node = this.child(node, this.#table.intern(location, nameStart, nameEnd));
      from = next === -1 ? -1 : next + 1;
    }
    return node;
  }

  /** The name that a node is installed under, which is an alias or the package's own. */
  installedName(node: number): string {
    const name = this.#names[node] ?? -1;
    return name === -1 ? '' : this.#table.string(name);
  }

  /** The node of a folder outside of node_modules that the lockfile lists; -1 when it does not. */
  findFolder(path: string): number {
    return this.#folders.get(path) ?? -1;
  }

  /** Gives a node its entry, in place of the one it had. */
  setEntry(node: number, entry: GrowingEntry): void {
    const known = this.entryAt(node);
    if (known !== -1) {
      this.entries[known] = entry;
      return;
    }
    this.#entryOf[node] = this.entries.length;
    this.entries.push(entry);
  }

  /** The index of a node's entry; -1 when it has none. */
  entryAt(node: number): number {
    return this.#entryOf[node] ?? -1;
  }

  /** Makes a node stand for another one, whose entry is then what others depend on. */
  link(node: number, target: number): void {
    this.#links.set(node, target);
  }

  /** Drops what a node asked for so far: it is written a second time, and the last one counts. */
  forgetRequests(node: number): void {
    this.#forgotten.set(node, this.#requests.length);
  }

  /** Notes that a node asks for a package. One that is not found leaves no trace: optional and peer ones often are not. */
  request(node: number, name: number): void {
    this.#requests.push(node, name);
  }

  /** Index of the entry that a name means in a folder: the nearest on the way up; -1 when there is none. */
  resolve(from: number, name: number): number {
    for (let node = from; node !== -1; node = this.#parents[node] ?? -1) {
      const found = this.#children[node]?.get(name);
      if (found === undefined) continue;
      const entry = this.entryAt(this.#links.size === 0 ? found : (this.#links.get(found) ?? found));
      if (entry !== -1) return entry;
    }
    return -1;
  }

  /** Turns the notes into edges. Call it once, when all entries are known. */
  connect(): void {
    this.#nestFolders();
    const requests = this.#requests;
    // The last node that was given an edge to each entry, so that none is given twice.
    const lastFrom = new Int32Array(this.entries.length).fill(-1);
    const edges: number[] = [];
    for (let index = 0; index < requests.length; index += 2) {
      const node = requests[index] ?? -1;
      const target = this.#isForgotten(node, index) ? -1 : this.resolve(node, requests[index + 1] ?? -1);
      if (target !== -1 && lastFrom[target] !== node) {
        lastFrom[target] = node;
        edges.push(target);
      }
      if (requests[index + 2] === node) continue;
      const entry = this.entries[this.entryAt(node)];
      if (entry !== undefined && edges.length > 0) entry.edges = [...entry.edges, ...edges];
      edges.length = 0;
    }
  }

  #isForgotten(node: number, request: number): boolean {
    return this.#forgotten.size > 0 && request < (this.#forgotten.get(node) ?? 0);
  }

  /** The top level of node_modules by the name that each package is installed under. */
  topLevel(): ReadonlyMap<string, number> {
    const top = new Map<string, number>();
    for (const [name, node] of this.#children[NodeModulesTree.root] ?? []) {
      const entry = this.entryAt(node);
      if (entry !== -1) top.set(this.#table.string(name), entry);
    }
    return top;
  }

  /** Names that packages of other names are installed under. */
  aliases(): ReadonlySet<string> {
    const aliases = new Set<string>();
    this.#entryOf.forEach((at, node) => {
      const entry = this.entries[at];
      const name = this.installedName(node);
      if (entry !== undefined && name !== '' && entry.name !== name) aliases.add(name);
    });
    return aliases;
  }

  #add(parent: number, depth: number, name: number): number {
    const node = this.#parents.length;
    this.#parents.push(parent);
    this.#depths.push(depth);
    this.#names.push(name);
    this.#children.push(undefined);
    this.#entryOf.push(-1);
    return node;
  }

  /** A folder inside another one sees that one's node_modules too. */
  #nestFolders(): void {
    for (const [path, node] of this.#folders) {
      if (path === '') continue;
      let parent = path;
      do parent = parent.slice(0, Math.max(0, parent.lastIndexOf('/')));
      while (!this.#folders.has(parent));
      this.#parents[node] = this.#folders.get(parent) ?? NodeModulesTree.root;
    }
  }
}

const MODULES = 'node_modules/';

/** Where the first `node_modules/` begins that is a folder of its own; -1 for none. */
export function startOfModules(location: string): number {
  if (location.startsWith(MODULES)) return 0;
  const at = location.indexOf(`/${MODULES}`);
  return at === -1 ? -1 : at + 1;
}
