/** Prints how many bytes a new snapshot of a very large workspace adds after a keystroke. Needs `--expose-gc`. */
import { syntheticProject } from './generate-workspace.ts';
import { filesOf, openInMemory, ROOT } from './memory-workspace.ts';

const project = syntheticProject({ direct: 1_500, resolved: 20_000, members: 544, advisories: 0 });
const kept: unknown[] = [];
const workspace = await openInMemory(filesOf(project), (snapshot) => kept.push(snapshot));
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
