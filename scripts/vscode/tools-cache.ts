/**
 * A folder of fetched tools (an editor, a browser) that tests need and that are too large to be dependencies.
 * A tool is either complete or absent: it is built beside its place and renamed into it.
 */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

const HEARTBEAT_MS = 5_000;
const SILENT_LOCK_MS = 60_000;
const ABANDONED_BUILD_MS = 60 * 60_000;
const runFile = promisify(execFile);

/** The root of this repository. */
export const repositoryRoot = resolve(import.meta.dirname, '../..');

/** The git-ignored folder that holds fetched tools; several checkouts can share one through PROVENDER_TOOLS. */
export function toolsFolder(): string {
  return resolve(process.env['PROVENDER_TOOLS'] ?? join(repositoryRoot, '.cache/tools'));
}

/**
 * Answers the folder of a tool, building it first if it is not there.
 * The lock only saves work: should two builds run after all, the rename lets the first one win.
 */
export async function provideTool(name: string, build: (folder: string) => Promise<void>): Promise<string> {
  const place = join(toolsFolder(), name);
  if (await exists(place)) return place;
  await mkdir(toolsFolder(), { recursive: true });
  const release = await lock(`${place}.lock`, () => exists(place));
  try {
    if (await exists(place)) return place;
    await removeAbandonedBuilds(name);
    await buildInto(place, build);
    return place;
  } finally {
    await release();
  }
}

/** Packs `NAME@VERSION` from the registry into `folder` and answers the tarball's path, its integrity checked. */
export async function packVerified(specifier: string, folder: string): Promise<string> {
  const [expected, packed] = await Promise.all([
    runNpm(['view', specifier, 'dist.integrity'], folder),
    runNpm(['pack', specifier, '--silent', '--pack-destination', folder], folder),
  ]);
  const tarball = join(folder, lastLine(packed));
  const actual = await sha512Integrity(tarball);
  if (actual !== expected.trim()) {
    throw new Error(`${specifier}: the tarball is ${actual}, but the registry promises ${expected.trim()}`);
  }
  return tarball;
}

/** Unpacks the named part of a tarball with the system's tar. */
export async function unpack(tarball: string, folder: string, member = 'package'): Promise<void> {
  await mkdir(folder, { recursive: true });
  await run('tar', ['-xzf', tarball, '-C', folder, member], folder);
}

/** Runs the npm client and answers its standard output. */
export function runNpm(args: readonly string[], cwd: string): Promise<string> {
  const client = process.env['npm_execpath'];
  // Under `npm run` the client's own script is known, which spares a shell on Windows.
  return client?.endsWith('.js') ? run(process.execPath, [client, ...args], cwd) : run('npm', args, cwd);
}

/** Runs a program to its end and answers its standard output; what it printed is part of the error. */
export async function run(
  program: string,
  args: readonly string[],
  cwd: string,
  env: NodeJS.ProcessEnv = process.env,
): Promise<string> {
  try {
    const { stdout } = await runFile(program, [...args], { cwd, env, maxBuffer: 64 * 1024 * 1024 });
    return stdout;
  } catch (cause) {
    const printed = cause instanceof Error && 'stderr' in cause ? String(cause.stderr).slice(-2000) : '';
    throw new Error(`${program} ${args.join(' ')} failed\n${printed}`, { cause });
  }
}

/** Tells whether a file or folder is there. */
export async function exists(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined;
}

async function buildInto(place: string, build: (folder: string) => Promise<void>): Promise<void> {
  const staging = `${place}.building-${randomUUID()}`;
  await mkdir(staging, { recursive: true });
  try {
    await build(staging);
    await rename(staging, place).catch(async (error: unknown) => {
      if (!(await exists(place))) throw error;
    });
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

/** Builds whose process was killed leave hundreds of megabytes behind. */
async function removeAbandonedBuilds(name: string): Promise<void> {
  for (const entry of await readdir(toolsFolder())) {
    if (!entry.startsWith(`${name}.building-`)) continue;
    const path = join(toolsFolder(), entry);
    const found = await stat(path).catch(() => undefined);
    const isAbandoned = found !== undefined && Date.now() - found.mtimeMs > ABANDONED_BUILD_MS;
    if (isAbandoned) await rm(path, { recursive: true, force: true });
  }
}

/** Waits for the lock, or until `isDone` says that it is not needed any more; answers how to release it. */
async function lock(path: string, isDone: () => Promise<boolean>): Promise<() => Promise<void>> {
  const owner = JSON.stringify({ pid: process.pid, host: hostname(), id: randomUUID() });
  while (!(await createExclusively(path, owner))) {
    if (await isDone()) return () => Promise.resolve();
    if (await isStale(path)) await stealAway(path);
    else await sleep(500);
  }
  const heartbeat = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), HEARTBEAT_MS);
  return async () => {
    clearInterval(heartbeat);
    // Another process may have judged this lock stale (a suspended laptop); its lock is not ours to remove.
    if ((await readText(path)) === owner) await rm(path, { force: true });
  };
}

async function createExclusively(path: string, text: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    await file.writeFile(text);
    await file.close();
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}

/** A lock is stale when its process is gone from this machine, or when it has not been touched for long. */
async function isStale(path: string): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return false;
  if (Date.now() - found.mtimeMs > SILENT_LOCK_MS) return true;
  const owner = readOwner(await readText(path));
  return owner?.host === hostname() && !isRunning(owner.pid);
}

/** Renaming, unlike removing, succeeds for one process only. */
async function stealAway(path: string): Promise<void> {
  const stolen = `${path}.stale-${randomUUID()}`;
  await rename(path, stolen).catch(() => undefined);
  await rm(stolen, { force: true });
}

function readOwner(text: string): { readonly pid: number; readonly host: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('host' in value)) return undefined;
    return typeof value.pid === 'number' && typeof value.host === 'string'
      ? { pid: value.pid, host: value.host }
      : undefined;
  } catch {
    // The owner has created the file and not yet written it.
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

async function readText(path: string): Promise<string> {
  return readFile(path, 'utf8').catch(() => '');
}

async function sha512Integrity(path: string): Promise<string> {
  const hash = createHash('sha512');
  await pipeline(createReadStream(path), hash);
  return `sha512-${hash.digest('base64')}`;
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
