import { resolve } from 'node:path';

import type { Subject } from '../core/knowledge.ts';
import type { Settings } from '../core/settings.ts';
import type { Severity } from '../core/severity.ts';
import { ECOSYSTEMS } from '../ecosystems/all.ts';
import { readBase } from '../workspace/read-base.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { CheckInvocation } from './arguments.ts';
import type { CheckFormat } from './formats.ts';
import { checkGithub } from './check-github.ts';
import { checkGitlab } from './check-gitlab.ts';
import { checkJson } from './check-json.ts';
import { checkJunit } from './check-junit.ts';
import { checkMarkdown } from './check-markdown.ts';
import { checkProjects } from './check-project.ts';
import { documentProblems } from './check-problems.ts';
import { checkResult, type CheckResult, type ComparedWith } from './check-result.ts';
import { checkSarif } from './check-sarif.ts';
import { checkTable } from './check-table.ts';
import { paintFor } from './colors.ts';
import type { CheckWorld, CommandLineIo, Program } from './command-line-io.ts';
import { exitCode } from './exit-code.ts';
import { findTarget, nothingFound } from './find-target.ts';
import { openBase, type Base } from './open-base.ts';
import { openCheckWorld } from './open-check-world.ts';
import { ProgressLine } from './progress-line.ts';

/** `provender check`: what is known of everything that is installed. */
export async function check(invocation: CheckInvocation, program: Program, io: CommandLineIo): Promise<number> {
  const target = await findTarget(invocation.path, io.cwd, io.files, ECOSYSTEMS);
  const progress = new ProgressLine(io);
  const { world, settings } = await openCheckWorld(invocation, program, io, progress);
  let result: CheckResult;
  try {
    result = await lookUp(world, { target, settings }, invocation, io, progress);
  } finally {
    progress.clear();
    await world.close();
  }
  io.signal.throwIfAborted();
  const failOn = invocation.failOn ?? result.failOn ?? 'high';
  const context = { invocation: { ...invocation, failOn }, program, io };
  for (const { format, path } of invocation.reports) {
    await io.writeFile(resolve(io.cwd, path), WRITERS[format](result, context));
  }
  await io.stdout.write(WRITERS[invocation.format](result, context));
  return exitCode(result, context.invocation);
}

interface WriteContext {
  readonly invocation: CheckInvocation & { readonly failOn: Severity };
  readonly program: Program;
  readonly io: CommandLineIo;
}

/** What writes each format. */
const WRITERS: Readonly<Record<CheckFormat, (result: CheckResult, context: WriteContext) => string>> = {
  table: (result, { invocation, io }) =>
    checkTable(result, { ...invocation, now: io.clock.now(), paint: paintFor(io) }),
  json: checkJson,
  sarif: (result, { program, io }) => checkSarif(result, { version: program.version, cwd: io.cwd }),
  github: checkGithub,
  gitlab: checkGitlab,
  markdown: (result, { invocation, io }) => checkMarkdown(result, { ...invocation, now: io.clock.now() }),
  junit: (result, { invocation }) => checkJunit(result, invocation),
};

interface Look {
  readonly target: string;
  readonly settings: Settings;
}

async function lookUp(
  world: CheckWorld,
  look: Look,
  { path, offline, base: ref, staged }: CheckInvocation,
  io: CommandLineIo,
  progress: ProgressLine,
): Promise<CheckResult> {
  // Who runs the command has been told what it sends; an editor asks first.
  world.setOnline(!offline);
  const onProgress = (message: string): void => progress.report(message);
  const base = ref === undefined && !staged ? undefined : await openBase({ target: look.target, ref, staged }, world);
  try {
    const looked = base?.staged === undefined ? world : { ...world, files: base.staged };
    const current = await checkProjects(looked, { ...look, signal: io.signal, onProgress });
    if (current.projects.length === 0) throw nothingFound(path, ECOSYSTEMS);
    if (base === undefined) return checkResult(current, io.cwd);
    onProgress(`reading ${base.name}`);
    return checkResult(current, io.cwd, await compareWith(base, current, world, look, io));
  } finally {
    base?.repository.close();
  }
}

async function compareWith(
  { name, commit, files }: Base,
  current: Snapshot,
  world: CheckWorld,
  look: Look,
  { signal, cwd }: CommandLineIo,
): Promise<ComparedWith> {
  if (files === undefined) return { name, commit, projects: undefined };
  // Whether something is new depends on the packages alone that are affected now.
  const affected = new Set(
    current.projects.flatMap(({ assessment }) => assessment.findings.map((finding) => finding.package.name)),
  );
  const isWanted = (subject: Subject): boolean => affected.has(subject.name);
  const projects = await readBase(world, {
    path: look.target,
    settings: look.settings,
    files,
    current: current.projects,
    isWanted: world.isOnline() ? isWanted : undefined,
    signal,
  });
  for (const { document, line, message } of documentProblems(projects, cwd)) {
    world.log.warn(`${document}:${String(line)} of ${name}: ${message}; what it had may count as new`);
  }
  return { name, commit, projects };
}
