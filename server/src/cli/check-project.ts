import { isAdvisoryFinding } from '../core/finding.ts';
import type { Settings } from '../core/settings.ts';
import { ImportScout } from '../workspace/import-scout.ts';
import { lookUp, lookupKey, type Lookup } from '../workspace/look-up.ts';
import { readProjects } from '../workspace/read-projects.ts';
import { subjectsOf } from '../workspace/refresher.ts';
import type { ProjectView, Snapshot } from '../workspace/snapshot.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { unknownOfBroughtIn } from './brought-in.ts';
import type { CheckWorld } from './command-line-io.ts';

export interface CheckRequest {
  /** Absolute path of a folder or of one document. */
  readonly target: string;
  readonly settings: Settings;
  readonly signal: AbortSignal;
  readonly onProgress: (message: string) => void;
}

/**
 * Reads the projects below a path and, where the world is online, has everything looked up that they install.
 * Resolves to the snapshot with all that can be known now; rejects with the signal's reason when it is aborted.
 */
export async function checkProjects(world: CheckWorld, request: CheckRequest): Promise<Snapshot> {
  request.onProgress('reading manifests and lockfiles');
  const { target, settings, signal } = request;
  const scout = new ImportScout({ ...world, onFound: () => undefined });
  const importsOf: ImportScout['usesOf'] = (layout) => scout.usesOf(layout);
  return readProjects(world, { path: target, settings, signal, importsOf }, async (workspace) => {
    if (world.isOnline()) await askAll(world, workspace, request);
    else await recallAll(world, workspace.snapshot.projects, request);
    await scout.survey(workspace.snapshot.projects, signal);
  });
}

/** What is stored of signatures is verified offline, too. */
async function recallAll(
  { knowledge }: CheckWorld,
  projects: readonly ProjectView[],
  { settings, signal }: CheckRequest,
): Promise<void> {
  if (!settings.signatures) return;
  for (const project of projects) await knowledge.recall(subjectsOf(project).direct, signal);
}

async function askAll(world: CheckWorld, workspace: Workspace, request: CheckRequest): Promise<void> {
  await refresh(world, workspace.snapshot.projects, request);
  workspace.flush();
  // Without a lockfile the versions are known only after the registry has answered.
  const declared = workspace.snapshot.projects.filter(({ lockfile }) => lockfile === undefined);
  if (declared.length > 0) {
    await refresh(world, declared, request);
    workspace.flush();
  }
  await learnAffected(world, workspace.snapshot.projects, request);
  await learnBroughtIn(world, workspace, request);
}

async function refresh(
  { knowledge }: CheckWorld,
  projects: readonly ProjectView[],
  { settings, signal, onProgress }: CheckRequest,
): Promise<void> {
  for (const project of projects) {
    await knowledge.refresh(
      {
        ...subjectsOf(project),
        policy: project.policy,
        force: false,
        signatures: settings.signatures ? 'direct' : 'none',
        health: settings.health,
        epss: true,
        onProgress: (done, total) => onProgress(`looking up: ${String(done)} of ${String(total)}`),
      },
      signal,
    );
  }
}

/** All versions of the affected direct dependencies, so that what is proposed for them has been verified. */
async function learnAffected(
  { knowledge }: CheckWorld,
  projects: readonly ProjectView[],
  { signal, onProgress }: CheckRequest,
): Promise<void> {
  const wanted = new Map<string, Lookup>();
  for (const { manifests, policy } of projects) {
    for (const { subject, own } of manifests.flatMap(({ lines }) => lines)) {
      if (subject === undefined || !own.some(isAdvisoryFinding)) continue;
      wanted.set(lookupKey(subject), { subject, policy });
    }
  }
  await lookUp(knowledge, [...wanted.values()], signal, (done) => {
    onProgress(`planning upgrades: ${String(done)} of ${String(wanted.size)}`);
  });
}

/** Each round may show what the next one has to look up: a tree is known level by level. */
const MAX_ROUNDS = 6;
const MAX_LOOKUPS = 400;

/** What the fixes of packages that others bring in are planned from. */
async function learnBroughtIn(
  { knowledge }: CheckWorld,
  workspace: Workspace,
  { signal, onProgress }: CheckRequest,
): Promise<void> {
  const asked = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS && asked.size < MAX_LOOKUPS; round++) {
    workspace.flush();
    const due = new Map<string, Lookup>();
    for (const project of workspace.snapshot.projects) {
      for (const subject of unknownOfBroughtIn(project)) {
        const key = lookupKey(subject);
        if (asked.size >= MAX_LOOKUPS || asked.has(key)) continue;
        asked.add(key);
        due.set(key, { subject, policy: project.policy });
      }
    }
    if (due.size === 0) return;
    await lookUp(knowledge, [...due.values()], signal, (done) => {
      onProgress(`planning fixes: ${String(asked.size - due.size + done)} packages looked up`);
    });
  }
}
