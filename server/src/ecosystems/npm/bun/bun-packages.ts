import { readBunOrigin, type BunOrigin } from './bun-origin.ts';
import { BunTuple, type BunRequests } from './bun-tuple.ts';
import { growEntry } from '../lockfile/growing-entry.ts';
import type { JsonScanner } from '../text/json-scanner.ts';
import { keyWords } from '../text/key-words.ts';
import { NodeModulesTree } from '../lockfile/node-modules-tree.ts';
import { BunRegistryReader } from './bun-registry.ts';
import { copyOf, StringTable } from '../lockfile/string-table.ts';

/** The packages of a bun.lock, not yet connected. What `nodes` and `requests` hold stands in the order of the tree's entries. */
export interface BunPackages {
  readonly table: StringTable;
  readonly tree: NodeModulesTree;
  readonly nodes: readonly number[];
  readonly requests: readonly (BunRequests | undefined)[];
  /** Indexes of entries that are workspace members, by folder. */
  readonly members: ReadonlyMap<string, number>;
}

export function emptyBunPackages(): BunPackages {
  const table = new StringTable();
  return { table, tree: new NodeModulesTree(table), nodes: [], requests: [], members: new Map() };
}

/**
 * Reads the value of `packages`: a flat object whose keys are paths of names (`a/@s/b` is `@s/b` in the node_modules of `a`)
 * and whose values are lists that begin with the name and version. The scanner has just entered the object.
 * @see https://bun.com/docs/pm/lockfile
 */
export function readBunPackages(json: JsonScanner): BunPackages {
  const reader = new PackagesReader(json);
  while (json.nextKey()) {
    let isAtSibling = true;
    while (isAtSibling) isAtSibling = reader.readEntry();
  }
  return reader;
}

/** Longer keys are refused. */
const MAX_KEY = 4096;

const DETAIL_KEYS = keyWords('dependencies', 'optionalDependencies', 'peerDependencies', 'optionalPeers');

/** The beginning of another package where a value of this one is expected. */
const TUPLE = /\[\s*"[^"\s]+@/y;

class PackagesReader implements BunPackages {
  readonly table = new StringTable();
  readonly tree = new NodeModulesTree(this.table);
  readonly nodes: number[] = [];
  readonly requests: (BunRequests | undefined)[] = [];
  readonly members = new Map<string, number>();
  readonly #json: JsonScanner;
  readonly #registries = new BunRegistryReader();

  constructor(json: JsonScanner) {
    this.#json = json;
  }

  /** Reads the package after a key. True when the scanner then stands after the key of the next one. */
  readEntry(): boolean {
    const json = this.#json;
    const { start, end } = json;
    const isEmpty = start === end;
    const node = isEmpty || end - start > MAX_KEY ? -1 : this.#locate();
    if (node === -1)
      json.report(start, end, isEmpty ? 'The package has no name' : 'The package lies too deep to be read');
    if (!json.enterArray()) {
      json.report(start, end, 'A package has to be a list');
      return false;
    }
    const tuple = new BunTuple();
    let isAtSibling = false;
    for (let index = 0; !isAtSibling && json.nextItem(); index += 1) {
      if (json.isString) tuple.readText(json, index);
      else if (json.enterObject()) isAtSibling = this.#readDetails(tuple);
    }
    if (node !== -1) this.#add(node, tuple, start, end);
    return isAtSibling;
  }

  /** The node of the path that the last key is. */
  #locate(): number {
    const json = this.#json;
    const key = json.isEscaped ? json.decoded() : json.text;
    const end = json.isEscaped ? key.length : json.end;
    let node = NodeModulesTree.root;
    for (let from = json.isEscaped ? 0 : json.start; node !== -1;) {
      const to = endOfName(key, from, end);
      node = this.tree.child(node, this.table.intern(key, from, to));
      if (to >= end) break;
      from = to + 1;
    }
    return node;
  }

  #readDetails(tuple: BunTuple): boolean {
    const json = this.#json;
    while (json.nextKey()) {
      const key = json.keyAmong(DETAIL_KEYS);
      if (key === undefined) {
        if (this.#isSibling()) return true;
        json.skip();
      } else if (key === 'optionalPeers') {
        if (json.enterArray()) this.#readOptionalPeers(tuple);
      } else if (json.enterObject() && this.#readNames(tuple.namesOf(key))) {
        return true;
      }
    }
    return false;
  }

  #readOptionalPeers(tuple: BunTuple): void {
    const json = this.#json;
    while (json.nextItem()) {
      if (json.isString) tuple.optionalPeers.push(this.#internString());
      else json.skip();
    }
  }

  #readNames(names: number[]): boolean {
    const json = this.#json;
    while (json.nextKey()) {
      if (this.#isSibling()) return true;
      names.push(this.#internString());
      json.skip();
    }
    return false;
  }

  /** Nobody closed the package, and the value of the last key is the list of another one. */
  #isSibling(): boolean {
    const json = this.#json;
    if (!json.isArrayLike(TUPLE)) return false;
    json.report(json.start, json.end, 'A closing bracket is missing before this package');
    return true;
  }

  #internString(): number {
    const json = this.#json;
    if (!json.isEscaped) return this.table.intern(json.text, json.start, json.end);
    const key = json.decoded();
    return this.table.intern(key, 0, key.length);
  }

  #add(node: number, tuple: BunTuple, start: number, end: number): void {
    const { tree } = this;
    if (tree.entryAt(node) !== -1) {
      this.#json.report(start, end, 'The package is listed twice; the last one counts');
    }
    const { identity } = tuple;
    const at = identity.indexOf('@', 1);
    // A text without a version may be a part of the name only.
    const name = at === -1 ? tree.installedName(node) : this.table.string(this.table.intern(identity, 0, at));
    if (at === -1) this.#json.report(start, end, `${name} has no version`);
    const origin = this.#originOf(tuple, name, at === -1 ? '' : identity.slice(at + 1));
    const entry = growEntry(name, origin.version, origin.source, origin.registry, start, end);
    entry.integrity = tuple.integrity;
    tree.setEntry(node, entry);
    const index = tree.entryAt(node);
    this.nodes[index] = node;
    this.requests[index] = tuple.requests();
    if (origin.folder !== undefined) this.members.set(origin.folder, index);
  }

  #originOf(tuple: BunTuple, name: string, resolution: string): BunOrigin {
    const isPath = tuple.registryText === undefined && ARCHIVE.test(resolution);
    if (resolution !== '' && (isPath || !VERSION_START.test(resolution))) return readBunOrigin(name, resolution);
    const { registryText, registryStart, registryEnd } = tuple;
    const registry =
      registryText === undefined || registryEnd === registryStart
        ? undefined
        : this.#registries.registryOf(registryText, registryStart, registryEnd, name);
    return { source: 'registry', version: copyOf(resolution, 0, resolution.length), registry, folder: undefined };
  }
}

const VERSION_START = /^v?\d/;
const ARCHIVE = /\.(?:tgz|tar\.gz|tar)$/;

/** The end of the name that begins at `from`, which has a slash in it when it has a scope. */
function endOfName(key: string, from: number, end: number): number {
  const slash = key.indexOf('/', from);
  if (slash === -1 || slash >= end) return end;
  if (key.charCodeAt(from) !== AT) return slash;
  const second = key.indexOf('/', slash + 1);
  return second === -1 || second >= end ? end : second;
}

const AT = 64;
