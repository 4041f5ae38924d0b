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
  enableCompileCache();
  if (!(await serveClient(argv))) {
    const { runCommandLine } = await import('./cli/command-line.ts');
    process.exitCode = await runCommandLine(argv, { openWorld, version });
  }
}

/** Serves an editor if that is what was asked for; anything else, a wrong flag too, is the command line's to answer. */
async function serveClient(argv: readonly string[]): Promise<boolean> {
  if (!SERVER_WORDS.includes(argv[0] ?? '')) return false;
  const { parseArguments } = await import('./cli/arguments.ts');
  const invocation = attempt(() => parseArguments(argv));
  if (invocation?.command !== 'lsp') return false;
  const { preferLittleMemory } = await import('./io/engine-memory.ts');
  preferLittleMemory();
  const { startServer } = await import('./lsp/start-server.ts');
  startServer(invocation, { version, openWorld });
  return true;
}

/** What argv begins with when an editor starts the program. */
const SERVER_WORDS: readonly string[] = ['lsp', '--stdio', '--node-ipc'];

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch {
    return undefined;
  }
}

function nodeProblem(): string | undefined {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [lowestMajor, lowestMinor] = LOWEST_NODE;
  if (major > lowestMajor || (major === lowestMajor && minor >= lowestMinor)) return undefined;
  return `Provender needs Node ${LOWEST_NODE.join('.')} or newer; this is Node ${process.versions.node}`;
}

void main(process.argv.slice(2));
