/** What `packages` says of one name and version. */
export interface PnpmPackage {
  /** The hashes of the key, by the document's {@link PnpmKeys}. */
  readonly first: number;
  readonly second: number;
  /** The key: a piece of a text, which is the lockfile's unless the key is written with escapes. */
  readonly source: string;
  readonly start: number;
  readonly end: number;
  /** Where the key stands in the lockfile's text. */
  readonly placeStart: number;
  readonly placeEnd: number;
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

/** The packages of a document. Snapshots come in the same order, so the next one is nearly always the one asked for. */
export class PnpmPackages {
  readonly items: PnpmPackage[] = [];
  #next = 0;
  /** Made when the order is another. By both hashes, with the position. */
  #positions: Map<string, number> | undefined;

  add(item: PnpmPackage): PnpmPackage {
    this.items.push(item);
    return item;
  }

  /** The package of a key; undefined when there is none. Of two with one key it is the last. */
  find(first: number, second: number): PnpmPackage | undefined {
    for (let index = this.#next; index < this.#next + 2; index += 1) {
      const item = this.items[index];
      if (item?.first !== first || item.second !== second) continue;
      if (this.items[index + 1]?.first === first) break;
      this.#next = index;
      item.isUsed = true;
      return item;
    }
    return this.#lookUp(first, second);
  }

  #lookUp(first: number, second: number): PnpmPackage | undefined {
    this.#positions ??= new Map(this.items.map((item, index) => [`${item.first} ${item.second}`, index]));
    const position = this.#positions.get(`${first} ${second}`);
    const item = position === undefined ? undefined : this.items[position];
    if (item === undefined) return undefined;
    this.#next = position ?? 0;
    item.isUsed = true;
    return item;
  }
}
