import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { SourceError } from '../../server/src/core/evidence.ts';
import { runImportInWorker } from '../../server/src/workers/run-import.ts';
import { osvText } from '../support/advisory-records.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const WORKER = join(import.meta.dirname, '..', '..', 'server', 'src', 'workers', 'import-worker.ts');

let folder: string;
beforeEach(() => {
  folder = scratchFolder();
});

function jobOf(count: number) {
  const input = join(folder, 'in.jsonl');
  writeFileSync(input, Array.from({ length: count }, (_, index) => `${osvText(`GHSA-${index}`)}\n`).join(''));
  return { inputs: [input], target: join(folder, 'out', 'advisories.db'), complete: ['npm'], now: Date.now() };
}

it('imports in a thread, with progress', async () => {
  const seen: number[] = [];
  const watch = {
    signal: new AbortController().signal,
    onProgress: ({ records }: { records: number }) => seen.push(records),
  };
  const report = await runImportInWorker(WORKER, jobOf(1_000), watch);
  expect(report).toMatchObject({ records: 1_000, problems: 0 });
  expect(report.database?.ecosystems).toMatchObject([{ name: 'npm', complete: true }]);
  expect(seen).toEqual([500, 1_000]);
});

it('cleans up after itself when it is stopped', async () => {
  const controller = new AbortController();
  const watch = { signal: controller.signal, onProgress: () => controller.abort(new Error('stopped')) };
  await expect(runImportInWorker(WORKER, jobOf(20_000), watch)).rejects.toThrow('stopped');
  expect(readdirSync(join(folder, 'out'))).toEqual([]);
});

it('rejects when the disk refuses', async () => {
  const job = jobOf(1);
  writeFileSync(join(folder, 'out'), 'a file where the folder should be');
  const watch = { signal: new AbortController().signal, onProgress: () => undefined };
  const refusal = runImportInWorker(WORKER, job, watch);
  await expect(refusal).rejects.toThrow('EEXIST');
  await expect(refusal).rejects.toBeInstanceOf(SourceError);
});

it('rejects when the thread cannot start', async () => {
  const watch = { signal: new AbortController().signal, onProgress: () => undefined };
  await expect(runImportInWorker(join(folder, 'missing.cjs'), jobOf(1), watch)).rejects.toThrow('missing.cjs');
});
