import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

import type { SignatureEvidence } from '../core/evidence.ts';
import type { AttestationsOutcome } from '../evidence/attestations-outcome.ts';
import type { TrustMaterial } from '../evidence/trust/trust-material.ts';
import type { TrustedKey } from '../evidence/trust/trusted-keys.ts';
import type { AttestationsCase, KeylessCase, SignatureVerifier } from '../sources/signature-verifier.ts';
import { undone, type FromVerifier, type ToVerifier, type VerifyAnswer, type VerifyJob } from './verify-job.ts';

/** The threads' file, below the folder that holds the bundles. */
export function verifyWorkerPath(bundleFolder: string): string {
  return join(bundleFolder, 'workers', 'verify-worker.cjs');
}

export interface VerifierPoolOptions {
  readonly workerPath: string;
  /** Threads at most. Default: one less than the machine has cores, and at least one. */
  readonly size?: number;
  /** How long a thread may have nothing to do before it is ended, in milliseconds: one at rest costs megabytes. */
  readonly idleMs?: number;
  /** How long one job may take, in milliseconds, before its thread is ended. */
  readonly jobMs?: number;
}

/** A message of its own costs more than a signature takes to check. */
const CASES_PER_JOB = 25;
const IDLE_MS = 1_000;
const JOB_MS = 30_000;
/** A thread has its next job at hand when it has done one, and need not wait for this thread to have its turn. */
const JOBS_AHEAD = 2;
/** Threads that ended badly one after the other before none is started any more. */
const MOST_LOSSES = 3;

/** Threads that check signatures and attestations, started when there is something to check and ended at rest. */
export class VerifierPool implements SignatureVerifier {
  readonly #options: Required<VerifierPoolOptions>;
  readonly #queue: Task[] = [];
  readonly #threads = new Set<Thread>();
  #losses = 0;
  #lastId = 0;

  constructor({ workerPath, size, idleMs = IDLE_MS, jobMs = JOB_MS }: VerifierPoolOptions) {
    this.#options = { workerPath, size: size ?? Math.max(1, availableParallelism() - 1), idleMs, jobMs };
  }

  async signatures(
    cases: readonly KeylessCase[],
    keys: readonly TrustedKey[],
    signal: AbortSignal,
  ): Promise<readonly SignatureEvidence[]> {
    const jobs: VerifyJob[] = [];
    for (let at = 0; at < cases.length; at += CASES_PER_JOB) {
      jobs.push({ kind: 'signatures', cases: cases.slice(at, at + CASES_PER_JOB), keys });
    }
    const answers = await Promise.all(jobs.map((job) => this.#run(job, undefined, signal)));
    return answers.flatMap((answer) => (answer.kind === 'signatures' ? answer.verdicts : []));
  }

  async attestations(given: AttestationsCase, trust: TrustMaterial, signal: AbortSignal): Promise<AttestationsOutcome> {
    const job: VerifyJob = { kind: 'attestations', given, trustDigest: trust.digest };
    const answer = await this.#run(job, trust, signal);
    if (answer.kind !== 'attestations') throw new Error('a thread answered another question');
    return answer.outcome;
  }

  /** Ends all threads. What is under way is answered as not done. */
  async close(): Promise<void> {
    const threads = [...this.#threads];
    for (const task of this.#queue.splice(0)) task.settle(undone(task.job, 'the program ends'));
    for (const thread of threads) {
      for (const task of thread.tasks.splice(0)) task.settle(undone(task.job, 'the program ends'));
    }
    await Promise.all(threads.map((thread) => thread.worker.terminate()));
  }

  #run(job: VerifyJob, trust: TrustMaterial | undefined, signal: AbortSignal): Promise<VerifyAnswer> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<VerifyAnswer>();
    const onAbort = (): void => {
      const at = this.#queue.indexOf(task);
      if (at !== -1) this.#queue.splice(at, 1);
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
    };
    const task: Task = {
      id: (this.#lastId += 1),
      job,
      trust,
      settle(answer) {
        signal.removeEventListener('abort', onAbort);
        resolve(answer);
      },
    };
    signal.addEventListener('abort', onAbort, { once: true });
    this.#queue.push(task);
    this.#assign();
    return promise;
  }

  #assign(): void {
    while (this.#queue.length > 0) {
      const thread = this.#idle() ?? this.#start() ?? this.#leastBusy();
      if (thread === undefined) return;
      const task = this.#queue.shift();
      if (task !== undefined) this.#give(thread, task);
    }
  }

  #idle(): Thread | undefined {
    return [...this.#threads].find(({ tasks }) => tasks.length === 0);
  }

  #leastBusy(): Thread | undefined {
    return [...this.#threads].find(({ tasks }) => tasks.length < JOBS_AHEAD);
  }

  #start(): Thread | undefined {
    if (this.#threads.size >= this.#options.size) return undefined;
    if (this.#losses >= MOST_LOSSES) {
      for (const task of this.#queue.splice(0)) task.settle(undone(task.job, 'the thread that checks cannot run here'));
      return undefined;
    }
    const worker = new Worker(this.#options.workerPath);
    const thread: Thread = { worker, tasks: [], trustDigest: undefined, idle: undefined, deadline: undefined };
    this.#threads.add(thread);
    worker.on('message', ({ id, answer }: FromVerifier) => {
      const [task] = thread.tasks;
      if (task?.id !== id) return;
      this.#losses = 0;
      this.#settle(thread, answer ?? undone(task.job, 'the check failed'));
    });
    worker.on('error', () => this.#lost(thread));
    worker.on('exit', () => this.#lost(thread));
    return thread;
  }

  #give(thread: Thread, task: Task): void {
    clearTimeout(thread.idle);
    thread.tasks.push(task);
    thread.worker.ref();
    if (thread.tasks.length === 1) this.#setDeadline(thread);
    const tell = (message: ToVerifier): void => thread.worker.postMessage(message);
    if (task.trust !== undefined && task.trust.digest !== thread.trustDigest) {
      thread.trustDigest = task.trust.digest;
      tell({ trust: task.trust });
    }
    tell({ id: task.id, job: task.job });
  }

  #setDeadline(thread: Thread): void {
    clearTimeout(thread.deadline);
    thread.deadline = setTimeout(() => void thread.worker.terminate(), this.#options.jobMs);
  }

  #settle(thread: Thread, answer: VerifyAnswer): void {
    const task = thread.tasks.shift();
    clearTimeout(thread.deadline);
    if (thread.tasks.length === 0) this.#rest(thread);
    else this.#setDeadline(thread);
    task?.settle(answer);
    this.#assign();
  }

  #rest(thread: Thread): void {
    thread.worker.unref();
    thread.idle = setTimeout(() => {
      this.#threads.delete(thread);
      void thread.worker.terminate();
    }, this.#options.idleMs).unref();
  }

  #lost(thread: Thread): void {
    if (!this.#threads.delete(thread)) return;
    clearTimeout(thread.idle);
    clearTimeout(thread.deadline);
    this.#losses += 1;
    const [task, ...waiting] = thread.tasks;
    task?.settle(undone(task.job, 'the thread that checks it ended'));
    this.#queue.unshift(...waiting);
    this.#assign();
  }
}

interface Task {
  readonly id: number;
  readonly job: VerifyJob;
  readonly trust: TrustMaterial | undefined;
  settle(answer: VerifyAnswer): void;
}

interface Thread {
  readonly worker: Worker;
  /** What it is doing, and what it does next. */
  readonly tasks: Task[];
  /** Of the trust material that it was told last. */
  trustDigest: string | undefined;
  idle: NodeJS.Timeout | undefined;
  deadline: NodeJS.Timeout | undefined;
}
