import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { Arborist } from '@npmcli/arborist';
import { loadAll } from 'js-yaml';
import { parsePackageLock } from '../../server/src/ecosystems/npm/package-lock.ts';
import { parsePnpmLock } from '../../server/src/ecosystems/npm/pnpm-lock.ts';
import { generatePackageLock, generatePnpmLock } from './generate-lockfiles.ts';
import { againstPeer, median, type BenchOptions, type Row } from './row.ts';

/** Reading lockfiles, against what others take for the same text. */
export async function benchParse(options: BenchOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for (const packages of [1800, 20_000]) {
    const size = { packages, direct: Math.min(200, packages) };
    const label = `${packages.toLocaleString('en')} packages`;
    rows.push(...(await benchPackageLock(label, generatePackageLock(size), options.isQuick)));
    rows.push(benchPnpm(label, generatePnpmLock(size), options.isQuick));
    if (packages === 1800) rows.push(benchColdPnpm(label, generatePnpmLock(size), options.isQuick));
  }
  if (options.corpus !== undefined) rows.push(...(await benchCorpus(options.corpus, options.isQuick)));
  return rows;
}

async function benchCorpus(folder: string, isQuick: boolean): Promise<Row[]> {
  const rows: Row[] = [];
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const name = basename(path);
    if (path.includes('node_modules')) continue;
    if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') {
      rows.push(...(await benchPackageLock(path, readFileSync(join(folder, path), 'utf8'), isQuick)));
    }
    if (name !== 'pnpm-lock.yaml') continue;
    const text = readFileSync(join(folder, path), 'utf8');
    if (/^lockfileVersion: '?9/m.test(text))
      rows.push(benchPnpm(path, text, isQuick), benchColdPnpm(path, text, isQuick));
  }
  return rows;
}

async function benchPackageLock(label: string, text: string, isQuick: boolean): Promise<Row[]> {
  const [ours, parsed] = interleave(
    () => parsePackageLock(text),
    () => JSON.parse(text),
    repetitions(text, isQuick),
  );
  const arborist = await timeArborist(text, isQuick ? 1 : 3);
  return [
    againstPeer(`package-lock, ${label}, to JSON.parse`, ours, parsed, 3.5),
    againstPeer(`package-lock, ${label}, to arborist`, ours, arborist, 1 / 20),
  ];
}

/** Milliseconds that arborist takes to load the tree, without what only the first call costs. */
async function timeArborist(text: string, rounds: number): Promise<number> {
  const path = mkdtempSync(join(tmpdir(), 'provender-bench-'));
  try {
    writeFileSync(join(path, 'package-lock.json'), text);
    writeFileSync(join(path, 'package.json'), JSON.stringify({ name: 'bench', version: '1.0.0' }));
    const times: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const start = performance.now();
      await new Arborist({ path }).loadVirtual();
      times.push(performance.now() - start);
    }
    return median(times.slice(1));
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

function benchPnpm(label: string, text: string, isQuick: boolean): Row {
  const [ours, parsed] = interleave(
    () => parsePnpmLock(text),
    () => loadAll(text),
    repetitions(text, isQuick),
  );
  return againstPeer(`pnpm-lock, ${label}, to js-yaml`, ours, parsed, 1 / 12);
}

/** The first call in a fresh process, the modules already loaded. */
function benchColdPnpm(label: string, text: string, isQuick: boolean): Row {
  const folder = mkdtempSync(join(tmpdir(), 'provender-bench-'));
  try {
    const path = join(folder, 'pnpm-lock.yaml');
    writeFileSync(path, text);
    const ours: number[] = [];
    const peer: number[] = [];
    for (let round = 0; round < (isQuick ? 3 : 9); round += 1) {
      ours.push(timeFirstCall(import.meta.resolve(OURS), 'parsePnpmLock', path));
      peer.push(timeFirstCall(import.meta.resolve('js-yaml'), 'loadAll', path));
    }
    return againstPeer(`pnpm-lock, ${label}, first call, to js-yaml`, median(ours), median(peer), 1 / 5);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const OURS = '../../server/src/ecosystems/npm/pnpm-lock.ts';

function timeFirstCall(module: string, name: string, path: string): number {
  const script = `
    import { readFileSync } from 'node:fs';
    import { ${name} as call } from ${JSON.stringify(module)};
    const text = readFileSync(${JSON.stringify(path)}, 'utf8');
    const start = performance.now();
    call(text);
    console.log(performance.now() - start);`;
  const output = execFileSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' });
  return Number(output);
}

/** Medians of two calls in turn, after both have been called often enough to be compiled. */
function interleave(first: () => unknown, second: () => unknown, rounds: number): readonly [number, number] {
  const firstTimes: number[] = [];
  const secondTimes: number[] = [];
  for (let round = -rounds; round < rounds; round += 1) {
    const start = performance.now();
    first();
    const middle = performance.now();
    second();
    const end = performance.now();
    if (round < 0) continue;
    firstTimes.push(middle - start);
    secondTimes.push(end - middle);
  }
  return [median(firstTimes), median(secondTimes)];
}

function repetitions(text: string, isQuick: boolean): number {
  const wanted = Math.ceil(30_000_000 / Math.max(1, text.length));
  return Math.min(isQuick ? 7 : 31, Math.max(5, wanted));
}
