import { resolve } from 'node:path';

import type { Log } from '../core/ports.ts';
import { DEFAULT_SETTINGS, type Settings } from '../core/settings.ts';
import { createLog } from '../io/stream-log.ts';
import type { HostOverrides } from './arguments.ts';
import type { CheckWorld, CommandLineIo, Program } from './command-line-io.ts';
import { printable } from './printable.ts';
import type { ProgressLine } from './progress-line.ts';
import { UsageError } from './usage-error.ts';

/** How a command may ask. */
export interface Asking {
  readonly offline: boolean;
  readonly database: string | undefined;
  readonly hosts: HostOverrides;
}

/** Opens the world for a command that looks things up. The caller closes it. Throws for a database that cannot be used. */
export async function openCheckWorld(
  asking: Asking,
  program: Program,
  io: CommandLineIo,
  progress: ProgressLine,
): Promise<{ readonly world: CheckWorld; readonly settings: Settings }> {
  const databasePath = await databaseOf(asking, io);
  const settings = settingsOf(asking);
  const world = await program.openWorld({
    settings,
    log: logTo(io, progress),
    dataFolder: undefined,
    fetch: undefined,
    onKnowledge: () => undefined,
    databasePath,
    hosts: asking.hosts,
    isShortLived: true,
  });
  return { world, settings };
}

/** Offline with a database named, that database alone answers: no answer of earlier days stands beside it. */
function settingsOf({ offline, database, hosts }: Asking): Settings {
  return {
    ...DEFAULT_SETTINGS,
    offline,
    hosts,
    advisoriesSource: offline && database !== undefined ? 'offline' : DEFAULT_SETTINGS.advisoriesSource,
  };
}

/** Opened once for a look: a database that was named and cannot be used is no reason to go on without. */
async function databaseOf({ database }: Asking, io: CommandLineIo): Promise<string | undefined> {
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

/** A log on standard error, which the progress line gives way to. */
export function logTo(io: CommandLineIo, progress: ProgressLine): Log {
  return createLog('warn', (level, message) => {
    progress.clear();
    void io.stderr.write(`provender ${level}: ${printable(message, 500)}\n`).catch(() => undefined);
  });
}
