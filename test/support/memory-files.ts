import { posix } from 'node:path';
import type { FileStat, Files } from '../../server/src/core/ports.ts';
import type { SourceTree } from '../../server/src/workers/survey-imports.ts';

/** Files in memory, folders implied by their paths. Counts the calls, and keeps the paths that were read. */
export interface MemoryFiles extends Files {
  readonly calls: { readonly stat: number; readonly readText: number; readonly list: number };
  readonly readPaths: readonly string[];
  /** Writes or replaces a file; undefined removes it. */
  set(path: string, text: string | undefined): void;
}

/** `texts` are by absolute path, with `/` between its parts. */
export function memoryFiles(texts: Readonly<Record<string, string>>): MemoryFiles {
  const contents = new Map(Object.entries(texts));
  const calls = { stat: 0, readText: 0, list: 0 };
  const readPaths: string[] = [];
  let folders: Map<string, Map<string, 'file' | 'directory'>> | undefined;
  const children = (): Map<string, Map<string, 'file' | 'directory'>> => (folders ??= foldersOf(contents.keys()));
  return {
    calls,
    readPaths,
    set(path, text) {
      if (text === undefined) contents.delete(path);
      else contents.set(path, text);
      folders = undefined;
    },
    stat(path): Promise<FileStat | undefined> {
      calls.stat++;
      const text = contents.get(path);
      if (text !== undefined) return Promise.resolve({ kind: 'file', size: Buffer.byteLength(text), modifiedMs: 0 });
      return Promise.resolve(children().has(path) ? { kind: 'directory', size: 0, modifiedMs: 0 } : undefined);
    },
    readText(path) {
      calls.readText++;
      readPaths.push(path);
      return Promise.resolve(contents.get(path));
    },
    list(path) {
      calls.list++;
      const names = [...(children().get(path) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1));
      return Promise.resolve(names.map(([name, kind]) => ({ name, kind })));
    },
  };
}

function foldersOf(paths: Iterable<string>): Map<string, Map<string, 'file' | 'directory'>> {
  const folders = new Map<string, Map<string, 'file' | 'directory'>>();
  for (const path of paths) {
    let kind: 'file' | 'directory' = 'file';
    for (let child = path; child !== '/'; child = posix.dirname(child)) {
      const parent = posix.dirname(child);
      const names = folders.get(parent) ?? new Map<string, 'file' | 'directory'>();
      names.set(posix.basename(child), kind);
      folders.set(parent, names);
      kind = 'directory';
    }
  }
  return folders;
}

/** The same for what reads without a pause. */
export function memoryTree(texts: Readonly<Record<string, string>>): SourceTree {
  const contents = new Map(Object.entries(texts));
  const folders = foldersOf(contents.keys());
  return {
    list: (folder) => [...(folders.get(folder) ?? [])].map(([name, kind]) => ({ name, kind })),
    readText: (path) => contents.get(path),
  };
}
