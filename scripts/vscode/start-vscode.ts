/** Runs VS Code's server on this machine and opens its workbench in a browser. */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type Browser, type Page } from 'playwright-core';
import { BROWSER_FLAGS, getBrowser } from './get-browser.ts';
import { getVscodeServer } from './get-vscode.ts';
import { run } from './tools-cache.ts';

const HOST = '127.0.0.1';
const START_TIMEOUT_MS = 30_000;
const WORKBENCH_TIMEOUT_MS = 90_000;
const STOP_TIMEOUT_MS = 5_000;

export type Settings = Readonly<Record<string, unknown>>;

/** User settings for pictures that show the extension and nothing that changes from run to run. */
export const PICTURE_SETTINGS: Settings = {
  'workbench.colorTheme': 'Default Light Modern',
  'window.autoDetectColorScheme': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.enableExperiments': false,
  'chat.disableAIFeatures': true,
  'security.workspace.trust.startupPrompt': 'never',
  'telemetry.telemetryLevel': 'off',
  'extensions.ignoreRecommendations': true,
  'extensions.autoUpdate': false,
  'update.mode': 'none',
  'git.enabled': false,
  // VS Code's own JSON and npm support would ask the network and show that it cannot.
  'json.schemaDownload.enable': false,
  'npm.fetchOnlinePackageInfo': false,
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  // Both would move lines under the pointer of a scripted click.
  'editor.stickyScroll.enabled': false,
  'editor.scrollBeyondLastLine': false,
};

export interface StartOptions {
  /** Holds everything the server writes: its data, extensions, home folder and settings. */
  readonly workDir: string;
  /** The packaged extension, installed before the start. */
  readonly extensionVsix?: string;
  /** The folder of an unpackaged extension, loaded as a development extension. */
  readonly extensionDevelopmentPath?: string;
  /** User settings; they win over the picture settings. */
  readonly settings: Settings;
  /** Whether workspace trust is on, so that a folder opens in restricted mode; off, every folder is trusted. */
  readonly workspaceTrust: boolean;
  /** Additions to the environment of the server and its extension host. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface RunningVscode {
  readonly url: string;
  readonly port: number;
  readonly extensionDevelopmentPath?: string;
  /** What the server has printed so far, for the message of a failure. */
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

/** Starts a server that nobody else can reach, and answers when it answers. */
export async function startVscode(options: StartOptions): Promise<RunningVscode> {
  const { serverMain } = await getVscodeServer();
  const workDir = resolve(options.workDir);
  const env = isolatedEnvironment(workDir, options.env);
  await writeSettings(workDir, options.settings);
  if (options.extensionVsix !== undefined) await installVsix(serverMain, workDir, resolve(options.extensionVsix), env);

  const port = await freePort();
  const server = spawnServer([serverMain, ...serverArguments(options, workDir, port)], env);
  try {
    await waitForVersion(server, port);
  } catch (error) {
    await server.stop();
    throw error;
  }
  return {
    url: `http://${HOST}:${port}/`,
    port,
    output: server.output,
    stop: server.stop,
    ...(options.extensionDevelopmentPath !== undefined && {
      extensionDevelopmentPath: resolve(options.extensionDevelopmentPath),
    }),
  };
}

export interface WorkbenchOptions {
  readonly vscode: RunningVscode;
  /** The folder to open, as an absolute path. */
  readonly folder: string;
  readonly viewport?: { readonly width: number; readonly height: number };
  /** Loaded by the extension host instead of waiting for a user: see pose-as-vscode.ts. */
  readonly extensionTestsPath?: string;
  /** Called before the page loads, to expose functions to it. */
  readonly prepare?: (page: Page) => Promise<void>;
}

/** Opens a folder in a headless browser and answers when the workbench is ready for input. */
export async function openWorkbench(options: WorkbenchOptions): Promise<{ browser: Browser; page: Page }> {
  const found = await getBrowser();
  const browser = await chromium.launch({
    executablePath: found.executablePath,
    env: { ...definedVariables(process.env), ...found.env },
    args: [...BROWSER_FLAGS],
    chromiumSandbox: false,
  });
  try {
    const page = await browser.newPage({ viewport: options.viewport ?? { width: 1280, height: 800 } });
    await options.prepare?.(page);
    await page.goto(workbenchUrl(options), { timeout: WORKBENCH_TIMEOUT_MS });
    await page
      .locator('.monaco-workbench .part.activitybar')
      .waitFor({ state: 'visible', timeout: WORKBENCH_TIMEOUT_MS });
    return { browser, page };
  } catch (error) {
    await browser.close();
    throw error;
  }
}

function workbenchUrl({ vscode, folder, extensionTestsPath }: WorkbenchOptions): string {
  const remote = (path: string): string => `vscode-remote://${HOST}:${vscode.port}${resolve(path)}`;
  const development = vscode.extensionDevelopmentPath;
  const payload = [
    ...(development === undefined ? [] : [['extensionDevelopmentPath', remote(development)]]),
    ...(extensionTestsPath === undefined ? [] : [['extensionTestsPath', remote(extensionTestsPath)]]),
    ['skipWelcome', 'true'],
  ];
  const url = new URL(vscode.url);
  url.searchParams.set('folder', resolve(folder));
  url.searchParams.set('payload', JSON.stringify(payload));
  return url.href;
}

function serverArguments(options: StartOptions, workDir: string, port: number): string[] {
  return [
    ...['--host', HOST, '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...[...dataArguments(workDir), '--telemetry-level', 'off'],
    ...(options.workspaceTrust ? [] : ['--disable-workspace-trust']),
    // Only with the driver the workbench heeds the payload of the address; but the driver also silences messages.
    ...(options.extensionDevelopmentPath === undefined ? [] : ['--enable-smoke-test-driver']),
  ];
}

function dataArguments(workDir: string): string[] {
  return ['--server-data-dir', workDir, '--extensions-dir', join(workDir, 'ext')];
}

/** Nothing of the user's home, of the surrounding editor or of the surrounding npm run may reach the tests. */
function isolatedEnvironment(workDir: string, additions: StartOptions['env']): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(?:VSCODE|ELECTRON|npm|NODE_OPTIONS)/.test(name));
  return {
    ...Object.fromEntries(inherited),
    XDG_CONFIG_HOME: join(workDir, 'xdg/config'),
    XDG_CACHE_HOME: join(workDir, 'xdg/cache'),
    XDG_DATA_HOME: join(workDir, 'xdg/data'),
    XDG_STATE_HOME: join(workDir, 'xdg/state'),
    HOME: workDir,
    // An empty gallery address stops all questions to the gallery.
    EXTENSIONS_GALLERY: '{"serviceUrl":""}',
    ...additions,
  };
}

async function writeSettings(workDir: string, settings: Settings): Promise<void> {
  await mkdir(join(workDir, 'ext'), { recursive: true });
  // Settings of scope `machine` count only where the machine has its own, as behind any remote connection.
  for (const scope of ['User', 'Machine']) {
    const folder = join(workDir, 'data', scope);
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'settings.json'), JSON.stringify({ ...PICTURE_SETTINGS, ...settings }, undefined, 2));
  }
}

async function installVsix(serverMain: string, workDir: string, vsix: string, env: NodeJS.ProcessEnv): Promise<void> {
  const args = [serverMain, ...dataArguments(workDir), '--accept-server-license-terms', '--install-extension', vsix];
  const printed = await run(process.execPath, args, workDir, env);
  // The server ends with 0 even when it could not install.
  if (!printed.includes('successfully installed')) throw new Error(`Cannot install ${vsix}:\n${printed}`);
}

interface ServerProcess {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly stop: () => Promise<void>;
}

function spawnServer(args: readonly string[], env: NodeJS.ProcessEnv): ServerProcess {
  // Detached makes it the leader of a process group: its children outlive it for seconds and are ended with it.
  const child = spawn(process.execPath, [...args], { env, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const kill = (): void => void signalGroup(child, 'SIGKILL');
  const interrupt = (): void => process.exit(130);
  process.once('exit', kill);
  process.once('SIGINT', interrupt);
  process.once('SIGTERM', interrupt);
  return {
    child,
    output: () => printed,
    stop: async () => {
      process.off('exit', kill);
      process.off('SIGINT', interrupt);
      process.off('SIGTERM', interrupt);
      await stopGroup(child);
    },
  };
}

async function stopGroup(child: ChildProcess): Promise<void> {
  signalGroup(child, 'SIGTERM');
  const deadline = Date.now() + STOP_TIMEOUT_MS;
  while (signalGroup(child, 0) && Date.now() < deadline) await sleep(50);
  signalGroup(child, 'SIGKILL');
}

/** Signals a whole process group and tells whether it was there; signal 0 only asks. */
function signalGroup(child: ChildProcess, signal: NodeJS.Signals | 0): boolean {
  if (child.pid === undefined) return false;
  try {
    return process.kill(-child.pid, signal);
  } catch {
    // The whole group has ended.
    return false;
  }
}

async function waitForVersion(server: ServerProcess, port: number): Promise<void> {
  const deadline = Date.now() + START_TIMEOUT_MS;
  while (Date.now() < deadline) {
    if (server.child.exitCode !== null) throw new Error(`The VS Code server ended at once:\n${server.output()}`);
    const answer = await fetch(`http://${HOST}:${port}/version`).catch(() => undefined);
    if (answer?.ok === true) return;
    await sleep(100);
  }
  throw new Error(`The VS Code server did not answer within ${START_TIMEOUT_MS} ms:\n${server.output()}`);
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((done, fail) => {
    probe.once('error', fail);
    probe.listen(0, HOST, done);
  });
  const address = probe.address();
  await new Promise((done) => probe.close(done));
  if (address === null || typeof address === 'string') throw new Error('The system gave no port');
  return address.port;
}

function definedVariables(variables: NodeJS.ProcessEnv): Record<string, string> {
  const defined: Record<string, string> = {};
  for (const [name, value] of Object.entries(variables)) if (value !== undefined) defined[name] = value;
  return defined;
}
