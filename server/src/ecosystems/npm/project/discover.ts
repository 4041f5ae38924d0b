import { basename, dirname, resolve, sep } from 'node:path';
import type { DiscoverOptions } from '../../../core/ecosystem.ts';
import type { Files } from '../../../core/ports.ts';
import type { ProjectLayout } from '../../../core/project.ts';
import { isLockfileName } from './document-names.ts';
import { documentsIn, findDocuments } from './find-documents.ts';
import { layoutOf, type Member } from './project-layout.ts';
import { isBelow, readWorkspaceRoot, type WorkspaceRoot } from './workspace-root.ts';

/** What one search asks of the world; a folder above is listed once, however many projects lie below it. */
interface Search {
  readonly files: Files;
  readonly options: DiscoverOptions;
  readonly documentsIn: (folder: string) => Promise<ReadonlySet<string>>;
}

/**
 * The projects below a folder, or the one that holds a file. A workspace is one project, however many members it has,
 * and it is found from each of them by looking upward.
 */
export async function discover(
  files: Files,
  given: string,
  options: DiscoverOptions,
): Promise<readonly ProjectLayout[]> {
  const path = resolve(given);
  const stat = await files.stat(path);
  if (stat === undefined || path.split(sep).includes('node_modules')) return [];
  const listed = new Map<string, Promise<ReadonlySet<string>>>();
  const search: Search = {
    files,
    options,
    documentsIn(folder) {
      const documents = listed.get(folder) ?? documentsIn(files, folder);
      listed.set(folder, documents);
      return documents;
    },
  };
  return stat.kind === 'file' ? projectOfFile(search, path) : projectsBelow(search, path);
}

async function projectOfFile(search: Search, path: string): Promise<readonly ProjectLayout[]> {
  const { files, options } = search;
  if (isLockfileName(basename(path))) {
    const folder = dirname(path);
    const root = await readWorkspaceRoot(files, folder, await search.documentsIn(folder), path);
    return [await wholeProject(search, root)];
  }
  const holder = await nearestProject(search, [dirname(path), ...foldersAbove(dirname(path), options.ceiling)]);
  if (!holder) return [];
  const [folder, documents] = holder;
  const owner = ownerOf(holder, await rootsAbove(search, folder));
  return [await wholeProject(search, owner ?? (await readWorkspaceRoot(files, folder, documents)))];
}

async function projectsBelow(search: Search, top: string): Promise<readonly ProjectLayout[]> {
  const { files, options } = search;
  const found = await findDocuments(files, top, options.exclude);
  const above = await rootsAbove(search, top);
  const workspaces = [...above];
  const nested = new NestedWorkspaces(files, found.folders);
  const members = new Map<WorkspaceRoot, Member[]>();
  for (const folder of found.folders) {
    if (!isProject(folder[1])) continue;
    const owner = ownerOf(folder, workspaces) ?? (await nested.ownerOf(folder, workspaces));
    if (owner) {
      const its = members.get(owner) ?? [];
      its.push(folder);
      members.set(owner, its);
      continue;
    }
    const root = await readWorkspaceRoot(files, ...folder);
    members.set(root, []);
    if (root.isWorkspace) workspaces.push(root);
  }
  // A folder inside a member belongs to the workspace too.
  const holder = await nearestProject(search, foldersAbove(top, options.ceiling));
  const owner = holder && ownerOf(holder, above);
  if (owner && !members.has(owner)) members.set(owner, []);
  const layouts: ProjectLayout[] = [];
  for (const [root, its] of members) {
    const parts = {
      members: its,
      above: await configsAbove(search, root.folder),
      complete: found.complete,
      excluded: found.excluded,
    };
    layouts.push(above.includes(root) ? await wholeProject(search, root) : layoutOf(root, parts));
  }
  return layouts.sort((a, b) => (a.root < b.root ? -1 : 1));
}

/** A folder with a manifest or a lockfile. Configuration alone is no project. */
function isProject(documents: ReadonlySet<string>): boolean {
  return [...documents].some(
    (name) => name === 'package.json' || name === 'pnpm-workspace.yaml' || isLockfileName(name),
  );
}

function hasLockfile(documents: ReadonlySet<string>): boolean {
  return [...documents].some(isLockfileName);
}

/**
 * The nearest workspace that counts a folder among its members. Where there is no lockfile for the whole workspace, a
 * member with a lockfile of its own belongs to nobody.
 */
function ownerOf([folder, documents]: Member, roots: readonly WorkspaceRoot[]): WorkspaceRoot | undefined {
  let nearest: WorkspaceRoot | undefined;
  for (const root of roots) {
    if (nearest && root.folder.length < nearest.folder.length) continue;
    if (isBelow(folder, root.folder) && root.hasMember(folder)) nearest = root;
  }
  if (nearest && hasLockfile(documents) && !hasLockfile(nearest.documents)) return undefined;
  const outer = nearest && ownerOf([nearest.folder, nearest.documents], roots);
  return outer && hasNestedWorkspaces(outer) ? outer : nearest;
}

/** Members of yarn's workspaces may have members of their own. All belong to the outermost one's project. */
function hasNestedWorkspaces({ manager }: WorkspaceRoot): boolean {
  return manager === 'yarn';
}

/** Workspaces inside of members. A member is read for them only when a folder below it belongs to nobody else. */
class NestedWorkspaces {
  readonly #files: Files;
  readonly #folders: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #read = new Map<string, WorkspaceRoot>();

  constructor(files: Files, folders: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#files = files;
    this.#folders = folders;
  }

  /** One of the given workspaces, by way of a member that counts the folder among its own members. */
  async ownerOf(folder: Member, roots: readonly WorkspaceRoot[]): Promise<WorkspaceRoot | undefined> {
    if (!roots.some((root) => hasNestedWorkspaces(root) && isBelow(folder[0], root.folder))) return undefined;
    for (const above of foldersAbove(folder[0], undefined)) {
      const documents = this.#folders.get(above);
      if (documents === undefined || !isProject(documents) || this.#read.has(above)) continue;
      this.#read.set(above, await readWorkspaceRoot(this.#files, above, documents));
    }
    const known = new Set(roots.map((root) => root.folder));
    const inner = [...this.#read.values()].filter((root) => root.isWorkspace && !known.has(root.folder));
    const owner = ownerOf(folder, [...roots, ...inner]);
    return owner && roots.includes(owner) ? owner : undefined;
  }
}

async function rootsAbove({ files, options, documentsIn }: Search, folder: string): Promise<WorkspaceRoot[]> {
  const roots: WorkspaceRoot[] = [];
  for (const above of foldersAbove(folder, options.ceiling)) {
    const documents = await documentsIn(above);
    if (!isProject(documents)) continue;
    const root = await readWorkspaceRoot(files, above, documents);
    if (root.isWorkspace) roots.push(root);
  }
  return roots;
}

async function nearestProject({ documentsIn }: Search, folders: readonly string[]): Promise<Member | undefined> {
  for (const folder of folders) {
    const documents = await documentsIn(folder);
    if (isProject(documents)) return [folder, documents];
  }
  return undefined;
}

/** No package manager reads these for the project; but whoever wrote them may mean to withhold names in all that lies below. */
async function configsAbove({ options, documentsIn }: Search, folder: string): Promise<Member[]> {
  const above = foldersAbove(folder, options.ceiling);
  return Promise.all(above.map(async (it): Promise<Member> => [it, await documentsIn(it)]));
}

/** The folders above one, the nearest first, up to the ceiling and including it. */
function foldersAbove(folder: string, ceiling: string | undefined): string[] {
  const above: string[] = [];
  let current = folder;
  while (current !== ceiling && dirname(current) !== current) {
    current = dirname(current);
    if (ceiling !== undefined && current !== ceiling && !isBelow(current, ceiling)) break;
    above.push(current);
  }
  return above;
}

/** The layout of a workspace that is found from within, or by its lockfile. */
async function wholeProject(search: Search, root: WorkspaceRoot): Promise<ProjectLayout> {
  const above = await configsAbove(search, root.folder);
  if (!root.isWorkspace) return layoutOf(root, { members: [], above, complete: true, excluded: [] });
  const found = await findDocuments(search.files, root.folder, search.options.exclude);
  const nested = new NestedWorkspaces(search.files, found.folders);
  const members: Member[] = [];
  for (const folder of found.folders) {
    if (folder[0] === root.folder || !isProject(folder[1])) continue;
    if (ownerOf(folder, [root]) ?? (await nested.ownerOf(folder, [root]))) members.push(folder);
  }
  return layoutOf(root, { members, above, complete: found.complete, excluded: found.excluded });
}
