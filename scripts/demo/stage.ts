/** The temporary folder that a demo plays in: a copy of the examples, and a database made of their advisories. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exists, repositoryRoot } from '../vscode/tools-cache.ts';
import type { ExampleServer } from './example-server.ts';

const SERVER = join(repositoryRoot, 'dist/server.cjs');

export interface Stage {
  readonly folder: string;
  /** A copy of `examples/workspace`, which may be edited. */
  readonly workspace: string;
  readonly database: string;
  /** Keeps what the demo's hosts answer away from the user's own stored answers. */
  readonly env: Readonly<Record<string, string>>;
}

/** Makes the folder, which goes away with this process. */
export async function setStage(): Promise<Stage> {
  if (!(await exists(SERVER))) throw new Error('dist/ is not built: run `npm run build` first');
  // Short, because VS Code makes sockets below it and their paths are limited to about a hundred characters.
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'pvd-')));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  // Without this Ctrl-C would end the process with no exit event.
  process.once('SIGINT', () => process.exit(130));
  const workspace = join(folder, 'acme-shop');
  await cp(join(repositoryRoot, 'examples/workspace'), workspace, { recursive: true });
  const data = join(folder, 'data');
  await mkdir(data);
  return {
    folder,
    workspace,
    database: join(folder, 'examples.db'),
    env: { PROVENDER_DATA: data },
  };
}

/** Runs the built command line tool with its output on this terminal and answers its exit code. */
export async function runProvender(stage: Stage, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [SERVER, ...args], {
    cwd: stage.folder,
    env: { ...process.env, ...stage.env },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
}

/** What the editor of the demo is told: where the example server is, which keys it signs with, which database to use. */
export async function editorSettings(stage: Stage, server: ExampleServer): Promise<Readonly<Record<string, unknown>>> {
  await writeFile(join(stage.folder, 'keys.json'), JSON.stringify(server.trustDocument));
  return { 'provender.network.hosts': server.hosts, 'provender.advisories.database': stage.database };
}

/** The environment of the editor: the demo's registry signs with a key of its own. */
export function editorEnvironment(stage: Stage): Readonly<Record<string, string>> {
  return { ...stage.env, PROVENDER_TRUSTED_KEYS: join(stage.folder, 'keys.json') };
}
