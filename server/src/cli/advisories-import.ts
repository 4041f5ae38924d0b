import { resolve } from 'node:path';

import type { DatabaseInfo } from '../core/advisory-database.ts';
import { count, countAdvisories, dateOf } from '../features/words.ts';
import { newGenerationPath, removeOldGenerations } from '../store/advisory-generations.ts';
import type { ImportReport } from '../workers/import-advisories.ts';
import type { ImportInvocation } from './arguments.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { didYouMean } from './nearest.ts';
import { printable } from './printable.ts';
import { ProgressLine } from './progress-line.ts';
import { shownPath } from './shown-path.ts';
import { UsageError } from './usage-error.ts';

/** `provender advisories import`: a new generation of the local database, from OSV data and the one before. */
export async function advisoriesImport(invocation: ImportInvocation, io: CommandLineIo): Promise<number> {
  const { databases, clock, signal } = io;
  const inputs = await existing(invocation.files, io);
  const { target, previous } = await placesOf(invocation, io);
  const progress = new ProgressLine(io);
  let report: ImportReport;
  try {
    report = await databases.importAdvisories(
      { inputs, target, previous, complete: invocation.complete, now: clock.now() },
      { signal, onProgress: ({ input, records }) => progress.report(`${input}: ${countAdvisories(records)}`) },
    );
  } finally {
    progress.clear();
  }
  await io.stderr.write(warnings(report, invocation).join(''));
  if (report.database === undefined) {
    await io.stderr.write('provender: nothing was imported: no advisory could be read\n');
    return 2;
  }
  if (invocation.database === undefined) removeOldGenerations(databases.dataFolder, clock.now());
  await io.stdout.write(summary(report, report.database, shownPath(target, io.cwd)));
  return 0;
}

async function existing(files: readonly string[], io: CommandLineIo): Promise<string[]> {
  const inputs: string[] = [];
  for (const file of files) {
    const path = resolve(io.cwd, file);
    if ((await io.files.stat(path)) === undefined) throw new UsageError(`there is no file or folder ${file}`);
    inputs.push(path);
  }
  return inputs;
}

/** Where the new generation goes, and what it extends. A file of another kind is never replaced. */
async function placesOf(
  { database }: ImportInvocation,
  { cwd, files, databases, clock }: CommandLineIo,
): Promise<{ readonly target: string; readonly previous: string | undefined }> {
  if (database === undefined) {
    const current = databases.open(undefined);
    current?.close();
    return { target: newGenerationPath(databases.dataFolder, clock.now()), previous: current?.path };
  }
  const target = resolve(cwd, database);
  const stat = await files.stat(target);
  if (stat === undefined || (stat.kind === 'file' && stat.size === 0)) return { target, previous: undefined };
  if (stat.kind === 'directory') throw new UsageError(`--db is a file, and ${database} is a folder`);
  databases.open(target)?.close();
  return { target, previous: target };
}

function warnings(report: ImportReport, { complete }: ImportInvocation): string[] {
  const lines = report.firstProblems.map(({ place, message }) => `${printable(place)}: ${printable(message)}`);
  const rest = report.problems - lines.length;
  if (rest > 0) lines.push(`and ${count(rest, 'more problem')}`);
  const names = report.database?.ecosystems.map(({ name }) => name) ?? [];
  for (const name of report.database === undefined ? [] : complete) {
    if (names.includes(name)) continue;
    lines.push(`the data hold nothing of the ecosystem "${printable(name)}"${didYouMean(name, names)}`);
  }
  return lines.map((line) => `provender warn: ${line}\n`);
}

function summary(report: ImportReport, { ecosystems }: DatabaseInfo, path: string): string {
  const details = [
    ...(report.withdrawn > 0 ? [`${String(report.withdrawn)} withdrawn`] : []),
    ...(report.older > 0 ? [`${String(report.older)} not newer than what was there`] : []),
    ...(report.problems > 0 ? [`${String(report.problems)} could not be read`] : []),
  ];
  const lines = ecosystems.map(({ name, complete, asOf, advisories, packages }) => {
    const kind = complete ? 'complete' : 'a sample: packages that it does not name stay unknown';
    return `  ${printable(name)}: ${countAdvisories(advisories)} about ${count(packages, 'package')}, as of ${dateOf(asOf)}, ${kind}`;
  });
  const more = details.length > 0 ? ` (${details.join(', ')})` : '';
  return [`${countAdvisories(report.stored)} imported into ${printable(path, 1000)}${more}`, ...lines, ''].join('\n');
}
