import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const CHILD = join(import.meta.dirname, '..', '..', 'support', 'lockfile-memory-child.ts');

test('what was read of a lockfile keeps no piece of its text in memory', async () => {
  // A compiler that is still at work beside us may hold on to the last text.
  const { stdout } = await promisify(execFile)(process.execPath, ['--single-threaded', '--expose-gc', CHILD]);
  const report: unknown = JSON.parse(stdout);
  const shares = (Array.isArray(report) ? report : []).map(
    ({ name, text, kept }: { name: string; text: number; kept: number }) => ({ name, isSmall: kept < text / 8 }),
  );
  expect(shares).toEqual(
    ['package-lock v3', 'package-lock v1', 'bun', 'pnpm', 'yarn 1', 'yarn 4', 'pnpm as a tree'].map((name) => ({
      name,
      isSmall: true,
    })),
  );
});
