import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { devNull } from 'node:os';
import { delimiter, isAbsolute, join } from 'node:path';

import { RepositoryError } from '../../core/repository.ts';

export interface GitProgram {
  /** Absolute. */
  readonly path: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/**
 * What keeps git to reading: no hook, no monitor of the file system, no prompt, nothing fetched, no lock taken, and names as
 * they are written. A repository's own configuration may name programs for each of these.
 */
const READ_ONLY = [
  '--no-replace-objects',
  '--no-optional-locks',
  '--no-pager',
  '--literal-pathspecs',
  ...['core.fsmonitor=false', `core.hooksPath=${devNull}`, 'protocol.allow=never', 'log.showSignature=false'].flatMap(
    (setting) => ['-c', setting],
  ),
];

const ENVIRONMENT = { GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' };

/** A listing of a million files is shorter. Bytes. */
const MAX_OUTPUT_BYTES = 256 * 1024 * 1024;

/**
 * Git, as the search path names it; undefined when it does not. Relative folders of the path are passed over, and the folder
 * that the program runs in is never looked at: either may be a stranger's.
 */
export function findGit(environment: GitProgram['environment'], platform: NodeJS.Platform): GitProgram | undefined {
  const name = platform === 'win32' ? 'git.exe' : 'git';
  const variable = Object.keys(environment).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  for (const folder of (environment[variable] ?? '').split(delimiter)) {
    const path = join(folder, name);
    if (isAbsolute(folder) && isProgram(path)) return { path, environment };
  }
  return undefined;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}

/** Starts git in a folder, to be spoken to. */
export function startGit(git: GitProgram, folder: string, words: readonly string[]): ChildProcessWithoutNullStreams {
  return spawn(git.path, [...READ_ONLY, ...words], {
    cwd: folder,
    env: { ...git.environment, ...ENVIRONMENT },
    windowsHide: true,
  });
}

export interface GitOutput {
  readonly code: number;
  readonly stdout: Buffer;
  /** What it complained about, on one line. */
  readonly complaint: string;
}

/** Runs git to its end. Any exit code is an answer; rejects with a {@link RepositoryError} when there is none. */
export async function runGit(git: GitProgram, folder: string, words: readonly string[]): Promise<GitOutput> {
  return new Promise((resolve, reject) => {
    const child = startGit(git, folder, words);
    const chunks: Buffer[] = [];
    let length = 0;
    let complaint = '';
    child.stdin.on('error', () => undefined).end();
    child.stdout.on('data', (chunk: Buffer) => {
      length += chunk.length;
      if (length > MAX_OUTPUT_BYTES) child.kill();
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < 2_000) complaint += chunk.toString('utf8');
    });
    child.on('error', (error) => reject(new RepositoryError(`git could not be started: ${error.message}`)));
    child.on('close', (code) => {
      if (length > MAX_OUTPUT_BYTES) reject(new RepositoryError('the repository has too many files to list'));
      else resolve({ code: code ?? -1, stdout: Buffer.concat(chunks), complaint: complaintOf(complaint) });
    });
  });
}

/** What git wrote to standard error, on one line. */
export function complaintOf(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/^ ?fatal: /, '')
    .trim();
}
