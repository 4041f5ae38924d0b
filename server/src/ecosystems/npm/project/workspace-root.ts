import { basename, join, relative, sep } from 'node:path';
import minVersion from 'semver/ranges/min-version.js';
import validRange from 'semver/ranges/valid.js';
import type { Files } from '../../../core/ports.ts';
import { chooseLockfile, type LockfileChoice } from './choose-lockfile.ts';
import { textAt, valueAt, type DocumentNode } from '../../../text/document-tree.ts';
import type { PackageManager } from './document-names.ts';
import { readJsonTree } from '../../../text/json-tree.ts';
import { workspacePatterns } from '../manifest/manifest.ts';
import { parsePnpmWorkspace } from '../manifest/pnpm-workspace.ts';
import { memberMatcher } from './workspace-globs.ts';

/** A folder that rules itself and, if it declares a workspace, its members. */
export interface WorkspaceRoot extends LockfileChoice {
  readonly folder: string;
  readonly documents: ReadonlySet<string>;
  readonly manager: PackageManager;
  /** The lowest version of it that the manifest asks for; undefined when it asks for none, or for another one. */
  readonly managerVersion: string | undefined;
  readonly isWorkspace: boolean;
  /** True for a folder that one of the patterns names. */
  hasMember(folder: string): boolean;
}

/** Reads what a folder with a manifest or a lockfile says of itself. `lockfile` names the one to take, whatever else lies there. */
export async function readWorkspaceRoot(
  files: Files,
  folder: string,
  documents: ReadonlySet<string>,
  lockfile?: string,
): Promise<WorkspaceRoot> {
  const read = async (name: string): Promise<string> =>
    documents.has(name) ? ((await files.readText(join(folder, name))) ?? '') : '';
  const packageJson = await read('package.json');
  const pnpmWorkspace = await read('pnpm-workspace.yaml');
  const root = SAYS_SOMETHING.test(packageJson) ? readJsonTree(packageJson).root : undefined;
  const named = packageManagerOf(root);
  const wanted = lockfile === undefined ? { manager: named?.manager } : { name: basename(lockfile) };
  const choice = await chooseLockfile(files, folder, documents, wanted);
  const manager = choice.manager ?? named?.manager ?? managerBySettings(documents);
  const npmPatterns = workspacePatterns(valueAt(root, 'workspaces'));
  // Most folders have no such file, and reading one loads a library.
  const pnpmPatterns = pnpmWorkspace === '' ? undefined : parsePnpmWorkspace(pnpmWorkspace).value.workspaces;
  const patterns = manager === 'pnpm' ? (pnpmPatterns ?? npmPatterns) : npmPatterns;
  const isMember = memberMatcher(patterns ?? [], manager === 'pnpm' ? 'always' : 'in-order');
  return {
    folder,
    documents,
    ...choice,
    manager,
    managerVersion: named?.manager === manager ? lowestVersion(named.version) : undefined,
    isWorkspace: patterns !== undefined && patterns.length > 0,
    hasMember: (member) => isMember(importerOf(folder, member)),
  };
}

/** The package manager whose settings lie in a folder where neither a lockfile nor the manifest tells. */
function managerBySettings(documents: ReadonlySet<string>): PackageManager {
  if (documents.has('pnpm-workspace.yaml')) return 'pnpm';
  return documents.has('.yarnrc.yml') ? 'yarn' : 'npm';
}

/** The fields that are read here, or letters written as escapes. Most manifests have none of them and are not taken apart for this. */
const SAYS_SOMETHING = /"(?:workspaces|packageManager|devEngines)"|\\u/;

/** The path of a member in the lockfile. */
export function importerOf(root: string, folder: string): string {
  return relative(root, folder).split(sep).join('/') || '.';
}

/** True when `folder` lies below `above`. */
export function isBelow(folder: string, above: string): boolean {
  return folder !== above && folder.startsWith(above.endsWith(sep) ? above : above + sep);
}

/**
 * The package manager that a manifest asks for.
 * @see https://nodejs.org/api/packages.html#packagemanager
 */
function packageManagerOf(
  root: DocumentNode | undefined,
): { readonly manager: PackageManager; readonly version: string } | undefined {
  const engine = valueAt(valueAt(root, 'devEngines'), 'packageManager');
  const [name, version = ''] = textAt(root, 'packageManager')?.split('@') ?? [
    textAt(engine, 'name'),
    textAt(engine, 'version'),
  ];
  const isKnown = name === 'npm' || name === 'pnpm' || name === 'yarn' || name === 'bun';
  return isKnown ? { manager: name, version } : undefined;
}

/** Of a version itself, or of a range. */
function lowestVersion(range: string): string | undefined {
  return range === '' || validRange(range) === null ? undefined : minVersion(range)?.version;
}
