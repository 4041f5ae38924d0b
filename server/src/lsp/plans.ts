import { dirname } from 'node:path';
import type { CancellationToken } from 'vscode-languageserver';

import { plannedSteps, stepLabel } from '../features/planned-steps.ts';
import { count } from '../features/words.ts';
import type { PlanEditsParams, PlanEditsResult, PlanResult } from '../protocol.ts';
import { lookUp, lookupKey, type Lookup } from '../workspace/look-up.ts';
import { planWorkspace, unknownOfPlan, type PlanStep } from '../workspace/workspace-plan.ts';
import { cancellableJob } from './cancellable-job.ts';
import { Drafts } from './drafts.ts';
import type { Running, Session } from './session.ts';

/** Each round may show what the next one has to look up: a tree is known level by level. */
const MAX_ROUNDS = 6;
const MAX_LOOKUPS = 600;

/** The plan for the whole workspace, after what it rests on was looked up. */
export async function providePlan(session: Session, token: CancellationToken): Promise<PlanResult> {
  const running = await session.running();
  await learnForPlan(session, running, token);
  const { projects } = running.workspace.snapshot;
  const folders = running.workspace.folders.map(({ path }) => path);
  const missing = missingWords(unknownOfPlan(projects), running);
  return { ...plannedSteps(planWorkspace(projects), folders), missing };
}

async function learnForPlan(session: Session, { world, workspace }: Running, token: CancellationToken): Promise<void> {
  if (!world.isOnline()) return;
  await cancellableJob(session, 'Provender: planning what to do first', token, async (signal, progress) => {
    const asked = new Set<string>();
    for (let round = 0; round < MAX_ROUNDS; round++) {
      const unknown = unknownOfPlan(workspace.snapshot.projects).filter(
        ({ subject }) => !asked.has(lookupKey(subject)),
      );
      const due = unknown.slice(0, MAX_LOOKUPS - asked.size);
      if (due.length === 0) break;
      for (const { subject } of due) asked.add(lookupKey(subject));
      const before = asked.size - due.length;
      await lookUp(world.knowledge, due, signal, (done) => progress.report(before + done, asked.size));
      workspace.flush();
    }
  });
}

/** What is asked again without an answer is missing. */
function missingWords(unknown: readonly Lookup[], { world }: Running): string {
  const silent = unknown.filter(({ subject }) => !world.knowledge.registryPackage(subject).known);
  const [first] = silent;
  if (first === undefined) return '';
  const answer = world.knowledge.registryPackage(first.subject);
  const reason = answer.known ? '' : `: ${answer.reason}`;
  return `More may be possible: the versions of ${count(silent.length, 'package')} are unknown${reason}`;
}

/** The edits of the chosen steps. Several may change one document: each is made for what those before it have left. */
export async function providePlanEdits(session: Session, { ids }: PlanEditsParams): Promise<PlanEditsResult> {
  const { workspace } = await session.running();
  const wanted = new Set(ids);
  const steps = planWorkspace(workspace.snapshot.projects).steps.filter(({ id }) => wanted.has(id));
  const drafts = new Drafts(session);
  const refused = ids.filter((id) => !steps.some((step) => step.id === id)).map((id) => id.split('\n').at(2) ?? id);
  const taken: PlanStep[] = [];
  for (const step of inWritingOrder(steps)) {
    const { remedy, late, project } = step;
    const versionOf = (path: string): number | undefined =>
      project.manifests.find(({ document }) => document.path === path)?.document.version;
    if (await drafts.add(remedy.edits, late, versionOf)) taken.push(step);
    else refused.push(stepLabel(step));
  }
  return {
    documents: drafts.wire(),
    commands: commandsOf(taken),
    refused,
  };
}

/** Edits at known places first: those that are made for a text can be made for a changed one. */
function inWritingOrder(steps: readonly PlanStep[]): PlanStep[] {
  return steps.toSorted((a, b) => Number(a.late.length > 0) - Number(b.late.length > 0));
}

/** Those that stand for steps, and then an install for each project whose manifests change. */
function commandsOf(steps: readonly PlanStep[]): PlanEditsResult['commands'] {
  const commands = steps.flatMap(({ project: { layout }, command, remedy, late }) => {
    const folder = layout.lockfile === undefined ? layout.root : dirname(layout.lockfile);
    if (command !== undefined) return [{ folder, command, isInstall: false }];
    const changesManifest = remedy.edits.length > 0 || late.some(({ path }) => path !== layout.lockfile);
    return changesManifest ? [{ folder, command: layout.installCommand, isInstall: true }] : [];
  });
  const distinct = new Map(commands.map((item) => [`${item.folder}\n${item.command}`, item]));
  return [...distinct.values()]
    .sort((a, b) => Number(a.isInstall) - Number(b.isInstall))
    .map(({ folder, command }) => ({ folder, command }));
}
