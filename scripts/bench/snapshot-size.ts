/** Prints how many bytes a new snapshot of a very large workspace adds after a keystroke. Needs `--expose-gc`. */
import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { unknown } from '../../server/src/core/evidence.ts';
import type { Knowledge } from '../../server/src/core/knowledge.ts';
import { Workspace } from '../../server/src/workspace/workspace.ts';
import { DEFAULT_SETTINGS } from '../../server/src/core/settings.ts';
import type { Files } from '../../server/src/core/ports.ts';
import { syntheticProject } from './generate-workspace.ts';

const ROOT = '/bench';
const project = syntheticProject({ direct: 1_500, resolved: 20_000, members: 544, advisories: 0 });
const texts = new Map([
  [`${ROOT}/package.json`, project.manifest],
  [`${ROOT}/package-lock.json`, project.lockfile],
  ...[...project.members].map(([folder, text]) => [`${ROOT}/${folder}/package.json`, text] as const),
]);

const files: Files = {
  stat: (path) => {
    const text = texts.get(path);
    if (text !== undefined) return Promise.resolve({ kind: 'file', size: text.length, modifiedMs: 0 });
    const isFolder = [...texts.keys()].some((name) => name.startsWith(`${path}/`));
    return Promise.resolve(isFolder ? { kind: 'directory', size: 0, modifiedMs: 0 } : undefined);
  },
  readText: (path) => Promise.resolve(texts.get(path)),
  list: (path) => {
    const names = new Map<string, 'file' | 'directory'>();
    for (const name of texts.keys()) {
      if (!name.startsWith(`${path}/`)) continue;
      const [first = '', ...rest] = name.slice(path.length + 1).split('/');
      names.set(first, rest.length > 0 ? 'directory' : 'file');
    }
    return Promise.resolve([...names].map(([name, kind]) => ({ name, kind })));
  },
};

const nothing = unknown('offline', 'offline');
const knowledge: Knowledge = {
  revision: 1,
  expect: () => undefined,
  advisories: () => nothing,
  knownMatches: () => [],
  registryPackage: () => nothing,
  signature: () => nothing,
  scorecard: () => nothing,
  kev: () => undefined,
  sources: () => [],
};
const policy = {
  registryOf: () => npm.registry.publicBase,
  withheld: () => undefined,
  access: () => ({ headers: {}, connection: undefined }),
  mayAsk: () => true,
  requestBase: (registry: string) => registry,
};
const quiet = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const kept: unknown[] = [];
const workspace = new Workspace({
  ecosystems: [npm],
  files,
  clock: { now: () => 0, after: () => () => undefined },
  log: quiet,
  knowledge,
  readPolicy: () => Promise.resolve(policy),
  onSnapshot: (snapshot) => kept.push(snapshot),
});
await workspace.setFolders([{ path: ROOT, settings: DEFAULT_SETTINGS, trusted: true, isExcluded: () => false }]);
const path = `${ROOT}/package.json`;
await workspace.openDocument(path, project.manifest, 1);
workspace.changeDocument(path, `${project.manifest}\n`, 2);
globalThis.gc?.();
const before = process.memoryUsage().heapUsed;
const SNAPSHOTS = 10;
for (let key = 0; key < SNAPSHOTS; key++) {
  workspace.changeDocument(path, `${project.manifest}${' '.repeat(key)}\n`, key + 3);
}
globalThis.gc?.();
if (kept.length < SNAPSHOTS) throw new Error('no snapshots were made');
console.log((process.memoryUsage().heapUsed - before) / SNAPSHOTS);
