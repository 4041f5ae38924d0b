import { resolve } from 'node:path';

import { DEFAULT_SETTINGS } from '../core/settings.ts';
import { describeUpdate } from '../sources/describe-update.ts';
import type { UpdateOutcome } from '../sources/update-from-export.ts';
import type { UpdateInvocation } from './arguments.ts';
import type { CommandLineIo, Program } from './command-line-io.ts';
import { logTo } from './open-check-world.ts';
import { ProgressLine } from './progress-line.ts';

/** `provender advisories update`: follows the export of OSV. */
export async function advisoriesUpdate(
  { database, hosts }: UpdateInvocation,
  program: Program,
  io: CommandLineIo,
): Promise<number> {
  const progress = new ProgressLine(io);
  const world = await program.openWorld({
    settings: { ...DEFAULT_SETTINGS, hosts },
    log: logTo(io, progress),
    dataFolder: undefined,
    fetch: undefined,
    onKnowledge: () => undefined,
    databasePath: database === undefined ? undefined : resolve(io.cwd, database),
    hosts,
    isShortLived: true,
  });
  let outcome: UpdateOutcome | undefined;
  try {
    world.setOnline(true);
    outcome = await world.updateAdvisories({
      signal: io.signal,
      onProgress: (message) => progress.report(message),
    });
  } finally {
    progress.clear();
    await world.close();
  }
  const text = `${describeUpdate(outcome)}\n`;
  if (outcome === undefined) await io.stderr.write(`provender: ${text}`);
  else await io.stdout.write(text);
  const isPart = outcome !== undefined && outcome.kind !== 'current' && outcome.failed > 0;
  return isPart ? 2 : 0;
}
