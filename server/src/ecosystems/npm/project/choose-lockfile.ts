import { join } from 'node:path';
import type { Files } from '../../../core/ports.ts';
import type { ProjectLayout } from '../../../core/project.ts';
import { LOCKFILE_NAMES, PACKAGE_MANAGER_OF, type LockfileName, type PackageManager } from './document-names.ts';

export interface LockfileChoice {
  /** Absolute path; undefined when there is none that can be read. */
  readonly lockfile: string | undefined;
  readonly unread: ProjectLayout['unread'];
  /** Whose lockfile decides; undefined when there is none. */
  readonly manager: PackageManager | undefined;
}

/**
 * Which of the lockfiles in a folder decides: the wanted one, else the one of the package manager that the manifest
 * names, else the newest format that can be read. The others are named, so that nothing is passed over in silence.
 */
export async function chooseLockfile(
  files: Files,
  folder: string,
  documents: ReadonlySet<string>,
  wanted: { readonly name?: string; readonly manager?: PackageManager | undefined },
): Promise<LockfileChoice> {
  const found = LOCKFILE_NAMES.filter((name) => documents.has(name) || name === wanted.name);
  const troubles = new Map<string, string>();
  for (const name of found) {
    const trouble = await troubleWith(files, name, join(folder, name));
    if (trouble !== undefined) troubles.set(name, trouble);
  }
  const readable = (name: LockfileName): boolean => !troubles.has(name);
  const suitable = found.filter((name) =>
    wanted.name === undefined ? PACKAGE_MANAGER_OF[name] === wanted.manager : name === wanted.name,
  );
  const chosen = suitable.find(readable) ?? suitable[0] ?? found.find(readable) ?? found[0];
  if (chosen === undefined) return { lockfile: undefined, unread: [], manager: undefined };
  const unread = found.flatMap((name) => {
    const reason = troubles.get(name) ?? (name === chosen ? undefined : `is not used, because ${chosen} decides here`);
    if (reason === undefined) return [];
    const rival = wanted.name === undefined ? rivalAdvice(name, chosen, wanted.manager) : undefined;
    return [{ path: join(folder, name), reason, ...(rival === undefined ? {} : { rival }) }];
  });
  return { lockfile: readable(chosen) ? join(folder, chosen) : undefined, unread, manager: PACKAGE_MANAGER_OF[chosen] };
}

/** What to do about a lockfile beside the one that decides; undefined when both are of one package manager. */
function rivalAdvice(name: LockfileName, chosen: LockfileName, named: PackageManager | undefined): string | undefined {
  const manager = PACKAGE_MANAGER_OF[chosen];
  if (PACKAGE_MANAGER_OF[name] === manager) return undefined;
  if (named === manager) {
    return `${name} is not used: ${chosen} beside it decides, because package.json names ${manager} as its package manager. Delete ${name}`;
  }
  const missing = named === undefined ? 'names no package manager' : `names ${named}, which has no lockfile here`;
  return `${name} is not used: ${chosen} beside it decides, because package.json ${missing} and ${chosen} is looked for first. Delete the one that you do not install with, and name the other's package manager in "packageManager"`;
}

async function troubleWith(files: Files, name: LockfileName, path: string): Promise<string | undefined> {
  switch (name) {
    case 'bun.lockb':
      return 'cannot be read, because it is binary; "bun install --save-text-lockfile" writes a bun.lock that can be';
    case 'pnpm-lock.yaml':
      return pnpmTrouble(await files.readText(path));
    default:
      return undefined;
  }
}

/** The first version stands in the first line, or in the first lines of the first document. */
const LOOKED_AT = 4_000;

function pnpmTrouble(text: string | undefined): string | undefined {
  const version = /^lockfileVersion:\s*['"]?(\d+)(\.\d+)?/m.exec(text?.slice(0, LOOKED_AT) ?? '');
  if (version === null || Number(version[1]) >= 5) return undefined;
  return `cannot be read, because its format ${version[1] ?? ''}${version[2] ?? ''} is older than 5; an install with a newer pnpm writes one that can be`;
}
