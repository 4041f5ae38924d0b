import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { startAuditServer } from './audit-server.ts';
import { ensureServer } from './built.ts';
import { syntheticProject, type Size } from './generate-workspace.ts';
import { importAdvisories, layOut, LONGEST_COMMAND_MS } from './laid-out.ts';
import { SERVER } from './lsp-session.ts';
import { againstPeer, median, type BenchOptions, type Row } from './row.ts';

const PROJECT: Size = { direct: 200, resolved: 1_800, members: 0, advisories: 60 };

/** The whole of a check against the whole of `npm audit`, whose registry answers from loopback without delay. */
export async function benchNpmAudit({ isQuick }: BenchOptions): Promise<Row[]> {
  ensureServer();
  const project = syntheticProject(PROJECT);
  const place = layOut(project);
  const registry = await startAuditServer(project);
  const ours: number[] = [];
  const npm: number[] = [];
  try {
    importAdvisories(project, place.dataFolder);
    const environment = { ...process.env, PROVENDER_DATA: place.dataFolder };
    const check = [process.execPath, SERVER, 'check', '.', '--offline', '--format', 'json'];
    // The cache stays between the rounds, as it does on anybody's machine.
    const audit = [
      ...npmCommand(),
      ...['audit', '--json', `--registry=${registry.url}`, `--cache=${join(place.dataFolder, 'npm')}`],
      ...['--update-notifier=false', `--userconfig=${join(place.dataFolder, 'no-npmrc')}`],
    ];
    for (let round = 0; round <= (isQuick ? 3 : 7); round++) {
      const checked = await timed(check, place.folder, environment);
      const audited = await timed(audit, place.folder, environment);
      requireFound('provender check', checked.stdout, project.advisories);
      requireFound('npm audit', audited.stdout, project.advisories);
      // The first round warms the disk's cache for both.
      if (round === 0) continue;
      ours.push(checked.ms);
      npm.push(audited.ms);
    }
    if (registry.audits() < npm.length) throw new Error('npm audit did not ask the server');
    return [againstPeer('check --offline, 1,800 packages, to npm audit', median(ours), median(npm), 1 / 6)];
  } finally {
    await registry.close();
    rmSync(dirname(place.folder), { recursive: true, force: true });
  }
}

/** The npm that runs the benchmark, on the same Node; else that of the machine. */
function npmCommand(): readonly string[] {
  const running = process.env['npm_execpath'];
  return running?.endsWith('npm-cli.js') === true ? [process.execPath, running] : ['npm'];
}

/** Both end with 1, as they find something. */
async function timed(
  [command = '', ...words]: readonly string[],
  folder: string,
  environment: NodeJS.ProcessEnv,
): Promise<{ readonly ms: number; readonly stdout: string }> {
  const started = performance.now();
  const child = spawn(command, words, {
    cwd: folder,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_COMMAND_MS,
  });
  const ended = new Promise<number | null>((done, fail) => child.once('error', fail).once('close', done));
  const [stdout, stderr, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  const ms = performance.now() - started;
  if (code !== 1) throw new Error(`${command} ${words.join(' ')} ended with ${String(code)}: ${stderr}`);
  return { ms, stdout };
}

/** A peer that found less would have been quicker for a bad reason, and so would we. */
function requireFound(who: string, stdout: string, advisories: readonly { readonly name: string }[]): void {
  const missing = advisories.filter(({ name }) => !stdout.includes(`"${name}"`));
  if (missing.length > 0) throw new Error(`${who} did not find ${missing.map(({ name }) => name).join(', ')}`);
}
