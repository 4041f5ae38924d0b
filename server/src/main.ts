import { enableCompileCache } from 'node:module';

import type { WorldOptions } from './compose-world.ts';
import type { World } from './lsp/world.ts';

/** Node with `node:sqlite` and everything else that is used. */
const LOWEST_NODE = [22, 13] as const;

const version = process.env['PROVENDER_VERSION'] ?? '0.0.0';

/** The world is heavy: it is loaded once it is needed. */
async function openWorld(options: WorldOptions): Promise<World> {
  const { composeWorld } = await import('./compose-world.ts');
  return composeWorld(options);
}

async function main(argv: readonly string[]): Promise<void> {
  const problem = nodeProblem();
  if (problem !== undefined) {
    process.stderr.write(`${problem}\n`);
    process.exitCode = 2;
    return;
  }
  if (argv.includes('--node-ipc') || argv[0] === 'lsp') {
    await serveClient(argv);
    return;
  }
  const { runCommandLine } = await import('./cli/command-line.ts');
  process.exitCode = await runCommandLine(argv, { openWorld, version });
}

async function serveClient(argv: readonly string[]): Promise<void> {
  const { startServer } = await import('./lsp/start-server.ts');
  startServer(argv, { version, openWorld });
}

function nodeProblem(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [lowestMajor, lowestMinor] = LOWEST_NODE;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return undefined;
  return `Provender needs Node ${LOWEST_NODE.join('.')} or newer; this is Node ${process.versions.node}`;
}

enableCompileCache?.();
void main(process.argv.slice(2));
