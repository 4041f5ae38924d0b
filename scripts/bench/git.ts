import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ensureServer } from './built.ts';
import { syntheticProject, type Size } from './generate-workspace.ts';
import { importAdvisories, layOut, LONGEST_COMMAND_MS, type Place } from './laid-out.ts';
import { SERVER } from './lsp-session.ts';
import { againstPeer, median, type BenchOptions, type Row } from './row.ts';

const PROJECT: Size = { direct: 200, resolved: 1_800, members: 0, advisories: 60 };
const VERSIONS = 1_000;
/** The package that the history is searched for: one in the middle of the lockfile. */
const SOUGHT = 'package-name-1000';

/** What the history of a project costs: a check that counts only what is new, and the walk over a lockfile's versions. */
export const GIT_BENCHES = [benchCheckBase, benchHistory] as const;

function benchCheckBase({ isQuick }: BenchOptions): Row[] {
  ensureServer();
  const project = syntheticProject(PROJECT);
  const place = layOut(project);
  try {
    importAdvisories(project, place.dataFolder);
    git(place.folder, 'init', '--quiet', '--initial-branch=main');
    git(place.folder, 'add', '--all');
    git(place.folder, 'commit', '--quiet', '--message', 'all of it');
    const [based, plain] = inTurn(
      isQuick ? 3 : 9,
      () => provender(place, 0, 'check', '.', '--offline', '--base', 'main', '--format', 'json'),
      () => provender(place, 1, 'check', '.', '--offline', '--format', 'json'),
    );
    return [againstPeer('check --base, 1,800 packages, to plain check', based, plain, 1.6)];
  } finally {
    rmSync(dirname(place.folder), { recursive: true, force: true });
  }
}

async function benchHistory({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const project = syntheticProject(PROJECT);
  const place = layOut(project);
  try {
    git(place.folder, 'init', '--quiet', '--initial-branch=main');
    const child = spawn('git', ['fast-import', '--quiet'], {
      cwd: place.folder,
      stdio: ['pipe', 'inherit', 'inherit'],
    });
    const ended = new Promise((done) => child.once('close', done));
    await pipeline(Readable.from(historyOf(project.lockfile)), child.stdin);
    await ended;
    git(place.folder, 'repack', '-adq');
    const commits = git(place.folder, 'rev-list', 'main').split('\n').slice(0, VERSIONS);
    const names = commits.map((commit) => `${commit}:package-lock.json\n`).join('');
    const [walk, peer] = inTurn(
      isQuick ? 2 : 5,
      () => provender(place, 1, 'exposed', `${SOUGHT}@<2`, '.', '--offline', '--format', 'json'),
      () => {
        const options = { cwd: place.folder, input: names, timeout: LONGEST_COMMAND_MS };
        execFileSync('sh', ['-c', 'git cat-file --batch | cat >/dev/null'], options);
      },
    );
    return [againstPeer('history of 1,000 lockfiles walked, to git cat-file', walk, peer, 2)];
  } finally {
    rmSync(dirname(place.folder), { recursive: true, force: true });
  }
}

/** Medians of both, measured in turn so that a slow moment of the machine falls on both. */
function inTurn(rounds: number, ours: () => void, peer: () => void): readonly [number, number] {
  const times: [number[], number[]] = [[], []];
  for (let round = 0; round <= rounds; round++) {
    for (const [at, run] of [ours, peer].entries()) {
      const started = performance.now();
      run();
      if (round > 0) times[at]?.push(performance.now() - started);
    }
  }
  return [median(times[0]), median(times[1])];
}

function provender({ folder, dataFolder }: Place, expected: number, ...words: string[]): void {
  const { status, stderr } = spawnSync(process.execPath, [SERVER, ...words], {
    cwd: folder,
    env: { ...process.env, PROVENDER_DATA: dataFolder },
    encoding: 'utf8',
    timeout: LONGEST_COMMAND_MS,
    maxBuffer: 1e9,
  });
  if (status !== expected) throw new Error(`provender ${words.join(' ')} ended with ${String(status)}: ${stderr}`);
}

function git(folder: string, ...words: string[]): string {
  const names = ['-c', 'user.name=Bench', '-c', 'user.email=bench@example.org'];
  return execFileSync('git', [...names, ...words], { cwd: folder, encoding: 'utf8' });
}

/** Commits for `git fast-import`, each of which moves one package, and every fiftieth the one that is sought. */
function* historyOf(lockfile: string): Generator<string> {
  const { packages } = JSON.parse(lockfile) as { packages: Record<string, { version?: string }> };
  const locations = Object.keys(packages).filter((location) => location !== '');
  for (let index = 0; index < VERSIONS; index++) {
    const location = index % 50 === 49 ? `node_modules/${SOUGHT}` : locations[(index * 37) % locations.length];
    const moved = packages[location ?? ''];
    if (moved !== undefined) moved.version = `1.${String(index % 90)}.${String(index % 7)}`;
    const text = `${JSON.stringify({ name: 'bench', lockfileVersion: 3, packages }, null, 2)}\n`;
    yield [
      `commit refs/heads/main\ncommitter Bench <bench@example.org> ${String(1_700_000_000 + index * 3600)} +0000\n`,
      'data 1\nx\n',
      `M 644 inline package-lock.json\ndata ${String(Buffer.byteLength(text))}\n${text}\n`,
    ].join('');
  }
}
