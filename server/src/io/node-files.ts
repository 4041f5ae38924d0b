import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

import type { Files, FileStat } from '../core/ports.ts';

/** A longer file is not read: no manifest or lockfile comes near it. Bytes. */
const MAXIMUM_FILE_BYTES = 64 * 1024 * 1024;

/** The file system. A listing leaves out links to folders, so that a search ends and stays where it began. */
export const nodeFiles: Files = { stat: statFile, readText, list };

async function statFile(path: string): Promise<FileStat | undefined> {
  try {
    const found = await stat(path);
    if (found.isFile()) return { kind: 'file', size: found.size, modifiedMs: found.mtimeMs };
    return found.isDirectory() ? { kind: 'directory', size: 0, modifiedMs: found.mtimeMs } : undefined;
  } catch {
    return undefined;
  }
}

async function readText(path: string): Promise<string | undefined> {
  try {
    // Asked first: a named pipe would keep the reader waiting for ever, and a device may have no end.
    const found = await stat(path);
    if (!found.isFile() || found.size > MAXIMUM_FILE_BYTES) return undefined;
    return (await readFile(path)).toString('utf8');
  } catch {
    return undefined;
  }
}

async function list(path: string): Promise<readonly { readonly name: string; readonly kind: 'file' | 'directory' }[]> {
  try {
    const entries = await readdir(path, { withFileTypes: true });
    const kept: { readonly name: string; readonly kind: 'file' | 'directory' }[] = [];
    for (const entry of entries) {
      if (entry.isFile()) kept.push({ name: entry.name, kind: 'file' });
      else if (entry.isDirectory()) kept.push({ name: entry.name, kind: 'directory' });
      else if (entry.isSymbolicLink() && (await statFile(join(path, entry.name)))?.kind === 'file') {
        kept.push({ name: entry.name, kind: 'file' });
      }
    }
    return kept.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  } catch {
    return [];
  }
}

/** Writes a file that a user named; what it held is lost. Rejects when the disk refuses. */
export async function writeText(path: string, text: string): Promise<void> {
  await writeFile(path, text);
}
