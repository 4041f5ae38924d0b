import { existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it } from 'vitest';
import { openAdvisoryDatabase } from '../../server/src/store/advisory-database.ts';
import { importAdvisories, type ImportReport, type ImportJob } from '../../server/src/workers/import-advisories.ts';
import { osvText } from '../support/advisory-records.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { zipOf } from '../support/zip-writer.ts';

const NOW = Date.parse('2026-06-01T00:00:00Z');

let folder: string;
let target: string;
beforeEach(() => {
  folder = scratchFolder();
  target = join(folder, 'target', 'advisories.db');
});

function write(name: string, content: string | Uint8Array): string {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
}

function run(inputs: readonly string[], more: Partial<ImportJob> = {}): Promise<ImportReport> {
  const watch = { signal: new AbortController().signal, onProgress: () => undefined };
  return importAdvisories({ inputs, target, complete: [], now: NOW, ...more }, watch);
}

function imported(): readonly string[] {
  const database = openAdvisoryDatabase(target);
  const ids = database.affected('npm', 'left-pad').map(({ id }) => id);
  database.close();
  return ids;
}

const lines = (...ids: string[]): string => ids.map((id) => `${osvText(id)}\n`).join('');

describe('an import', () => {
  it.each<[string, () => string]>([
    ['lines', () => write('in.jsonl', lines('GHSA-a', 'GHSA-b'))],
    [
      'lines with CRLF, empty lines, a byte order mark and no end',
      () => write('in.jsonl', `\uFEFF${osvText('GHSA-a')}\r\n\r\n  \n${osvText('GHSA-b')}`),
    ],
    ['compressed lines', () => write('in.jsonl.gz', gzipSync(lines('GHSA-a', 'GHSA-b')))],
    [
      'compressed lines in two members',
      () => write('in.jsonl.gz', Buffer.concat([gzipSync(lines('GHSA-a')), gzipSync(lines('GHSA-b'))])),
    ],
    ['compressed lines under a name without an ending', () => write('download', gzipSync(lines('GHSA-a', 'GHSA-b')))],
    ['an array', () => write('in.json', `[${osvText('GHSA-a')},${osvText('GHSA-b')}]`)],
    [
      'an archive',
      () =>
        write(
          'in.zip',
          zipOf({ 'GHSA-a.json': osvText('GHSA-a'), 'b/GHSA-b.JSON': osvText('GHSA-b'), 'c/': '', 'd.txt': 'x' }),
        ),
    ],
    [
      'a folder',
      () => {
        mkdirSync(join(folder, 'in', 'deep', 'deeper'), { recursive: true });
        write('in/deep/deeper/GHSA-a.json', osvText('GHSA-a'));
        write('in/b.jsonl', lines('GHSA-b'));
        write('in/README.md', 'not JSON');
        return join(folder, 'in');
      },
    ],
  ])('reads %s', async (_, prepare) => {
    const report = await run([prepare()]);
    expect(report).toMatchObject({ records: 2, stored: 2, problems: 0, firstProblems: [] });
    expect(report.database?.ecosystems).toMatchObject([{ name: 'npm', complete: false, advisories: 2 }]);
    expect(imported()).toEqual(['GHSA-a', 'GHSA-b']);
  });

  it('reads one object and several inputs', async () => {
    const withdrawn = osvText('GHSA-b', { modified: '2026-02-01T00:00:00Z', withdrawn: '2026-02-01T00:00:00Z' });
    const inputs = [write('a.json', osvText('GHSA-a')), write('b.json', withdrawn), write('c.json', osvText('GHSA-b'))];
    expect(await run(inputs)).toMatchObject({ records: 3, stored: 1, withdrawn: 1, older: 1 });
    expect(imported()).toEqual(['GHSA-a']);
  });

  it('extends a generation', async () => {
    await run([write('a.jsonl', lines('GHSA-a'))]);
    await run([write('b.jsonl', lines('GHSA-b'))], { previous: target });
    expect(imported()).toEqual(['GHSA-a', 'GHSA-b']);
  });

  it('follows no links out of a folder', async () => {
    mkdirSync(join(folder, 'in'));
    write('outside.jsonl', lines('GHSA-b'));
    write('in/a.jsonl', lines('GHSA-a'));
    symlinkSync(join(folder, 'outside.jsonl'), join(folder, 'in', 'link.jsonl'));
    expect(await run([join(folder, 'in')])).toMatchObject({ records: 1 });
  });

  it('says how far it is', async () => {
    const ids = Array.from({ length: 1_200 }, (_, index) => `GHSA-${index}`);
    const seen: number[] = [];
    const watch = {
      signal: new AbortController().signal,
      onProgress: ({ input, fraction, records }: { input: string; fraction: number; records: number }) => {
        expect(input).toBe('in.jsonl');
        expect(fraction).toBeGreaterThan(0);
        expect(fraction).toBeLessThanOrEqual(1);
        seen.push(records);
      },
    };
    await importAdvisories({ inputs: [write('in.jsonl', lines(...ids))], target, complete: [], now: NOW }, watch);
    expect(seen).toEqual([500, 1_000]);
  });

  it('that is stopped leaves the old generation and nothing else', async () => {
    await run([write('a.jsonl', lines('GHSA-a'))]);
    const controller = new AbortController();
    const ids = Array.from({ length: 600 }, (_, index) => `GHSA-${index}`);
    const inputs = [write('b.jsonl', lines(...ids))];
    const stopping = importAdvisories(
      { inputs, target, complete: [], now: NOW },
      { signal: controller.signal, onProgress: () => controller.abort(new Error('stopped')) },
    );
    await expect(stopping).rejects.toThrow('stopped');
    expect(imported()).toEqual(['GHSA-a']);
    expect(readdirSync(join(folder, 'target'))).toEqual(['advisories.db']);
  });
});

describe('what cannot be read', () => {
  it('is counted and named with its place, and the rest is imported', async () => {
    const jsonl = write('in.jsonl', `${osvText('GHSA-a')}\n{"id": "GHSA-b"\n[]\n${osvText('GHSA-c')}\n`);
    const zip = write('in.zip', zipOf({ 'x/GHSA-d.json': '{', 'GHSA-e.json': osvText('GHSA-e') }));
    const json = write('in.json', `[null, ${osvText('GHSA-f')}]`);
    const report = await run([jsonl, zip, json]);
    expect(report).toMatchObject({ records: 4, problems: 4 });
    expect(report.firstProblems.map(({ place }) => place)).toEqual([
      'in.jsonl:2',
      'in.jsonl:3',
      'in.zip/x/GHSA-d.json',
      'in.json[0]',
    ]);
    expect(imported()).toEqual(['GHSA-a', 'GHSA-c', 'GHSA-e', 'GHSA-f']);
  });

  it('is named ten times at most', async () => {
    const report = await run([write('in.jsonl', `${'broken\n'.repeat(25)}${lines('GHSA-a')}`)]);
    expect(report.problems).toBe(25);
    expect(report.firstProblems).toHaveLength(10);
  });

  it('leaves no trace when there is nothing else', async () => {
    const report = await run([join(folder, 'missing.jsonl'), write('empty.jsonl', ''), write('other.json', '{}')]);
    expect(report).toMatchObject({ records: 0, problems: 2, database: undefined });
    expect(existsSync(target)).toBe(false);
    expect(readdirSync(join(folder, 'target'))).toEqual([]);
  });
});

describe('an input that breaks off', () => {
  const ids = Array.from({ length: 300 }, (_, index) => `GHSA-${String(index).padStart(3, '0')}`);

  async function expectStartOf(path: string): Promise<void> {
    const report = await run([path], { complete: ['npm'] });
    const found = imported();
    expect(found.length).toBeGreaterThan(10);
    expect(found.length).toBeLessThan(ids.length);
    expect(found).toEqual(ids.slice(0, found.length));
    expect(report.problems).toBe(1);
    expect(report.database?.ecosystems).toMatchObject([{ name: 'npm', complete: false }]);
  }

  it('gives its whole lines when it is compressed lines', async () => {
    const whole = gzipSync(lines(...ids), { level: 1 });
    await expectStartOf(write('in.jsonl.gz', whole.subarray(0, whole.length / 2)));
  });

  it('gives its whole files when it is an archive', async () => {
    const whole = zipOf(Object.fromEntries(ids.map((id) => [`${id}.json`, osvText(id)])));
    await expectStartOf(write('in.zip', whole.subarray(0, whole.length / 2)));
  });

  it('is complete when it does not', async () => {
    const whole = write('in.jsonl.gz', gzipSync(lines(...ids)));
    const { database } = await run([whole], { complete: ['npm'] });
    expect(database?.ecosystems).toMatchObject([{ name: 'npm', complete: true, asOf: Date.parse('2026-01-01') }]);
  });
});
