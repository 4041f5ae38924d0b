import { parsePackageLock } from '../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { syntheticProject } from './generate-workspace.ts';
import { filesOf, openInMemory } from './memory-workspace.ts';
import { againstPeer, median, type BenchOptions, type Row } from './row.ts';

/** Opening a workspace of many members, against the reading of its lockfile alone. */
export async function benchMembers({ isQuick }: BenchOptions): Promise<Row[]> {
  const project = syntheticProject({ direct: 300, resolved: 1400, members: 500, advisories: 0 });
  const files = filesOf(project);
  const rounds = isQuick ? 5 : 15;
  const opening: number[] = [];
  const reading: number[] = [];
  for (let round = -rounds; round < rounds; round += 1) {
    let snapshots = 0;
    const start = performance.now();
    await openInMemory(files, () => (snapshots += 1));
    const middle = performance.now();
    parsePackageLock(project.lockfile);
    const end = performance.now();
    if (snapshots === 0) throw new Error('the workspace was not opened');
    if (round < 0) continue;
    opening.push(middle - start);
    reading.push(end - middle);
  }
  const name = '500 members, 1,400 packages opened, to reading their lockfile';
  return [againstPeer(name, median(opening), median(reading), 3)];
}
