import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import classic from '@yarnpkg/lockfile';
import { parseSyml } from '@yarnpkg/parsers';
import { loadAll } from 'js-yaml';
import { parse as parseYaml } from 'yaml';
import { RouteFinder } from '../../server/src/core/explain-path.ts';
import type { Lockfile } from '../../server/src/core/lockfile.ts';
import type { Parsed } from '../../server/src/core/span.ts';
import { parseBunLock } from '../../server/src/ecosystems/npm/bun/bun-lock.ts';
import { parseManifest } from '../../server/src/ecosystems/npm/manifest/manifest.ts';
import { parsePackageLock } from '../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { parsePnpmLock, readPnpmDocuments } from '../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { parseYarnLock } from '../../server/src/ecosystems/npm/yarn/yarn-lock.ts';
import {
  generateBunLock,
  generatePackageLock,
  generatePnpmLock,
  generateYarnBerryLock,
  generateYarnClassicLock,
  type LockfileSize,
} from './generate-lockfiles.ts';
import { againstPeer, median, type BenchOptions, type Row } from './row.ts';

/** Reading lockfiles, against what others take for the same text. */
export function benchParse(options: BenchOptions): Row[] {
  const rows: Row[] = [];
  for (const packages of [1800, 20_000]) {
    const size = { packages, direct: Math.min(200, packages) };
    const label = `${packages.toLocaleString('en')} packages`;
    rows.push(...benchPackageLock(label, generatePackageLock(size), options.isQuick));
    rows.push(...benchPnpm(label, generatePnpmLock(size), options.isQuick));
    if (packages === 1800) {
      rows.push(benchPnpmToYaml(label, generatePnpmLock(size), options.isQuick));
      rows.push(benchColdPnpm(label, generatePnpmLock(size), options.isQuick));
    }
  }
  const size = { packages: 1400, direct: 200 };
  rows.push(...benchYarn('1,400 packages', generateYarnClassicLock(size), options.isQuick));
  rows.push(...benchYarn('1,400 packages', generateYarnBerryLock(size), options.isQuick));
  rows.push(benchBun('1,400 packages', generateBunLock(size), options.isQuick));
  rows.push(...benchGraphs('1,400 packages', size, options.isQuick));
  if (options.corpus !== undefined) rows.push(...benchCorpus(options.corpus, options.isQuick));
  return rows;
}

function benchCorpus(folder: string, isQuick: boolean): Row[] {
  const rows: Row[] = [];
  for (const path of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const name = basename(path);
    if (path.includes('node_modules')) continue;
    if (name === 'package-lock.json' || name === 'npm-shrinkwrap.json') {
      rows.push(...benchPackageLock(path, readFileSync(join(folder, path), 'utf8'), isQuick));
    }
    if (name === 'bun.lock') rows.push(benchBun(path, readFileSync(join(folder, path), 'utf8'), isQuick));
    if (name === 'yarn.lock') rows.push(...benchYarn(path, readFileSync(join(folder, path), 'utf8'), isQuick));
    if (name !== 'pnpm-lock.yaml') continue;
    const text = readFileSync(join(folder, path), 'utf8');
    if (/^lockfileVersion: '?9/m.test(text))
      rows.push(...benchPnpm(path, text, isQuick), benchColdPnpm(path, text, isQuick));
  }
  return rows;
}

function benchPackageLock(label: string, text: string, isQuick: boolean): Row[] {
  const [ours, parsed] = interleave(
    () => parsePackageLock(text),
    () => JSON.parse(text),
    repetitions(text, isQuick),
  );
  const arborist = timeArborist(text, isQuick ? 10_000 : 40_000);
  return [
    againstPeer(`package-lock, ${label}, to JSON.parse`, ours, parsed, 3.5),
    againstPeer(`package-lock, ${label}, to arborist`, ours, arborist, 1 / 20),
  ];
}

/**
 * Milliseconds that arborist takes to load the tree: the best of three calls in a process of its own. Its time grows with
 * the square of the packages, so it is stopped after a while; what it had by then is what it took at the least.
 */
function timeArborist(text: string, limitMs: number): number {
  return inFolder('package-lock.json', text, (path) => {
    const script = `
      import { Arborist } from ${JSON.stringify(import.meta.resolve('@npmcli/arborist'))};
      const begin = performance.now();
      let best = Infinity;
      for (let round = 0; round < 3 && performance.now() - begin < ${limitMs / 4}; round += 1) {
        const start = performance.now();
        await new Arborist({ path: ${JSON.stringify(dirname(path))} }).loadVirtual();
        best = Math.min(best, performance.now() - start);
      }
      console.log(best);`;
    const args = ['--input-type=module', '--eval', script];
    const { stdout, status } = spawnSync(process.execPath, args, { encoding: 'utf8', timeout: limitMs });
    return status === 0 ? Number(stdout) : limitMs;
  });
}

function benchBun(label: string, text: string, isQuick: boolean): Row {
  const stripped = text.replace(/,(\s*[}\]])/g, '$1');
  const [ours, parsed] = interleave(
    () => parseBunLock(text),
    () => JSON.parse(stripped),
    repetitions(text, isQuick),
  );
  return againstPeer(`bun.lock, ${label}, to JSON.parse without its commas`, ours, parsed, 2.5);
}

/** The list with its places, then the list with who brings in what. */
function benchPnpm(label: string, written: string, isQuick: boolean): Row[] {
  // One flat text, as it comes from a file: one that was joined of pieces takes longer to look into.
  const text = Buffer.from(written).toString();
  const rounds = repetitions(text, isQuick);
  const list = interleave(
    () => readPnpmDocuments(text),
    () => loadAll(text),
    rounds,
  );
  const graph = interleave(
    () => parsePnpmLock(text),
    () => loadAll(text),
    rounds,
  );
  return [
    againstPeer(`pnpm-lock, ${label}, to js-yaml`, ...list, 1 / 12),
    againstPeer(`pnpm-lock, ${label}, with the graph, to js-yaml`, ...graph, 1 / 3),
  ];
}

function benchPnpmToYaml(label: string, text: string, isQuick: boolean): Row {
  const [ours, parsed] = interleave(
    () => parsePnpmLock(text),
    () => parseYaml(text),
    // The peer takes half a second.
    isQuick ? 3 : 9,
  );
  return againstPeer(`pnpm-lock, ${label}, to yaml`, ours, parsed, 1 / 50);
}

/** The graph of each format, and why one of its packages is there, against JSON.parse of the same packages. */
function benchGraphs(label: string, size: LockfileSize, isQuick: boolean): Row[] {
  const json = generatePackageLock(size);
  const manifest = parseManifest('package.json', rootOf(json)).value;
  const rounds = repetitions(json, isQuick);
  const formats: readonly (readonly [string, string, (text: string) => Parsed<Lockfile>])[] = [
    ['package-lock', json, parsePackageLock],
    ['pnpm-lock', generatePnpmLock(size), parsePnpmLock],
    ['yarn 1', generateYarnClassicLock(size), parseYarnLock],
    ['yarn berry', generateYarnBerryLock(size), parseYarnLock],
    ['bun.lock', generateBunLock(size), parseBunLock],
  ];
  return formats.map(([format, text, parse]) => {
    const [ours, parsed] = interleave(
      () => {
        const { value } = parse(text);
        const lockfile = value.completedBy?.([{ importer: '.', manifest }]) ?? value;
        return new RouteFinder(lockfile).routesTo([lockfile.entries.length - 1]);
      },
      () => JSON.parse(json),
      rounds,
    );
    return againstPeer(`${format}, ${label}, graph with paths, to JSON.parse of the same`, ours, parsed, 4);
  });
}

/** The manifest of the root, as the lockfile repeats it. */
function rootOf(packageLock: string): string {
  const { packages } = JSON.parse(packageLock) as { packages: Record<string, object> };
  return JSON.stringify(packages['']);
}

function benchColdPnpm(label: string, text: string, isQuick: boolean): Row {
  const peer = { module: 'js-yaml', call: 'loadAll' };
  const { ours, theirs } = timeFirstCalls(
    text,
    { module: '../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts', call: 'parsePnpmLock' },
    peer,
    isQuick,
  );
  return againstPeer(`pnpm-lock, ${label}, first call, to js-yaml`, ours, theirs, 1 / 5);
}

/** The list, then the list with all that its manifest joins to it, then the list in a first call. */
function benchYarn(label: string, written: string, isQuick: boolean): Row[] {
  // One flat text, as it comes from a file: one that was joined of pieces takes longer to look into.
  const text = Buffer.from(written).toString();
  const isBerry = /^__metadata:/m.test(text);
  const peer = isBerry
    ? { module: '@yarnpkg/parsers', call: 'parseSyml', parse: parseSyml, gate: 1 / 10 }
    : { module: '@yarnpkg/lockfile', call: 'parse', parse: classic.parse, gate: 1 / 30 };
  const name = isBerry ? 'yarn berry' : 'yarn 1';
  const rounds = repetitions(text, isQuick);
  const list = interleave(
    () => parseYarnLock(text),
    () => peer.parse(text),
    rounds,
  );
  const graph = interleave(
    () => parseYarnLock(text).value.completedBy?.([]),
    () => peer.parse(text),
    rounds,
  );
  const yarn = { module: '../../server/src/ecosystems/npm/yarn/yarn-lock.ts', call: 'parseYarnLock' };
  const { ours, theirs } = timeFirstCalls(text, yarn, peer, isQuick);
  return [
    againstPeer(`${name}, ${label}, to ${peer.module}`, ...list, peer.gate),
    againstPeer(`${name}, ${label}, with the graph, to ${peer.module}`, ...graph, 1 / 2),
    againstPeer(`${name}, ${label}, first call, to ${peer.module}`, ours, theirs, 1 / 5),
  ];
}

interface Callable {
  readonly module: string;
  readonly call: string;
}

/** The first call in a fresh process, the modules already loaded. */
function timeFirstCalls(
  text: string,
  own: Callable,
  peer: Callable,
  isQuick: boolean,
): { readonly ours: number; readonly theirs: number } {
  return inFolder('lockfile', text, (path) => {
    const ours: number[] = [];
    const theirs: number[] = [];
    for (let round = 0; round < (isQuick ? 3 : 9); round += 1) {
      ours.push(timeFirstCall(own, path));
      theirs.push(timeFirstCall(peer, path));
    }
    return { ours: median(ours), theirs: median(theirs) };
  });
}

function inFolder<T>(name: string, text: string, measure: (path: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'provender-bench-'));
  try {
    writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'bench', version: '1.0.0' }));
    return measure(join(folder, name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function timeFirstCall({ module, call }: Callable, path: string): number {
  // Older packages are no ES modules.
  const script = `
    import { readFileSync } from 'node:fs';
    import * as all from ${JSON.stringify(import.meta.resolve(module))};
    const call = all.${call} ?? all.default.${call};
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
