import { join } from 'node:path';

import { provideTool, run, runNpm } from '../../scripts/vscode/tools-cache.ts';

/** Package managers that are fetched once into the folder of tools; npm comes with Node. */
const FETCHED = { pnpm: { version: '10.34.9', script: 'pnpm/bin/pnpm.cjs' } } as const;

/** Runs a real package manager in a folder, against one registry and with nothing of the user's configuration. */
export async function runManager(
  manager: 'npm' | 'pnpm',
  args: readonly string[],
  folder: string,
  registry: string,
): Promise<void> {
  const [program, first] = manager === 'npm' ? ['npm', []] : [process.execPath, [await scriptOf(manager)]];
  await run(program, [...first, ...args], folder, {
    ...withoutManager(process.env),
    npm_config_registry: registry,
    npm_config_cache: join(folder, '.cache'),
    npm_config_userconfig: join(folder, 'no-npmrc'),
    npm_config_audit: 'false',
    npm_config_store_dir: join(folder, '.store'),
    XDG_CACHE_HOME: join(folder, '.cache'),
    XDG_STATE_HOME: join(folder, '.state'),
    CI: 'true',
  });
}

/** What `npm run` sets would be read as configuration. */
function withoutManager(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^npm_/i.test(name)));
}

async function scriptOf(manager: keyof typeof FETCHED): Promise<string> {
  const { version, script } = FETCHED[manager];
  const folder = await provideTool(`${manager}-${version}`, async (staging) => {
    await runNpm(['install', '--prefix', staging, '--ignore-scripts', '--no-audit', `${manager}@${version}`], staging);
  });
  return join(folder, 'node_modules', script);
}
