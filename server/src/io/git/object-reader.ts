import type { ChildProcessWithoutNullStreams } from 'node:child_process';

import { RepositoryError } from '../../core/repository.ts';
import { complaintOf, startGit, type GitProgram } from './git-program.ts';

/** As for files on disk: no manifest or lockfile comes near it. Bytes. */
const MAX_OBJECT_BYTES = 64 * 1024 * 1024;

const MAX_COMPLAINT = 2_000;

export interface GitObject {
  readonly id: string;
  readonly type: string;
  /** Undefined when it is too large to be read. */
  readonly content: Buffer | undefined;
}

interface Question {
  readonly resolve: (object: GitObject | undefined) => void;
  readonly reject: (error: RepositoryError) => void;
}

interface Answer {
  readonly id: string;
  readonly type: string;
  readonly chunks: Buffer[];
  /** Of the content and the line feed behind it, how much has not come yet. */
  missing: number;
  readonly isKept: boolean;
}

/** Reads objects by their names, one process for all of them (`git cat-file --batch`). Started with the first question. */
export class ObjectReader {
  readonly #git: GitProgram;
  readonly #folder: string;
  readonly #questions: Question[] = [];
  #process: ChildProcessWithoutNullStreams | undefined;
  #header = Buffer.alloc(0);
  #answer: Answer | undefined;

  constructor(git: GitProgram, folder: string) {
    this.#git = git;
    this.#folder = folder;
  }

  /**
   * The object that a name stands for: an id, or `commit:path`. Undefined when there is none. Rejects with a
   * {@link RepositoryError} when git gives no answer.
   */
  async read(name: string): Promise<GitObject | undefined> {
    if (/[\n\r\0]/.test(name)) return undefined;
    return new Promise((resolve, reject) => {
      this.#questions.push({ resolve, reject });
      this.#started().stdin.write(`${name}\n`);
    });
  }

  close(): void {
    this.#process?.kill();
    this.#fail('the reading was given up');
  }

  #started(): ChildProcessWithoutNullStreams {
    if (this.#process !== undefined) return this.#process;
    const child = startGit(this.#git, this.#folder, ['cat-file', '--batch']);
    child.stdin.on('error', () => undefined);
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => {
      if (complaint.length < MAX_COMPLAINT) complaint += chunk.toString('utf8');
    });
    child.stdout.on('data', (chunk: Buffer) => this.#take(chunk));
    child.on('error', (error) => this.#fail(`git could not be started: ${error.message}`));
    child.on('close', () => {
      if (this.#process === child) this.#process = undefined;
      // Older ones end like this where a newer git says that an object was not fetched.
      this.#fail(`git could not read an object; was it left out of the clone? ${complaintOf(complaint)}`.trim());
    });
    this.#process = child;
    return child;
  }

  #fail(message: string): void {
    this.#answer = undefined;
    this.#header = Buffer.alloc(0);
    for (const { reject } of this.#questions.splice(0)) reject(new RepositoryError(message));
  }

  #take(chunk: Buffer): void {
    let rest = chunk;
    while (rest.length > 0) rest = this.#answer === undefined ? this.#takeHeader(rest) : this.#takeContent(rest);
  }

  #takeHeader(chunk: Buffer): Buffer {
    const end = chunk.indexOf(LINE_FEED);
    if (end === -1) {
      this.#header = Buffer.concat([this.#header, chunk]);
      return Buffer.alloc(0);
    }
    const line = Buffer.concat([this.#header, chunk.subarray(0, end)]).toString('utf8');
    this.#header = Buffer.alloc(0);
    const [, id, type = '', size] = HEADER.exec(line) ?? [];
    if (id === undefined) this.#questions.shift()?.resolve(undefined);
    else {
      const isKept = Number(size) <= MAX_OBJECT_BYTES;
      this.#answer = { id, type, chunks: [], missing: Number(size) + 1, isKept };
    }
    return chunk.subarray(end + 1);
  }

  #takeContent(chunk: Buffer): Buffer {
    const answer = this.#answer;
    if (answer === undefined) return chunk;
    const { id, type, chunks, isKept } = answer;
    const part = chunk.subarray(0, answer.missing);
    answer.missing -= part.length;
    if (isKept) chunks.push(part);
    if (answer.missing === 0) {
      this.#answer = undefined;
      this.#questions
        .shift()
        ?.resolve({ id, type, content: isKept ? Buffer.concat(chunks).subarray(0, -1) : undefined });
    }
    return chunk.subarray(part.length);
  }
}

const LINE_FEED = 10;
/** `<id> <type> <size>`; everything else says that there is no such object. */
const HEADER = /^([0-9a-f]{40,64}) (blob|tree|commit|tag) (\d+)$/;
