import { join } from 'node:path';
import type { DiscoverOptions } from '../../../core/ecosystem.ts';
import type { Files } from '../../../core/ports.ts';
import { CONFIG_NAMES, LOCKFILE_NAMES, MANIFEST_NAMES } from './document-names.ts';

/** The folders that hold documents of this ecosystem, the outermost first, and the names of those documents. */
export interface FoundDocuments {
  readonly folders: ReadonlyMap<string, ReadonlySet<string>>;
  /** False when the search was given up because there is too much to look through. */
  readonly complete: boolean;
  /** Folders that were not entered, or whose manifest was not taken, because they are excluded. */
  readonly excluded: readonly string[];
}

const WANTED: ReadonlySet<string> = new Set([...MANIFEST_NAMES, ...LOCKFILE_NAMES, ...CONFIG_NAMES]);

/** What is installed, cached, or the version control's own is nobody's project. */
const NEVER_ENTERED: ReadonlySet<string> = new Set([
  'node_modules',
  'bower_components',
  '.cache',
  '.git',
  '.hg',
  '.svn',
  '.yarn',
  '.pnpm-store',
  '.vscode-test',
]);

export const MAX_FOLDERS = 50_000;
const MAX_DEPTH = 40;
const AT_ONCE = 32;

/** Looks through a folder, level by level. Links to folders are not followed: the port does not list them as folders. */
export async function findDocuments(
  files: Files,
  top: string,
  exclude: DiscoverOptions['exclude'],
): Promise<FoundDocuments> {
  const folders = new Map<string, ReadonlySet<string>>();
  const excluded: string[] = [];
  let level: readonly string[] = [top];
  let seen = 0;
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH || seen + level.length > MAX_FOLDERS) return { folders, complete: false, excluded };
    seen += level.length;
    const next: string[] = [];
    for (let index = 0; index < level.length; index += AT_ONCE) {
      const batch = level.slice(index, index + AT_ONCE);
      const listings = await Promise.all(batch.map((folder) => lookInto(files, folder, exclude)));
      for (const { folder, documents, subfolders, passedOver } of listings) {
        excluded.push(...passedOver);
        if (documents.size > 0) folders.set(folder, documents);
        next.push(...subfolders);
      }
    }
    level = next;
  }
  return { folders, complete: true, excluded };
}

/** The names of the documents that lie in a folder. */
export async function documentsIn(files: Files, folder: string): Promise<ReadonlySet<string>> {
  return (await lookInto(files, folder, () => false)).documents;
}

async function lookInto(
  files: Files,
  folder: string,
  exclude: DiscoverOptions['exclude'],
): Promise<{
  readonly folder: string;
  readonly documents: ReadonlySet<string>;
  readonly subfolders: readonly string[];
  readonly passedOver: readonly string[];
}> {
  const documents = new Set<string>();
  const subfolders: string[] = [];
  const passedOver: string[] = [];
  for (const { name, kind } of await files.list(folder)) {
    if (kind === 'file' ? !WANTED.has(name) : NEVER_ENTERED.has(name)) continue;
    const path = join(folder, name);
    if (exclude(path)) passedOver.push(kind === 'file' ? folder : path);
    else if (kind === 'file') documents.add(name);
    else subfolders.push(path);
  }
  return { folder, documents, subfolders, passedOver };
}
