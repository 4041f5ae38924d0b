import { resolve } from 'node:path';

import { dateOf } from '../features/words.ts';
import type { OpenAdvisoryDatabase } from '../store/advisory-database.ts';
import type { StatusInvocation } from './arguments.ts';
import { paintFor, type Paint } from './colors.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { jsonText } from './json.ts';
import { printable } from './printable.ts';
import { shownPath } from './shown-path.ts';
import { ageWords } from './source-ages.ts';
import { alignRows } from './table.ts';
import { UsageError } from './usage-error.ts';

/** `provender advisories status`: the local database in use, what is in it, how old it is. */
export async function advisoriesStatus({ database, format }: StatusInvocation, io: CommandLineIo): Promise<number> {
  const explicit = database === undefined ? undefined : resolve(io.cwd, database);
  if (explicit !== undefined && (await io.files.stat(explicit))?.kind !== 'file') {
    throw new UsageError(`there is no database ${database ?? ''}`);
  }
  const open = io.databases.open(explicit);
  try {
    await io.stdout.write(format === 'json' ? statusJson(open, io.cwd) : statusTable(open, io, paintFor(io)));
  } finally {
    open?.close();
  }
  return 0;
}

function statusJson(open: OpenAdvisoryDatabase | undefined, cwd: string): string {
  const database = open && {
    path: shownPath(open.path, cwd),
    builtAt: new Date(open.builtAt).toISOString(),
    bytes: open.bytes,
    exportedUpTo: open.exportStamp === undefined ? null : new Date(open.exportStamp).toISOString(),
    ecosystems: open.info.ecosystems.map(({ name, complete, asOf, advisories, packages }) => ({
      name,
      complete,
      asOf: new Date(asOf).toISOString(),
      advisories,
      packages,
    })),
  };
  return jsonText({ schemaVersion: 1, database: database ?? null });
}

function statusTable(open: OpenAdvisoryDatabase | undefined, { cwd, clock }: CommandLineIo, paint: Paint): string {
  if (open === undefined) {
    return [
      'There is no local advisory database: OSV.dev is asked, and offline nothing is known.',
      'Make one: provender advisories update, or from OSV data: provender advisories import FILE...',
      '',
    ].join('\n');
  }
  const rows = open.info.ecosystems.map(({ name, complete, asOf, advisories, packages }) => [
    printable(name),
    String(advisories),
    String(packages),
    `${dateOf(asOf)} (${ageWords(clock.now() - asOf)})`,
    complete ? 'complete' : 'a sample: packages that it does not name stay unknown',
  ]);
  const size = `${(open.bytes / 1024 / 1024).toFixed(1)} MB`;
  const source =
    open.exportStamp === undefined
      ? 'Source: imported files'
      : `Source: the export of OSV, read up to ${new Date(open.exportStamp).toISOString()}`;
  return [
    `Database: ${printable(shownPath(open.path, cwd), 1000)}, built ${dateOf(open.builtAt)}, ${size}`,
    source,
    ...alignRows(['ECOSYSTEM', 'ADVISORIES', 'PACKAGES', 'AS OF', 'STATE'], rows, paint),
    '',
  ].join('\n');
}
