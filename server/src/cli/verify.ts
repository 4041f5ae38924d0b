import type { Subject } from '../core/knowledge.ts';
import { ECOSYSTEMS } from '../ecosystems/all.ts';
import { readProjects } from '../workspace/read-projects.ts';
import { subjectsOf } from '../workspace/refresher.ts';
import { isPinnedTarball } from '../workspace/signature-survey.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import type { VerifyInvocation } from './arguments.ts';
import { paintFor } from './colors.ts';
import type { CheckWorld, CommandLineIo, Program } from './command-line-io.ts';
import { findTarget, nothingFound } from './find-target.ts';
import { openCheckWorld } from './open-check-world.ts';
import { ProgressLine } from './progress-line.ts';
import { verifyExitCode } from './verify-exit-code.ts';
import { verifyJson } from './verify-json.ts';
import { verifyResult, type VerifyResult } from './verify-result.ts';
import { verifyTable } from './verify-table.ts';

/** `provender verify`: the signatures and the provenance of everything that is installed. */
export async function verify(invocation: VerifyInvocation, program: Program, io: CommandLineIo): Promise<number> {
  const path = await findTarget(invocation.path, io.cwd, io.files, ECOSYSTEMS);
  const { signal } = io;
  const progress = new ProgressLine(io);
  const { world, settings } = await openCheckWorld({ ...invocation, database: undefined }, program, io, progress);
  let result: VerifyResult;
  try {
    world.setOnline(!invocation.offline);
    progress.report('reading manifests and lockfiles');
    const { projects } = await readProjects(world, { path, settings, signal }, async (workspace) => {
      await askAll(world, workspace.snapshot.projects, io, progress);
    });
    if (projects.length === 0) throw nothingFound(invocation.path, ECOSYSTEMS);
    result = verifyResult(projects);
  } finally {
    progress.clear();
    await world.close();
  }
  signal.throwIfAborted();
  await io.stdout.write(invocation.format === 'json' ? verifyJson(result) : verifyTable(result, paintFor(io)));
  return verifyExitCode(result, invocation);
}

/**
 * Those whose bytes a registry may have signed. A public registry must not hear of their names, which may be private; a
 * host that the user put in its place may.
 */
function tarballs({ installed, policy, ecosystem }: ProjectView): Subject[] {
  const { publicBase } = ecosystem.registry;
  if (policy.requestBase(publicBase) === publicBase) return [];
  return installed.packages
    .filter(isPinnedTarball)
    .map(({ subject }) => subject)
    .filter(({ name }) => policy.withheld(name, undefined) === undefined);
}

async function askAll(
  { knowledge }: CheckWorld,
  projects: readonly ProjectView[],
  { signal }: CommandLineIo,
  progress: ProgressLine,
): Promise<void> {
  for (const project of projects) {
    const onProgress = (done: number, total: number): void =>
      progress.report(`verifying: ${String(done)} of ${String(total)}`);
    const { direct, transitive } = subjectsOf(project);
    const request = { direct, transitive: [...transitive, ...tarballs(project)], policy: project.policy };
    await knowledge.verify({ ...request, force: false, onProgress }, signal);
  }
}
