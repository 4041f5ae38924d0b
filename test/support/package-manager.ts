import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { provideTool, run, runNpm } from '../../scripts/vscode/tools-cache.ts';

interface FetchedTool {
  readonly specifier: string;
  /** Below `node_modules`; more than one where each platform has a package of its own. */
  readonly programs: readonly string[];
}

/** Package managers that are fetched once into the folder of tools; npm comes with Node. */
const FETCHED = {
  pnpm: { specifier: 'pnpm@10.34.9', programs: ['pnpm/bin/pnpm.cjs'] },
  'pnpm 7': { specifier: 'pnpm@7.33.7', programs: ['pnpm/bin/pnpm.cjs'] },
  'pnpm 8': { specifier: 'pnpm@8.15.9', programs: ['pnpm/bin/pnpm.cjs'] },
  'pnpm 11': { specifier: 'pnpm@11.28.11', programs: ['pnpm/bin/pnpm.mjs', 'pnpm/bin/pnpm.cjs'] },
  'yarn 1': { specifier: 'yarn@1.22.22', programs: ['yarn/bin/yarn.js'] },
  yarn: { specifier: '@yarnpkg/cli-dist@4.18.1', programs: ['@yarnpkg/cli-dist/bin/yarn.js'] },
  bun: {
    specifier: 'bun@1.4.5',
    // Without its install script the package `bun` is a stub; the program lies in the package of the platform.
    programs: ['linux-x64', 'linux-aarch64', 'darwin-x64', 'darwin-aarch64', 'windows-x64'].map(
      (platform) => `@oven/bun-${platform}/bin/bun${platform.startsWith('windows') ? '.exe' : ''}`,
    ),
  },
} as const satisfies Readonly<Record<string, FetchedTool>>;

export type ManagerTool = 'npm' | keyof typeof FETCHED;

/**
 * Runs a real package manager in a folder, against one registry and with nothing of the user's configuration. Answers what
 * it printed.
 */
export async function runManager(
  tool: ManagerTool,
  args: readonly string[],
  folder: string,
  registry: string,
): Promise<string> {
  const program = tool === 'npm' ? 'npm' : await programOf(FETCHED[tool]);
  const isScript = /\.[cm]?js$/.test(program);
  return run(isScript ? process.execPath : program, isScript ? [program, ...args] : args, folder, {
    ...withoutManager(process.env),
    ...settingsOf(folder, registry),
  });
}

/** Removes what package managers remember of the registry. */
export function forgetAnswers(folder: string): void {
  for (const name of ['.cache', '.yarn-global']) rmSync(join(folder, name), { recursive: true, force: true });
}

function settingsOf(folder: string, registry: string): Readonly<Record<string, string>> {
  const settings = {
    registry,
    cache: join(folder, '.cache'),
    userconfig: join(folder, 'no-npmrc'),
    audit: 'false',
    fund: 'false',
    store_dir: join(folder, '.store'),
    update_notifier: 'false',
  };
  // pnpm reads variables of its own name from version 11 on.
  const named = Object.entries(settings).flatMap(([name, value]): [string, string][] => [
    [`npm_config_${name}`, value],
    [`pnpm_config_${name}`, value],
  ]);
  return {
    ...Object.fromEntries(named),
    HOME: join(folder, '.home'),
    USERPROFILE: join(folder, '.home'),
    XDG_CACHE_HOME: join(folder, '.cache'),
    XDG_STATE_HOME: join(folder, '.state'),
    YARN_CACHE_FOLDER: join(folder, '.cache/yarn'),
    YARN_REGISTRY: registry,
    YARN_NPM_REGISTRY_SERVER: registry.replace(/\/$/, ''),
    YARN_UNSAFE_HTTP_WHITELIST: new URL(registry).hostname,
    YARN_ENABLE_GLOBAL_CACHE: 'false',
    YARN_GLOBAL_FOLDER: join(folder, '.yarn-global'),
    YARN_ENABLE_TELEMETRY: '0',
    YARN_NODE_LINKER: 'node-modules',
    BUN_CONFIG_REGISTRY: registry,
    BUN_INSTALL_CACHE_DIR: join(folder, '.cache/bun'),
    CI: 'true',
  };
}

/** What `npm run` sets would be read as configuration. */
function withoutManager(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^(?:npm|pnpm|yarn|bun)_/i.test(name)));
}

async function programOf({ specifier, programs }: FetchedTool): Promise<string> {
  const name = specifier.replaceAll('/', '-').replace(/@(?=\d)/, '-');
  const folder = await provideTool(name, async (staging) => {
    await runNpm(['install', '--prefix', staging, '--ignore-scripts', '--no-audit', specifier], staging);
  });
  const found = programs.map((path) => join(folder, 'node_modules', path)).find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${specifier} has no program for ${process.platform} ${process.arch}`);
  return found;
}
