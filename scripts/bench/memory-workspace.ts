import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { unknown } from '../../server/src/core/evidence.ts';
import type { Knowledge } from '../../server/src/core/knowledge.ts';
import type { Files } from '../../server/src/core/ports.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import type { SyntheticProject } from './generate-workspace.ts';

/** The folder that a synthetic project is opened in. It is on no disk. */
export const ROOT = '/bench';

/** Opens a project whose files are in memory and of which nothing is known. What is shown is handed to `onSnapshot`. */
export async function openInMemory(files: Files, onSnapshot: (snapshot: unknown) => void): Promise<Workspace> {
  const workspace = new Workspace({
    ecosystems: [npm],
    files,
    clock: { now: () => 0, after: () => () => undefined },
    log: QUIET,
    knowledge: IGNORANCE,
    readPolicy: () => Promise.resolve(POLICY),
    onSnapshot,
  });
  await workspace.setFolders([{ path: ROOT, settings: DEFAULT_SETTINGS, trusted: true, isExcluded: () => false }]);
  return workspace;
}

export function filesOf(project: SyntheticProject): Files {
  const texts = new Map([
    [`${ROOT}/package.json`, project.manifest],
    [`${ROOT}/package-lock.json`, project.lockfile],
    ...[...project.members].map(([folder, text]) => [`${ROOT}/${folder}/package.json`, text] as const),
  ]);
  const folders = foldersOf([...texts.keys()]);
  return {
    stat: (path) => {
      const text = texts.get(path);
      if (text !== undefined) return Promise.resolve({ kind: 'file', size: text.length, modifiedMs: 0 });
      return Promise.resolve(folders.has(path) ? { kind: 'directory', size: 0, modifiedMs: 0 } : undefined);
    },
    readText: (path) => Promise.resolve(texts.get(path)),
    list: (path) => Promise.resolve([...(folders.get(path) ?? [])].map(([name, kind]) => ({ name, kind }))),
  };
}

/** What each folder on the way to a file holds. */
function foldersOf(paths: readonly string[]): ReadonlyMap<string, ReadonlyMap<string, 'file' | 'directory'>> {
  const folders = new Map<string, Map<string, 'file' | 'directory'>>();
  for (const path of paths) {
    const parts = path.split('/');
    parts.slice(1).forEach((name, index) => {
      const folder = parts.slice(0, index + 1).join('/');
      const inside = folders.get(folder) ?? new Map<string, 'file' | 'directory'>();
      folders.set(folder, inside.set(name, index + 2 === parts.length ? 'file' : 'directory'));
    });
  }
  return folders;
}

const NOTHING = unknown('offline', 'offline');
const IGNORANCE: Knowledge = {
  revision: 1,
  expect: () => undefined,
  advisories: () => NOTHING,
  knownMatches: () => [],
  registryPackage: () => NOTHING,
  signature: () => NOTHING,
  release: () => undefined,
  scorecard: () => NOTHING,
  kev: () => undefined,
  epss: () => undefined,
  sources: () => [],
};
const POLICY = {
  registryOf: () => npm.registry.publicBase,
  withheld: () => undefined,
  access: () => ({ headers: {}, connection: undefined }),
  mayAsk: () => true,
  requestBase: (registry: string) => registry,
  ageGate: undefined,
};
const QUIET = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
