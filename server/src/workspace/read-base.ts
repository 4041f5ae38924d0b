import type { PolicyOptions } from '../core/ecosystem.ts';
import type { Subject } from '../core/knowledge.ts';
import type { Files } from '../core/ports.ts';
import { readProjects, type ReadingWorld, type Target } from './read-projects.ts';
import { subjectsOf } from './refresher.ts';
import type { ProjectView } from './snapshot.ts';

export interface BaseRequest extends Target {
  /** Those of the earlier state. */
  readonly files: Files;
  /** The projects as they are now. */
  readonly current: readonly ProjectView[];
  /** True for the packages that are to be asked about; undefined asks nobody. */
  readonly isWanted: ((subject: Subject) => boolean) | undefined;
}

const POLICY_OF_THEN: PolicyOptions = {
  trusted: false,
  userConfigPath: undefined,
  environment: {},
  publicRegistryHost: undefined,
};

/**
 * Reads a path in an earlier state, and resolves to its projects. Today's configuration says who is asked; a name is
 * withheld when either state withholds it.
 */
export async function readBase(world: ReadingWorld, request: BaseRequest): Promise<readonly ProjectView[]> {
  const { current, files, isWanted, signal } = request;
  const configs = [...new Set(current.flatMap(({ layout }) => layout.registryConfigs))];
  const before: ReadingWorld = {
    ...world,
    files,
    readPolicy: async (ecosystem, layout, trusted) => {
      const registryConfigs = [...new Set([...layout.registryConfigs, ...configs])];
      const [now, then] = await Promise.all([
        world.readPolicy(ecosystem, { ...layout, registryConfigs }, trusted),
        ecosystem.readPolicy(files, layout, POLICY_OF_THEN),
      ]);
      return { ...now, withheld: (name, from) => now.withheld(name, from) ?? then.withheld(name, from) };
    },
  };
  const { projects } = await readProjects(before, request, async ({ snapshot }) => {
    if (isWanted === undefined) return;
    for (const project of snapshot.projects) {
      const { direct, transitive } = subjectsOf(project);
      const wanted = [...direct, ...transitive].filter(isWanted);
      if (wanted.length === 0) continue;
      const options = { policy: project.policy, force: false, signatures: 'none' as const, health: false };
      // Named as what others bring in: of these only the advisories are asked.
      const subjects = { direct: [], transitive: wanted };
      await world.knowledge.refresh({ ...subjects, ...options, onProgress: () => undefined }, signal);
    }
  });
  return projects;
}
