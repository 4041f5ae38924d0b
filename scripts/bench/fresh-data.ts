import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findAdvisories } from '../../server/src/core/find-advisories.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { openAdvisoryDatabase } from '../../server/src/store/advisory-database.ts';
import { importAdvisories, type ImportReport } from '../../server/src/workers/import-advisories.ts';
import { importWorkerPath, runImportInWorker } from '../../server/src/workers/run-import.ts';
import { makeAdvisoryWorld, type MadePackage } from './advisory-world.ts';
import { ensureServer } from './built.ts';
import { SERVER } from './lsp-session.ts';
import { againstPeer, median, withinBound, type BenchOptions, type Row } from './row.ts';

const ALL = 220_000;
const FEW = 6_000;
const CHANGED = 200;
const PACKAGES = 5_000;

/** A database of everything that OSV knows of npm: how it is made, kept fresh and asked, against a small one. */
export async function benchFreshData({ isQuick }: BenchOptions): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'provender-bench-'));
  try {
    ensureServer();
    const all = await makeDatabase(folder, 'all', ALL, isQuick ? 2 : 5);
    const few = await makeDatabase(folder, 'few', FEW, 1);
    const increment = await measureIncrement(folder, all.target, isQuick ? 2 : 5);
    return [
      againstPeer('220,000 advisories imported, to JSON.parse over their lines', all.importMs, all.parseMs, 4),
      withinBound('220,000 advisories: size on disk', statSync(all.target).size / 1024 / 1024, 60, 'MB'),
      againstPeer('220,000 advisories: 200 changes, to the whole import', increment, all.importMs, 0.02),
      ...measureLookUps(all, few, isQuick ? 5 : 15),
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

interface Made {
  readonly target: string;
  readonly packages: readonly MadePackage[];
  readonly importMs: number;
  readonly parseMs: number;
}

/** Imports in the thread of the built program, and parses the same lines in turn with it. */
async function makeDatabase(folder: string, name: string, advisories: number, rounds: number): Promise<Made> {
  const { records, packages } = makeAdvisoryWorld(advisories, PACKAGES);
  const input = join(folder, `${name}.jsonl`);
  const target = join(folder, `${name}.db`);
  writeFileSync(input, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const imports: number[] = [];
  const parses: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const job = { inputs: [input], target, complete: ['npm'], now: Date.now() };
    imports.push(await timed(() => runImportInWorker(importWorkerPath(dirname(SERVER)), job, UNWATCHED)));
    parses.push(parseLines(input));
  }
  return { target, packages, importMs: median(imports), parseMs: median(parses) };
}

/** The changes are the newest records once more, a day later, in a generation beside the one before. */
async function measureIncrement(folder: string, previous: string, rounds: number): Promise<number> {
  const { records } = makeAdvisoryWorld(CHANGED, PACKAGES);
  const input = join(folder, 'changes.jsonl');
  const modified = new Date(Date.now()).toISOString();
  writeFileSync(input, records.map((record) => `${JSON.stringify({ ...record, modified })}\n`).join(''));
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const target = join(folder, `next-${String(round)}.db`);
    const now = Date.now();
    const job = { inputs: [input], target, previous, complete: ['npm'], asOf: now, exportStamp: now, now };
    const ms = await timed(() => importAdvisories(job, UNWATCHED));
    if (round > 0) times.push(ms);
    rmSync(target);
  }
  return median(times);
}

const UNWATCHED = { signal: new AbortController().signal, onProgress: () => undefined };

async function timed(importing: () => Promise<ImportReport>): Promise<number> {
  const started = performance.now();
  const report = await importing();
  if (report.database === undefined) throw new Error('nothing was imported');
  return performance.now() - started;
}

function parseLines(input: string): number {
  const lines = readFileSync(input, 'utf8').trimEnd().split('\n');
  const started = performance.now();
  for (const line of lines) JSON.parse(line);
  return performance.now() - started;
}

function measureLookUps(all: Made, few: Made, rounds: number): Row[] {
  const times = { all: [0], few: [0] };
  for (let round = 0; round <= rounds; round++) {
    const [ofAll, ofFew] = [lookUp(all.target, all.packages), lookUp(few.target, few.packages)];
    if (round === 0) continue;
    times.all[round - 1] = ofAll;
    times.few[round - 1] = ofFew;
  }
  const name = '5,000 packages looked up among 220,000 advisories, to among 6,000';
  return [againstPeer(name, median(times.all), median(times.few), 1.5)];
}

function lookUp(path: string, packages: readonly MadePackage[]): number {
  const started = performance.now();
  const database = openAdvisoryDatabase(path);
  for (const { name, version } of packages) findAdvisories(database, { ecosystem: 'npm', name, version }, npmVersions);
  database.close();
  return performance.now() - started;
}
