import { execFileSync, spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureServer } from './built.ts';
import { syntheticProject, type Size, type SyntheticProject } from './generate-workspace.ts';
import { importAdvisories, layOut, LONGEST_COMMAND_MS } from './laid-out.ts';
import { residentBytes, startSession, type BenchSession } from './lsp-session.ts';
import { startOsvServer } from './osv-server.ts';
import { againstPeer, median, percentile, withinBound, type BenchOptions, type Row } from './row.ts';

const LATENCY_MS = 80;
const MEGABYTE = 1024 * 1024;
const MANY: Size = { direct: 200, resolved: 1_800, members: 0, advisories: 60 };
const HUGE: Size = { direct: 1_500, resolved: 20_000, members: 544, advisories: 200 };

/** Everything that is measured through the real protocol: opening, typing, hovering, starting, memory. */
export const SERVER_BENCHES = [benchFirstOpen, benchStartAndTyping, benchHuge] as const;

async function benchFirstOpen({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const rounds = isQuick ? 2 : 5;
  const project = syntheticProject(MANY);
  const osv = await startOsvServer(project.advisories, LATENCY_MS);
  const direct: number[] = [];
  const all: number[] = [];
  const peer: number[] = [];
  let requests = 0;
  for (let round = 0; round < rounds; round++) {
    const place = layOut(project);
    const started = performance.now();
    for (let reply = 0; reply < 3; reply++) {
      await (await fetch(`${osv.url}v1/vulns/${project.advisories[0]?.id ?? ''}`)).arrayBuffer();
    }
    peer.push(performance.now() - started);
    const before = osv.batches() + osv.records();
    const session = await startSession({
      ...place,
      consent: 'ask',
      hosts: { osv: osv.url, kev: `${osv.url}kev.json`, epss: osv.url, npm: osv.url, scorecard: osv.url, tuf: osv.url },
      settings: { health: { enable: false }, signatures: { enable: false } },
    });
    const uri = session.uriOf('package.json');
    const directNames = new Set(Object.keys(dependenciesOf(project.manifest)));
    const wantedDirect = project.advisories.filter(({ name }) => directNames.has(name)).length;
    const hasDirect = session.nextDiagnostics(uri, (list) => count(list, 'is affected by') >= wantedDirect);
    const hasAll = session.nextDiagnostics(uri, (list) => bringing(list) >= expectedBringing(project));
    await session.notify('initialized', {});
    const opened = performance.now();
    await open(session, uri, project.manifest);
    await hasDirect;
    direct.push(performance.now() - opened);
    await hasAll;
    all.push(performance.now() - opened);
    requests = osv.batches() + osv.records() - before;
    await session.stop();
    rmSync(dirname(place.folder), { recursive: true, force: true });
  }
  await osv.close();
  return [
    againstPeer('first open, empty store: direct findings / three replies', median(direct), median(peer), 1.5),
    againstPeer('first open, empty store: all findings / three replies', median(all), median(peer), 4),
    withinBound('first open: requests', requests, 3 + project.advisories.length, 'requests'),
  ];
}

async function benchStartAndTyping({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const rounds = isQuick ? 3 : 7;
  const project = syntheticProject(MANY);
  const place = layOut(project);
  importAdvisories(project, place.dataFolder);
  const bare: number[] = [];
  const start: number[] = [];
  const first: number[] = [];
  const above: number[] = [];
  const typing: number[] = [];
  const hovering: number[] = [];
  const parsing: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const before = performance.now();
    execFileSync(process.execPath, ['-e', '0'], { timeout: LONGEST_COMMAND_MS });
    bare.push(performance.now() - before);
    const began = performance.now();
    const session = await startSession({ ...place, consent: 'offline' });
    start.push(performance.now() - began);
    const uri = session.uriOf('package.json');
    const found = session.nextDiagnostics(uri, (list) => list.length > 0);
    await session.notify('initialized', {});
    await open(session, uri, project.manifest);
    await found;
    first.push(performance.now() - began);
    await new Promise((done) => setTimeout(done, 1_500));
    above.push((session.memory() - (await bareNodeMemory())) / MEGABYTE);
    await typeAndHover(session, uri, project, typing, hovering);
    for (let time = 0; time < 5; time++) {
      const at = performance.now();
      JSON.parse(project.lockfile);
      parsing.push(performance.now() - at);
    }
    await session.stop();
  }
  rmSync(dirname(place.folder), { recursive: true, force: true });
  const parse = median(parsing);
  return [
    againstPeer('process start to initialize answered / bare Node', median(start), median(bare), 3.5),
    againstPeer('start to first diagnostics, filled store / bare Node', median(first), median(bare), 6),
    withinBound('server with 1,800 packages open, above bare Node', median(above), 30, 'MB'),
    againstPeer('keystroke to diagnostics p95 / JSON.parse of the lockfile', percentile(typing, 0.95), parse, 2),
    againstPeer('hover p95 / JSON.parse of the lockfile', percentile(hovering, 0.95), parse, 1),
  ];
}

/** Types a character into the first line of the dependencies and waits for the diagnostics of that very version. */
async function typeAndHover(
  session: BenchSession,
  uri: string,
  project: SyntheticProject,
  typing: number[],
  hovering: number[],
): Promise<void> {
  const line = project.manifest.split('\n').findIndex((text) => text.includes('"dependencies"'));
  const insertAt = { line, character: 2 };
  for (let key = 0; key < 40; key++) {
    const published = session.nextDiagnostics(uri, () => true);
    const began = performance.now();
    await session.notify('textDocument/didChange', {
      textDocument: { uri, version: key + 2 },
      contentChanges: [{ range: { start: insertAt, end: insertAt }, text: '\n' }],
    });
    await published;
    typing.push(performance.now() - began);
    const hover = performance.now();
    const answer: unknown = await session.request('textDocument/hover', {
      textDocument: { uri },
      position: { line: line + key + 2, character: 10 },
    });
    hovering.push(performance.now() - hover);
    if (answer === null) throw new Error('the hover was empty');
  }
}

async function benchHuge(): Promise<Row[]> {
  ensureServer();
  const project = syntheticProject(HUGE);
  const place = layOut(project);
  importAdvisories(project, place.dataFolder);
  const session = await startSession({ ...place, consent: 'offline' });
  const uri = session.uriOf('package.json');
  const found = session.nextDiagnostics(uri, (list) => list.length > 0);
  await session.notify('initialized', {});
  await open(session, uri, project.manifest);
  await found;
  await new Promise((done) => setTimeout(done, 4_000));
  const above = (session.memory() - (await bareNodeMemory())) / MEGABYTE;
  const opening = await openMembers(session, project);
  await session.stop();
  rmSync(dirname(place.folder), { recursive: true, force: true });
  const snapshot = Number(
    execFileSync(process.execPath, ['--expose-gc', join(import.meta.dirname, 'snapshot-size.ts')], {
      encoding: 'utf8',
      timeout: LONGEST_COMMAND_MS,
    }),
  );
  return [
    withinBound('544 members, 20,000 packages open, above bare Node', above, 150, 'MB'),
    withinBound('all of 544 members opened in the editor, each', opening / project.members.size, 6, 'ms'),
    withinBound('a new snapshot of 544 members, 20,000 packages', snapshot / MEGABYTE, 2, 'MB'),
  ];
}

/** Opens every member, as a change of them all does. Answers how long it took, in milliseconds. */
async function openMembers(session: BenchSession, { members }: SyntheticProject): Promise<number> {
  const started = performance.now();
  for (const [folder, text] of members) await open(session, session.uriOf(`${folder}/package.json`), text);
  const [last = ''] = [...members.keys()].slice(-1);
  const textDocument = { uri: session.uriOf(`${last}/package.json`) };
  await session.request('textDocument/hover', { textDocument, position: { line: 4, character: 8 } });
  return performance.now() - started;
}

async function open(session: BenchSession, uri: string, text: string): Promise<void> {
  await session.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'json', version: 1, text },
  });
}

async function bareNodeMemory(): Promise<number> {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000); process.stdout.write("up")'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  await new Promise((done) => child.stdout.once('data', done));
  await new Promise((done) => setTimeout(done, 300));
  const bytes = residentBytes(child.pid ?? 0);
  child.kill();
  return bytes;
}

function dependenciesOf(manifest: string): Record<string, string> {
  const { dependencies } = JSON.parse(manifest) as { dependencies: Record<string, string> };
  return dependencies;
}

function count(list: readonly { message: string }[], text: string): number {
  return list.filter(({ message }) => message.includes(text)).length;
}

/** The sum of the packages that the lines say they bring in. */
function bringing(list: readonly { message: string }[]): number {
  return list.reduce((sum, { message }) => sum + Number(/brings in (\d+) affected/.exec(message)?.[1] ?? 0), 0);
}

/** By a plain walk over the lockfile: for each direct dependency the affected packages it reaches, itself left out. */
function expectedBringing(project: SyntheticProject): number {
  const { packages } = JSON.parse(project.lockfile) as {
    packages: Record<string, { dependencies?: Record<string, string> }>;
  };
  const affected = new Set(project.advisories.map(({ name }) => name));
  let sum = 0;
  for (const direct of Object.keys(dependenciesOf(project.manifest))) {
    const seen = new Set<string>([direct]);
    const queue = [direct];
    for (const name of queue) {
      for (const child of Object.keys(packages[`node_modules/${name}`]?.dependencies ?? {})) {
        if (seen.has(child)) continue;
        seen.add(child);
        queue.push(child);
      }
    }
    sum += [...seen].filter((name) => name !== direct && affected.has(name)).length;
  }
  return sum;
}
