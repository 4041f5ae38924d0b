import { resolve } from 'node:path';

import type { Subject } from '../core/knowledge.ts';
import type { Log } from '../core/ports.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';
import { ECOSYSTEMS } from '../ecosystems/all.ts';
import { createLog } from '../io/stream-log.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { CheckInvocation } from './arguments.ts';
import { checkBase } from './check-base.ts';
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
import { printable } from './printable.ts';
import { ProgressLine } from './progress-line.ts';
import { UsageError } from './usage-error.ts';

/** `provender check`: what is known of everything that is installed. */
export async function check(invocation: CheckInvocation, program: Program, io: CommandLineIo): Promise<number> {
  const target = await findTarget(invocation.path, io.cwd, io.files, ECOSYSTEMS);
  const databasePath = await databaseOf(invocation, io);
  const progress = new ProgressLine(io);
  const settings = settingsOf(invocation);
  const world = await program.openWorld({
    settings,
    log: logTo(io, progress),
    dataFolder: undefined,
    fetch: undefined,
    onKnowledge: () => undefined,
    databasePath,
    hosts: invocation.hosts,
    isShortLived: true,
  });
  let result: CheckResult;
  try {
    result = await lookUp(world, { target, settings }, invocation, io, progress);
  } finally {
    progress.clear();
    await world.close();
  }
  io.signal.throwIfAborted();
  const context = { invocation, program, io };
  for (const { format, path } of invocation.reports) {
    await io.writeFile(resolve(io.cwd, path), WRITERS[format](result, context));
  }
  await io.stdout.write(WRITERS[invocation.format](result, context));
  return exitCode(result, invocation);
}

interface WriteContext {
  readonly invocation: CheckInvocation;
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
  const base = ref === undefined && !staged ? undefined : await openBase({ target: look.target, ref, staged }, io);
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
  if (files === undefined) return { name, commit, snapshot: undefined };
  // Whether something is new depends on the packages alone that are affected now.
  const affected = new Set(
    current.projects.flatMap(({ assessment }) => assessment.findings.map((finding) => finding.package.name)),
  );
  const isWanted = (subject: Subject): boolean => affected.has(subject.name);
  const snapshot = await checkBase(world, { ...look, files, current, isWanted, signal });
  for (const { document, line, message } of documentProblems(snapshot.projects, cwd)) {
    world.log.warn(`${document}:${String(line)} of ${name}: ${message}; what it had may count as new`);
  }
  return { name, commit, snapshot };
}

/** Offline with a database named, that database alone answers: no answer of earlier days stands beside it. */
function settingsOf({ offline, database, hosts }: CheckInvocation): Settings {
  return {
    ...DEFAULT_SETTINGS,
    offline,
    hosts,
    advisoriesSource: offline && database !== undefined ? 'offline' : DEFAULT_SETTINGS.advisoriesSource,
  };
}

/** Opened once for a look: a database that was named and cannot be used is no reason to go on without. */
async function databaseOf({ database }: CheckInvocation, io: CommandLineIo): Promise<string | undefined> {
  if (database === undefined) return undefined;
  const path = resolve(io.cwd, database);
  if ((await io.files.stat(path))?.kind !== 'file') {
    throw new UsageError(
      `there is no database ${database}; make it with: provender advisories import FILE --db ${database}`,
    );
  }
  io.databases.open(path)?.close();
  return path;
}

function logTo(io: CommandLineIo, progress: ProgressLine): Log {
  return createLog('warn', (level, message) => {
    progress.clear();
    void io.stderr.write(`provender ${level}: ${printable(message, 500)}\n`).catch(() => undefined);
  });
}
