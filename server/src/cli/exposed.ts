import { dirname } from 'node:path';

import type { Repository } from '../core/repository.ts';
import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { ECOSYSTEMS } from '../ecosystems/all.ts';
import { excludeMatcher } from '../core/exclude-matcher.ts';
import { findExposure } from '../workspace/exposure.ts';
import type { ExposedInvocation } from './arguments.ts';
import { paintFor } from './colors.ts';
import type { CheckWorld, CommandLineIo, Program } from './command-line-io.ts';
import { exposedJson } from './exposed-json.ts';
import { exposedTable } from './exposed-table.ts';
import type { DocumentExposure, ExposureResult } from './exposure-result.ts';
import { findTarget, nothingFound } from './find-target.ts';
import { openCheckWorld } from './open-check-world.ts';
import { ProgressLine } from './progress-line.ts';
import { shownPath } from './shown-path.ts';
import { soughtByName, soughtByRecords, type Sought } from './sought-packages.ts';
import { UsageError } from './usage-error.ts';

/** `provender exposed`: when the history's lockfiles resolved what an advisory affects. */
export async function exposed(invocation: ExposedInvocation, program: Program, io: CommandLineIo): Promise<number> {
  const target = await findTarget(invocation.path, io.cwd, io.files, ECOSYSTEMS);
  const progress = new ProgressLine(io);
  const { world } = await openCheckWorld(invocation, program, io, progress);
  let repository: Repository | undefined;
  let result: ExposureResult;
  try {
    world.setOnline(!invocation.offline);
    const sought = await soughtOf(invocation, world, io);
    const isFile = (await io.files.stat(target))?.kind === 'file';
    repository = await world.openRepository(isFile ? dirname(target) : target);
    const documents = await documentsOf(target, sought, repository, io, progress);
    if (documents.length === 0) throw nothingFound(invocation.path, ECOSYSTEMS);
    result = resultOf(sought, documents, repository.isShallow);
  } finally {
    progress.clear();
    repository?.close();
    await world.close();
  }
  io.signal.throwIfAborted();
  await io.stdout.write(invocation.format === 'json' ? exposedJson(result) : exposedTable(result, paintFor(io)));
  if (result.documents.some(({ periods }) => periods.length > 0)) return 1;
  return invocation.strict && !result.isComplete ? 3 : 0;
}

function resultOf(sought: Sought, documents: readonly DocumentExposure[], isShallow: boolean): ExposureResult {
  const isComplete = !isShallow && documents.every(({ unreadable }) => unreadable.length === 0);
  return { sought, documents, isShallow, isComplete };
}

async function soughtOf({ sought, offline }: ExposedInvocation, world: CheckWorld, io: CommandLineIo): Promise<Sought> {
  const byName = soughtByName(sought, ECOSYSTEMS);
  if (byName !== undefined) return byName;
  const records = await world.advisoryRecords(sought, io.signal);
  if (records.length === 0) {
    const online = 'in the local database or at OSV.dev';
    const where = offline ? 'in the local database; run it without --offline to ask OSV.dev' : online;
    throw new UsageError(`there is no advisory "${sought}" ${where}`);
  }
  const found = soughtByRecords(sought, records);
  if (ECOSYSTEMS.some((ecosystem) => found.inEcosystem(ecosystem) !== undefined)) return found;
  throw new UsageError(`${sought} names no package of ${ECOSYSTEMS.map(({ osvName }) => osvName).join(', ')}`);
}

async function documentsOf(
  target: string,
  sought: Sought,
  repository: Repository,
  io: CommandLineIo,
  progress: ProgressLine,
): Promise<DocumentExposure[]> {
  const documents: DocumentExposure[] = [];
  for (const ecosystem of ECOSYSTEMS) {
    const packages = sought.inEcosystem(ecosystem);
    if (packages === undefined) continue;
    const exclude = excludeMatcher(target, DEFAULT_SETTINGS.exclude);
    const layouts = await ecosystem.discover(io.files, target, { ceiling: undefined, exclude });
    for (const path of new Set(layouts.flatMap(({ lockfile }) => lockfile ?? []))) {
      const document = shownPath(path, io.cwd);
      progress.report(`reading the history of ${document}`);
      const versions = whileWanted(repository.versionsOf(path, 'HEAD'), io.signal);
      documents.push({ document, ...(await findExposure(versions, packages, ecosystem)) });
    }
  }
  return documents;
}

async function* whileWanted<T>(items: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  for await (const item of items) {
    signal.throwIfAborted();
    yield item;
  }
}
