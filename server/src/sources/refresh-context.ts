import { createHash } from 'node:crypto';

import type { Ecosystem } from '../core/ecosystem.ts';
import { SourceError } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { Clock } from '../core/ports.ts';
import type { TrustedKey } from '../evidence/trust/trusted-keys.ts';
import type { AnswerCache } from './answer-cache.ts';
import type { Failures } from './failures.ts';
import type { HeldSignatures } from './held-signatures.ts';
import type { HeldTrust } from './held-trust.ts';
import type { HostName } from './hosts.ts';
import type { KnowledgeConfiguration } from './knowledge-configuration.ts';
import type { OsvQuery } from './osv.ts';
import { pauseFor, type Pump } from './pump.ts';
import type { SignatureVerifier } from './signature-verifier.ts';

/** What was learned, so that only what rests on it is computed again. */
export type Change =
  | { readonly kind: 'advisories'; readonly queries: readonly OsvQuery[] }
  /** Texts of advisories: whatever names an advisory may read differently now. */
  | { readonly kind: 'records' }
  | { readonly kind: 'kev' }
  | { readonly kind: 'epss' }
  /** `key` as in failures.ts. */
  | { readonly kind: 'package'; readonly key: string }
  | { readonly kind: 'signatures' }
  | { readonly kind: 'scorecard'; readonly key: string };

/** What the asynchronous side works with. */
export interface RefreshContext {
  readonly pump: Pump;
  readonly clock: Clock;
  readonly cache: AnswerCache;
  readonly failures: Failures;
  readonly configuration: KnowledgeConfiguration;
  readonly signatures: HeldSignatures;
  readonly verifier: SignatureVerifier;
  readonly trust: HeldTrust;
  /** Those that signatures of this registry are checked with. */
  keysOf(registry: string): readonly TrustedKey[];
  /** When a version was published, in milliseconds since the epoch, where the document of all versions is at hand and says so. */
  publishedAt(subject: Subject): number | undefined;
  ecosystemOf(id: string): Ecosystem | undefined;
  /** There is something to ask: what is not known is pending from now on. */
  begin(): void;
  changed(change: Change): void;
}

/** Counts look-ups. The total grows while more is found to ask. */
export interface Progress {
  expect(count: number): void;
  done(count: number): void;
}

export function createProgress(report: (done: number, total: number) => void): Progress {
  let done = 0;
  let total = 0;
  return {
    expect(count) {
      total += count;
      if (count > 0) report(done, total);
    },
    done(count) {
      done += count;
      if (count > 0) report(done, total);
    },
  };
}

/** Runs one look-up and notes how it went. A failure of the world ends here; an abort goes on. */
export async function lookUp(
  context: RefreshContext,
  host: HostName,
  key: string,
  run: () => Promise<void>,
): Promise<void> {
  try {
    await run();
    context.failures.clear(host, key);
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    context.failures.note(host, key, error);
  }
}

/** The first look again comes soon, since most of what others do is done at once; then less and less often. */
const LOOK_AGAIN_MS = { first: 20, most: 500 } as const;

/** Something that one process does for all. */
export interface Job {
  readonly name: string;
  /** How long a process may take before another does it in its place. Milliseconds. */
  readonly leaseMs: number;
  isDone(): boolean;
}

/** The same name for the same questions, so that windows on one project find each other. */
export function jobName(kind: string, questions: Iterable<string>): string {
  const hash = createHash('sha256');
  for (const question of questions) hash.update(`${question}\0`);
  return `${kind} ${hash.digest('hex').slice(0, 32)}`;
}

/**
 * Waits until this process may do a job that others on the same store may want to do too. False when one of them has
 * done it meanwhile. Where they fail at it one after the other, nobody waits for more than one of them.
 */
export async function isOurs(context: RefreshContext, job: Job, signal: AbortSignal): Promise<boolean> {
  const patience = context.clock.now() + job.leaseMs;
  let pauseMs: number = LOOK_AGAIN_MS.first;
  while (!job.isDone()) {
    if (await context.cache.lease(job.name, job.leaseMs)) return true;
    if (context.clock.now() >= patience) return true;
    await pauseFor(context.clock, pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LOOK_AGAIN_MS.most);
  }
  return false;
}
