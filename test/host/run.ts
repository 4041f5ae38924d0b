/**
 * Runs the suites of this folder inside a real VS Code: the desktop one if PROVENDER_VSCODE is `desktop`
 * (it is downloaded), otherwise the server of the npm registry that poses as it.
 */
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { writeLauncher } from '../../scripts/vscode/pose-as-vscode.ts';
import { repositoryRoot } from '../../scripts/vscode/tools-cache.ts';

const OUTPUT = join(repositoryRoot, '.cache/host');

export interface HostSuiteOptions {
  /** A folder that is copied, so that tests may edit it. */
  readonly workspace?: string;
  /** The folder of the extension under test. */
  readonly extensionDevelopmentPath?: string;
  /** Additions to the environment of the extension host. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface HostSuiteResult {
  readonly passed: number;
  readonly failed: number;
}

/** Runs all suites and answers their counts; a run that could not be counted counts as a failure. */
export async function runHostSuite(options: HostSuiteOptions = {}): Promise<HostSuiteResult> {
  await bundleSuites();
  // Short, because VS Code makes sockets below it and their paths are limited to about a hundred characters.
  const scratch = await mkdtemp(join(tmpdir(), 'pvh-'));
  try {
    const workspace = join(scratch, 'workspace');
    await cp(options.workspace ?? join(repositoryRoot, 'examples/workspace'), workspace, { recursive: true });
    const env = { ...(await exampleData(scratch)), ...options.env };
    const result = await runIn(scratch, workspace, { ...options, env });
    console.log(`host: ${result.passed} passed, ${result.failed} failed`);
    return result;
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 3 });
  }
}

/** A database of the example advisories, and a data folder of the run's own, so that the user's is left alone. */
async function exampleData(scratch: string): Promise<Readonly<Record<string, string>>> {
  const database = join(scratch, 'examples.db');
  const data = join(scratch, 'data');
  await mkdir(data);
  const advisories = join(repositoryRoot, 'examples/advisories.jsonl');
  const command = [join(repositoryRoot, 'dist/server.cjs'), 'advisories', 'import', advisories, '--db', database];
  await promisify(execFile)(process.execPath, command, { env: { ...process.env, PROVENDER_DATA: data } });
  return { PROVENDER_EXAMPLE_DATABASE: database, PROVENDER_DATA: data };
}

async function runIn(scratch: string, workspace: string, options: HostSuiteOptions): Promise<HostSuiteResult> {
  const resultFile = join(scratch, 'result.json');
  const isDesktop = process.env['PROVENDER_VSCODE'] === 'desktop';
  const failure = await runTests({
    ...(!isDesktop && { vscodeExecutablePath: await writeLauncher(OUTPUT) }),
    extensionDevelopmentPath: options.extensionDevelopmentPath ?? repositoryRoot,
    extensionTestsPath: join(OUTPUT, 'suites/index.cjs'),
    extensionTestsEnv: { ...options.env, PROVENDER_HOST_RESULT: resultFile },
    launchArgs: [
      workspace,
      `--user-data-dir=${join(scratch, 'user')}`,
      `--extensions-dir=${join(scratch, 'ext')}`,
      '--disable-extensions',
    ],
  }).then(
    () => undefined,
    (error: unknown) => String(error),
  );
  const counted = readResult(await readFile(resultFile, 'utf8').catch(() => ''));
  if (failure !== undefined) console.error(failure);
  // A crash after the last test, or a suite that did not load, leaves good counts or none.
  return failure !== undefined && counted.failed === 0 ? { ...counted, failed: 1 } : counted;
}

function readResult(text: string): HostSuiteResult {
  if (text === '') return { passed: 0, failed: 1 };
  const value: unknown = JSON.parse(text);
  const isResult = typeof value === 'object' && value !== null && 'passed' in value && 'failed' in value;
  if (!isResult || typeof value.passed !== 'number' || typeof value.failed !== 'number') {
    throw new Error(`The suite wrote an unexpected result: ${text}`);
  }
  return { passed: value.passed, failed: value.failed };
}

/** The extension host loads CommonJS; `vscode` is its own, and mocha must stay one instance for all suites. */
async function bundleSuites(): Promise<void> {
  const outdir = join(OUTPUT, 'suites');
  await rm(outdir, { recursive: true, force: true });
  await mkdir(outdir, { recursive: true });
  const suites = (await readdir(import.meta.dirname)).filter((name) => name.endsWith('.suite.ts'));
  await build({
    entryPoints: ['index.ts', ...suites].map((name) => join(import.meta.dirname, basename(name))),
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node22',
    external: ['vscode', 'mocha'],
    logLevel: 'warning',
  });
}

if (import.meta.main) {
  const result = await runHostSuite();
  process.exit(result.failed > 0 || result.passed === 0 ? 1 : 0);
}
