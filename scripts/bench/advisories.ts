import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { satisfies } from 'semver';
import { findAdvisories } from '../../server/src/core/find-advisories.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { openAdvisoryDatabase } from '../../server/src/store/advisory-database.ts';
import { AFFECTED_QUERY } from '../../server/src/store/advisory-schema.ts';
import { importAdvisories } from '../../server/src/workers/import-advisories.ts';
import { makeAdvisoryWorld, type MadePackage, type MadeRecord } from './advisory-world.ts';
import { againstPeer, median, withinBound, type BenchOptions, type Row } from './row.ts';

const ADVISORIES = 6_000;
const PACKAGES = 5_000;

/** The advisory look-up: 5,000 packages against 6,000 advisories. Every run opens its store anew. */
export async function benchAdvisories({ isQuick }: BenchOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'provender-bench-'));
  try {
    const { records, packages } = makeAdvisoryWorld(ADVISORIES, PACKAGES);
    const input = join(folder, 'advisories.jsonl');
    const target = join(folder, 'advisories.db');
    writeFileSync(input, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
    const watch = { signal: new AbortController().signal, onProgress: () => undefined };
    await importAdvisories({ inputs: [input], target, complete: ['npm'], now: Date.now() }, watch);
    return measure(input, target, packages, isQuick ? 5 : 15);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function measure(input: string, target: string, packages: readonly MadePackage[], rounds: number): Row[] {
  const times = { ours: [0], selects: [0], inMemory: [0], open: [0], scan: [0] };
  let found = { ours: 0, inMemory: 0 };
  for (let round = 0; round <= rounds; round += 1) {
    const [ours, selects, inMemory] = [
      timed(() => checkWithStore(target, packages)),
      timed(() => selectEach(target, packages)),
      timed(() => checkInMemory(input, packages)),
    ];
    const [open, scan] = [timed(() => openAdvisoryDatabase(target).close()), timed(() => scanAll(target))];
    found = { ours: ours.result, inMemory: inMemory.result };
    // The first round warms the compiler and the disk's cache for all alike.
    if (round === 0) continue;
    times.ours[round - 1] = ours.ms;
    times.selects[round - 1] = selects.ms;
    times.inMemory[round - 1] = inMemory.ms;
    times.open[round - 1] = open.ms;
    times.scan[round - 1] = scan.ms;
  }
  if (found.ours !== found.inMemory) throw new Error(`found ${found.ours} advisories, the peer ${found.inMemory}`);
  const ours = median(times.ours);
  return [
    againstPeer('advisories: 5,000 packages, to a bare SELECT each', ours, median(times.selects), 4),
    againstPeer('advisories: 5,000 packages, to semver over records in memory', ours, median(times.inMemory), 1),
    againstPeer('advisories: opening the store, to reading all of it', median(times.open), median(times.scan), 0.5),
    withinBound('advisories: memory for checking 5,000 packages', memoryGrowth(target), 30, 'MB'),
  ];
}

/** Opens the store and checks every package: what an editor does at its start. Returns the advisories found. */
function checkWithStore(path: string, packages: readonly MadePackage[]): number {
  const database = openAdvisoryDatabase(path);
  let found = 0;
  for (const { name, version } of packages) {
    found += findAdvisories(database, { ecosystem: 'npm', name, version }, npmVersions).length;
  }
  database.close();
  return found;
}

/** The same statement on the same file, opened as anybody would, and nothing done with the rows. */
function selectEach(path: string, packages: readonly MadePackage[]): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const statement = database.prepare(AFFECTED_QUERY);
  let rows = 0;
  for (const { name } of packages) rows += statement.all(1, name).length;
  database.close();
  return rows;
}

function checkInMemory(path: string, packages: readonly MadePackage[]): number {
  const rangesOf = new Map<string, string[]>();
  for (const line of readFileSync(path, 'utf8').trimEnd().split('\n')) {
    const record: unknown = JSON.parse(line);
    if (!isMadeRecord(record)) continue;
    for (const { package: named, ranges } of record.affected) {
      const known = rangesOf.get(named.name);
      const all = ranges.map(({ events }) => events.map(comparator).join(' '));
      if (known === undefined) rangesOf.set(named.name, all);
      else known.push(...all);
    }
  }
  let found = 0;
  for (const { name, version } of packages) {
    for (const range of rangesOf.get(name) ?? []) if (satisfies(version, range)) found += 1;
  }
  return found;
}

function isMadeRecord(value: unknown): value is MadeRecord {
  return typeof value === 'object' && value !== null && 'affected' in value;
}

function comparator({ introduced, fixed }: Readonly<Record<string, string>>): string {
  return fixed === undefined ? `>=${introduced === '0' ? '0.0.0' : introduced}` : `<${fixed}`;
}

function scanAll(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  const sums = 'SELECT (SELECT sum(length(lines)) FROM affected) + (SELECT sum(length(lines)) FROM advisory) AS length';
  const length = Number(database.prepare(sums).get()?.['length']);
  database.close();
  return length;
}

/** Megabytes that a process grows by when it opens the store and checks all packages. */
function memoryGrowth(target: string): number {
  const { stdout, stderr } = spawnSync(process.execPath, ['--expose-gc', import.meta.filename, '--memory', target]);
  const bytes = Number(stdout.toString());
  if (stdout.length === 0 || Number.isNaN(bytes))
    throw new Error(`the memory could not be measured: ${stderr.toString()}`);
  return bytes / 1e6;
}

function reportMemory(target: string): void {
  const { packages } = makeAdvisoryWorld(ADVISORIES, PACKAGES);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  checkWithStore(target, packages);
  process.stdout.write(String(process.memoryUsage.rss() - before));
}

function timed<T>(work: () => T): { readonly ms: number; readonly result: T } {
  const start = performance.now();
  const result = work();
  return { ms: performance.now() - start, result };
}

const [flag, target] = process.argv.slice(2);
if (import.meta.main && flag === '--memory' && target !== undefined) reportMemory(target);
