/**
 * `npm test`: builds, checks, and runs every suite one after the other. Stops at the first step that fails and names
 * it. The last line counts the tests that ran; a failed step that counts no tests of its own counts as one failure.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { repositoryRoot } from './vscode/tools-cache.ts';

const UNIT_RESULT = join(repositoryRoot, '.cache/vitest.json');

interface Counts {
  readonly passed: number;
  readonly failed: number;
}

interface Step {
  readonly name: string;
  readonly args: readonly string[];
  /** The tests that the step ran; undefined for a step that has none. */
  readonly count?: (output: string) => Promise<Counts>;
}

const NO_TESTS: Counts = { passed: 0, failed: 0 };
const VITEST = [join(repositoryRoot, 'node_modules/vitest/vitest.mjs'), 'run', '--config', 'test/vitest.config.ts'];

const STEPS: readonly Step[] = [
  { name: 'build', args: ['scripts/build.ts'] },
  { name: 'check', args: npm('run', '--silent', 'check') },
  {
    name: 'unit tests',
    args: [...VITEST, '--reporter=default', '--reporter=json', `--outputFile.json=${UNIT_RESULT}`],
    count: countUnitTests,
  },
  { name: 'package', args: npm('run', '--silent', 'package') },
  { name: 'tests in VS Code', args: ['test/host/run.ts'], count: countPrinted },
  { name: 'user interface', args: ['test/host/ui/run.ts'], count: countPrinted },
];

async function main(): Promise<number> {
  await mkdir(join(repositoryRoot, '.cache'), { recursive: true });
  await rm(UNIT_RESULT, { force: true });
  let total = NO_TESTS;
  for (const step of STEPS) {
    console.log(`\n── ${step.name}`);
    const { code, output } = await run(step.args);
    const counts = (await step.count?.(output)) ?? NO_TESTS;
    const isFailed = code !== 0 || counts.failed > 0;
    const failed = isFailed ? Math.max(counts.failed, 1) : 0;
    total = { passed: total.passed + counts.passed, failed: total.failed + failed };
    if (isFailed) console.error(`\nThe step "${step.name}" failed (exit code ${code})`);
    if (isFailed) break;
  }
  console.log(`\n${total.passed} passed, ${total.failed} failed`);
  return total.failed > 0 ? 1 : 0;
}

/** The npm client by its own script, which spares a shell on Windows. */
function npm(...args: readonly string[]): readonly string[] {
  const client = process.env['npm_execpath'];
  if (client?.endsWith('.js') !== true || !existsSync(client)) throw new Error('Run this by `npm test`');
  return [client, ...args];
}

/** Runs a program of Node's with its output on this terminal, and answers what it printed. */
async function run(args: readonly string[]): Promise<{ code: number; output: string }> {
  const child = spawn(process.execPath, [...args], {
    cwd: repositoryRoot,
    // A pipe is no terminal, so colors have to be asked for.
    env: process.stdout.isTTY ? { ...process.env, FORCE_COLOR: '1' } : process.env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
    process.stdout.write(chunk);
  });
  child.stderr.on('data', (chunk: Buffer) => process.stderr.write(chunk));
  const code = await new Promise<number>((done, fail) => {
    child.once('error', fail);
    child.once('close', (exitCode) => done(exitCode ?? 1));
  });
  return { code, output };
}

async function countUnitTests(): Promise<Counts> {
  const text = await readFile(UNIT_RESULT, 'utf8').catch(() => undefined);
  const result: unknown = text === undefined ? undefined : JSON.parse(text);
  const passed = numberAt(result, 'numPassedTests');
  const failed = numberAt(result, 'numFailedTests');
  return {
    passed: passed ?? 0,
    failed: passed === undefined || passed === 0 ? Math.max(failed ?? 0, 1) : (failed ?? 0),
  };
}

/** Suites inside VS Code end with a line like `host: 5 passed, 0 failed`; without one nothing was tested. */
function countPrinted(output: string): Promise<Counts> {
  const [, passed, failed] = [...output.matchAll(/^\w+: (\d+) passed, (\d+) failed$/gm)].at(-1) ?? [];
  if (passed === undefined || failed === undefined) return Promise.resolve({ passed: 0, failed: 1 });
  return Promise.resolve({ passed: Number(passed), failed: Number(failed) });
}

function numberAt(value: unknown, key: string): number | undefined {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined;
  return typeof found === 'number' ? found : undefined;
}

process.exitCode = await main();
