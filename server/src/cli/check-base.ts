import type { Subject } from '../core/knowledge.ts';
import type { Files } from '../core/ports.ts';
import type { Settings } from '../core/settings.ts';
import { subjectsOf } from '../workspace/refresher.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import { withProjects } from './check-project.ts';
import type { CheckWorld } from './command-line-io.ts';

export interface BaseCheck {
  readonly target: string;
  readonly settings: Settings;
  readonly files: Files;
  readonly current: Snapshot;
  /** True for the packages of the base that are worth asking about, where the world is online. */
  readonly isWanted: (subject: Subject) => boolean;
  readonly signal: AbortSignal;
}

/**
 * Reads the same path in an earlier state, and resolves to its snapshot. Who may be told what is decided by today's
 * configuration: an earlier one may have allowed more.
 */
export async function checkBase(world: CheckWorld, check: BaseCheck): Promise<Snapshot> {
  const { current, files, isWanted, signal } = check;
  const configs = [...new Set(current.projects.flatMap(({ layout }) => layout.registryConfigs))];
  const before: CheckWorld = {
    ...world,
    files,
    readPolicy: (ecosystem, layout, trusted) =>
      world.readPolicy(
        ecosystem,
        { ...layout, registryConfigs: [...new Set([...layout.registryConfigs, ...configs])] },
        trusted,
      ),
  };
  return withProjects(before, check, async ({ snapshot }) => {
    if (!world.isOnline()) return;
    for (const project of snapshot.projects) {
      const { direct, transitive } = subjectsOf(project);
      const wanted = [...direct, ...transitive].filter(isWanted);
      if (wanted.length === 0) continue;
      const options = { policy: project.policy, force: false, signatures: false, health: false };
      // Named as what others bring in: of these only the advisories are asked.
      const subjects = { direct: [], transitive: wanted };
      await world.knowledge.refresh({ ...subjects, ...options, onProgress: () => undefined }, signal);
    }
  });
}
