/**
 * Poses as the VS Code executable for `@vscode/test-electron`: takes its arguments, runs the suite in a VS Code
 * server with a headless browser as its window, forwards what the suite prints and exits with the suite's code.
 */
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { format, parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { openWorkbench, startVscode, type RunningVscode } from './start-vscode.ts';

const SUITE_TIMEOUT_MS = Number(process.env['PROVENDER_HOST_TIMEOUT_MS'] ?? 240_000);

/**
 * The workbench's own log comes on the same channel as the suite's output. These lines of it are known and mean
 * nothing here: skipped native add-ons, the absent gallery, connections. PROVENDER_HOST_VERBOSE shows them.
 */
const WORKBENCH_NOISE = new RegExp(
  [
    String.raw`^Error: Could not locate the bindings file`,
    String.raw`^Cannot find module '\./build/Release/`,
    String.raw`^Canceled: Canceled`,
    String.raw`^Resolv(?:ing|ed) connection token`,
    String.raw`^Creating a socket`,
    String.raw`^Ignoring fetching additional builtin extensions`,
    String.raw`^\[(?:reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate|DefaultAccount)`,
  ].join('|'),
);

/** Writes an executable file that runs this script, since `runTests` takes a single file and no arguments. */
export async function writeLauncher(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'code.sh');
  await writeFile(path, `#!/bin/sh\nexec ${shellQuote(process.execPath)} ${shellQuote(import.meta.filename)} "$@"\n`);
  await chmod(path, 0o755);
  return path;
}

/** Runs the suite that the arguments name and answers the code to exit with. */
export async function poseAsVscode(args: readonly string[]): Promise<number> {
  const request = readArguments(args);
  const workDir = await mkdtemp(join(tmpdir(), 'provender-vscode-'));
  const vscode = await startVscode({
    workDir,
    extensionDevelopmentPath: request.extensionDevelopmentPath,
    settings: {},
    workspaceTrust: request.workspaceTrust,
  });
  try {
    return await runSuite(request, vscode);
  } finally {
    await vscode.stop();
    await rm(workDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

interface Request {
  readonly extensionDevelopmentPath: string;
  readonly extensionTestsPath: string;
  readonly folder: string;
  readonly workspaceTrust: boolean;
}

/**
 * Desktop-only switches (`--no-sandbox`, `--user-data-dir` and others) are accepted and not followed:
 * each run has a data folder of its own and no installed extensions anyway.
 */
function readArguments(args: readonly string[]): Request {
  const { values, positionals } = parseArgs({
    args: [...args],
    strict: false,
    options: {
      extensionDevelopmentPath: { type: 'string' },
      extensionTestsPath: { type: 'string' },
      'user-data-dir': { type: 'string' },
      'extensions-dir': { type: 'string' },
      'disable-workspace-trust': { type: 'boolean' },
    },
  });
  const [folder] = positionals;
  const { extensionDevelopmentPath, extensionTestsPath } = values;
  if (typeof extensionDevelopmentPath !== 'string' || typeof extensionTestsPath !== 'string' || folder === undefined) {
    throw new Error('Expected FOLDER --extensionDevelopmentPath=PATH --extensionTestsPath=PATH');
  }
  const workspaceTrust = values['disable-workspace-trust'] !== true;
  return { extensionDevelopmentPath, extensionTestsPath, folder, workspaceTrust };
}

async function runSuite(request: Request, vscode: RunningVscode): Promise<number> {
  const exit = Promise.withResolvers<number>();
  const timer = setTimeout(() => {
    exit.reject(new Error(`The suite did not end within ${SUITE_TIMEOUT_MS} ms\n${vscode.output()}`));
  }, SUITE_TIMEOUT_MS);
  const prepare = async (page: Page): Promise<void> => {
    page.on('crash', () => exit.reject(new Error('The browser page crashed')));
    await page.exposeFunction('codeAutomationExit', exit.resolve);
    await page.exposeFunction('codeAutomationLog', forward);
  };
  const { folder, extensionTestsPath } = request;
  const { browser } = await openWorkbench({ vscode, folder, extensionTestsPath, prepare });
  try {
    return await exit.promise;
  } finally {
    clearTimeout(timer);
    await browser.close();
  }
}

/** Prints what the extension host's console was given, format and values, as the console would. */
function forward(level: string, args: readonly unknown[]): void {
  const text = format(...args);
  const isNoise = process.env['PROVENDER_HOST_VERBOSE'] === undefined && WORKBENCH_NOISE.test(text);
  if (isNoise) return;
  if (level === 'error') console.error(text);
  else console.log(text);
}

function shellQuote(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}

if (import.meta.main) process.exit(await poseAsVscode(process.argv.slice(2)));
