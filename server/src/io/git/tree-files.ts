import { posix } from 'node:path';

import type { Files, FileStat } from '../../core/ports.ts';

/** A listed file: its path below the repository's root and the id of its content. */
export interface TreeEntry {
  readonly path: string;
  readonly id: string;
}

export interface TreeOptions {
  readonly entries: readonly TreeEntry[];
  /** The path below the repository's root, `.` for itself; undefined for what lies elsewhere. */
  readonly pathInTree: (path: string) => string | undefined;
  /** Undefined when it is too large to be read. */
  readonly read: (id: string) => Promise<Uint8Array | undefined>;
}

type Listing = Awaited<ReturnType<Files['list']>>;

/** Files that lie in no folder of the disk but in a tree of git's. */
export function treeFiles({ entries, pathInTree, read }: TreeOptions): Files {
  const ids = new Map(entries.map(({ path, id }) => [path, id]));
  const folders = foldersOf(entries);
  // A document's size is asked before its text, and both come with the content.
  const contents = new Map<string, Promise<Uint8Array | undefined>>();

  function contentOf(path: string): Promise<Uint8Array | undefined> | undefined {
    const id = ids.get(path);
    if (id === undefined) return undefined;
    const content = contents.get(path) ?? read(id);
    contents.set(path, content);
    return content;
  }

  return {
    stat: async (absolute): Promise<FileStat | undefined> => {
      const path = pathInTree(absolute);
      if (path === undefined) return undefined;
      if (folders.has(path)) return { kind: 'directory', size: 0, modifiedMs: 0 };
      const content = await contentOf(path);
      return content && { kind: 'file', size: content.length, modifiedMs: 0 };
    },
    readText: async (absolute) => {
      const path = pathInTree(absolute);
      if (path === undefined) return undefined;
      const content = await contentOf(path);
      contents.delete(path);
      return content && Buffer.from(content.buffer, content.byteOffset, content.byteLength).toString('utf8');
    },
    list: (absolute) => {
      const path = pathInTree(absolute);
      return Promise.resolve(path === undefined ? [] : (folders.get(path) ?? []));
    },
  };
}

function foldersOf(entries: readonly TreeEntry[]): ReadonlyMap<string, Listing> {
  const folders = new Map<string, Map<string, 'file' | 'directory'>>([['.', new Map()]]);
  const add = (path: string, kind: 'file' | 'directory'): void => {
    const above = posix.dirname(path);
    let folder = folders.get(above);
    if (folder === undefined) {
      folder = new Map();
      folders.set(above, folder);
      add(above, 'directory');
    }
    folder.set(posix.basename(path), kind);
  };
  for (const { path } of entries) add(path, 'file');
  // The root says by this that it is one, as it does on disk.
  add('.git', 'directory');
  return new Map(
    [...folders].map(([path, names]): [string, Listing] => [
      path,
      [...names].map(([name, kind]) => ({ name, kind })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    ]),
  );
}
