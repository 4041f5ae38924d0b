import type { Ecosystem } from '../core/ecosystem.ts';
import type { ImportUses } from '../core/import-use.ts';
import type { Knowledge, Learner } from '../core/knowledge.ts';
import type { Clock, Files, Log } from '../core/ports.ts';
import type { ProjectLayout } from '../core/project.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import type { Settings } from '../core/settings.ts';
import { excludeMatcher } from '../core/exclude-matcher.ts';
import type { Snapshot } from './snapshot.ts';
import { Workspace } from './workspace.ts';

/** What reading projects once takes. */
export interface ReadingWorld {
  readonly ecosystems: readonly Ecosystem[];
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly knowledge: Knowledge & Learner;
  readonly readPolicy: (ecosystem: Ecosystem, layout: ProjectLayout, trusted: boolean) => Promise<RegistryPolicy>;
}

export interface Target {
  /** Absolute path of a folder or of one document. */
  readonly path: string;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  /** What the sources of a project import, so far as it is known. */
  readonly importsOf?: (layout: ProjectLayout) => ImportUses | undefined;
}

/**
 * Reads the projects below a path, lets `ask` have things looked up, and resolves to the snapshot with all that is known
 * then. Rejects with the signal's reason when it is aborted.
 */
export async function readProjects(
  world: ReadingWorld,
  { path, settings, signal, importsOf }: Target,
  ask: (workspace: Workspace) => Promise<void> = () => Promise.resolve(),
): Promise<Snapshot> {
  const workspace = new Workspace({
    ecosystems: world.ecosystems,
    files: world.files,
    clock: world.clock,
    log: world.log,
    knowledge: world.knowledge,
    readPolicy: (ecosystem, layout, folder) => world.readPolicy(ecosystem, layout, folder.trusted),
    ...(importsOf === undefined ? {} : { importsOf }),
    onSnapshot: () => undefined,
  });
  try {
    await workspace.setFolders([{ path, settings, trusted: true, isExcluded: excludeMatcher(path, settings.exclude) }]);
    signal.throwIfAborted();
    await ask(workspace);
    signal.throwIfAborted();
    workspace.flush();
    return workspace.snapshot;
  } finally {
    workspace.dispose();
  }
}
