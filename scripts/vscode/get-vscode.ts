import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packVerified, provideTool, runNpm, unpack } from './tools-cache.ts';

/** The newest VS Code that is tested: 1.139.1. Later lines are chosen by PROVENDER_CODE_SERVER. */
const NEWEST_CODE_SERVER = '4.139.1';

/** Where VS Code lies in the package. */
const INSIDE = 'package/lib/vscode';

/** Parts of the server's dependencies that no test needs; they are a quarter of its size. */
const LARGE_UNUSED = ['@github', '@microsoft/mxc-sdk', '@devcontainers'];

export interface VscodeServer {
  readonly root: string;
  readonly serverMain: string;
}

/**
 * Fetches VS Code's server and web workbench from the npm registry, once.
 * Of the code-server package only the VS Code inside is used, because its wrapper ignores the test payload.
 */
export async function getVscodeServer(
  version = process.env['PROVENDER_CODE_SERVER'] ?? NEWEST_CODE_SERVER,
): Promise<VscodeServer> {
  const tool = await provideTool(`vscode-server-${version}`, (folder) => install(version, folder));
  const root = join(tool, INSIDE);
  return { root, serverMain: join(root, 'out/server-main.js') };
}

async function install(version: string, folder: string): Promise<void> {
  console.log(`Fetching the VS Code server of code-server@${version} (about 500 MB unpacked)`);
  const tarball = await packVerified(`code-server@${version}`, folder);
  await unpack(tarball, folder, INSIDE);
  await rm(tarball);
  const root = join(folder, INSIDE);
  // Native add-ons stay unbuilt: without them the server only logs more. Without legacy peers npm stops on tslib.
  await runNpm(['ci', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund'], root);
  for (const name of LARGE_UNUSED) await rm(join(root, 'node_modules', name), { recursive: true, force: true });
}
