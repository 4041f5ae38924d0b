import { SourceError } from '../core/evidence.ts';
import type { RefreshRequest, Subject } from '../core/knowledge.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { releaseLookup } from './failures.ts';
import { releaseKeyOf } from './held-signatures.ts';
import { whyNotAsked } from './may-be-asked.ts';
import { refreshRegistryKeys } from './refresh-registry-keys.ts';
import { refreshTrust } from './refresh-trust.ts';
import { ReleaseRound } from './release-round.ts';
import { isOurs, jobName, lookUp, type Progress, type RefreshContext } from './refresh-context.ts';

/** Packages that are asked about at a time: as many as the pump sends to one host. */
const LANES = 16;
/** A round of so many tells what it learned. */
const TELL_AFTER = 64;
/** How long the trust material may take once the registries have answered, in milliseconds: what is at hand will do. */
const TRUST_PATIENCE_MS = 5_000;
const DAY_MS = 24 * 60 * 60_000;

/** The verdicts that no later answer can change. */
const FOR_GOOD: ReadonlySet<string> = new Set(['signed', 'signed-weak-pin']);

/** Those whose signatures are asked for, direct dependencies first. */
export function signedSubjects({ signatures, direct, transitive }: RefreshRequest): readonly Subject[] {
  if (signatures === 'none') return [];
  return signatures === 'direct' ? direct : [...direct, ...transitive];
}

export interface SignaturesWanted {
  readonly policy: RegistryPolicy;
  readonly force: boolean;
}

/**
 * Asks the registries about the releases of which no verdict for good is held, in the order given, and has them checked,
 * against the newest trust material that is published. One small document for each, and the attestations where they are
 * announced.
 */
export async function refreshSignatures(
  context: RefreshContext,
  subjects: readonly Subject[],
  { policy, force }: SignaturesWanted,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  if (subjects.length === 0) return;
  const enough = new AbortController();
  const trust = refreshTrust(context, force, { signal, enough: enough.signal });
  // Whoever waits for all of it hears of it.
  trust.catch(() => undefined);
  await askReleases(context, subjects, { policy, force }, signal, progress);
  const stopWaiting = context.clock.after(TRUST_PATIENCE_MS, () => enough.abort());
  await trust.finally(stopWaiting);
}

async function askReleases(
  context: RefreshContext,
  subjects: readonly Subject[],
  { policy, force }: SignaturesWanted,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const due = subjects.filter((subject) => (force || isDue(context, subject)) && mayBeAsked(context, subject, policy));
  if (due.length === 0) return;
  context.begin();
  progress.expect(due.length);
  const job = {
    name: jobName(
      'signatures',
      due.map(({ name, version }) => `${name}@${version}`),
    ),
    leaseMs: 30_000,
    isDone: () => due.every((subject) => isAnswered(context, subject)),
  };
  const ours = force || (await isOurs(context, job, signal));
  if (ours) await refreshRegistryKeys(context, due, policy, signal);
  const round = new ReleaseRound(context, policy, signal);
  let untold = 0;
  await inLanes(due, async (subject) => {
    await lookUp(context, 'npm', releaseLookup(subject), async () => {
      if (ours) await round.ask(subject);
      else round.readOthersAnswer(subject);
    });
    progress.done(1);
    if (++untold < TELL_AFTER) return;
    untold = 0;
    context.changed({ kind: 'signatures' });
  });
  await round.finish();
  context.changed({ kind: 'signatures' });
  await context.cache.release(job.name);
}

function isDue(context: RefreshContext, subject: Subject): boolean {
  const checked = context.signatures.checked(subject);
  if (checked === undefined) {
    const stored = context.cache.storedRelease(releaseKeyOf(subject));
    return stored?.value !== 'missing' || isOld(context, stored.fetchedAt);
  }
  if (checked.release.attested && context.cache.attestations(releaseKeyOf(subject)) === undefined) return true;
  if (checked.missing === undefined && FOR_GOOD.has(checked.registry.verdict)) return false;
  return isOld(context, checked.asOf);
}

/** By this process or another one. */
function isAnswered(context: RefreshContext, subject: Subject): boolean {
  const key = releaseKeyOf(subject);
  const stored = context.cache.storedRelease(key);
  if (stored === undefined || isOld(context, stored.fetchedAt)) return false;
  return stored.value === 'missing' || !stored.value.attested || context.cache.attestations(key) !== undefined;
}

function isOld(context: RefreshContext, fetchedAt: number): boolean {
  const ageMs = context.clock.now() - fetchedAt;
  return ageMs < 0 || ageMs > DAY_MS;
}

/** A refusal is noted once, as the reason why nothing is known. */
function mayBeAsked(context: RefreshContext, subject: Subject, policy: RegistryPolicy): boolean {
  const ecosystem = context.ecosystemOf(subject.ecosystem);
  if (ecosystem === undefined || subject.version === '') return false;
  const refusal = whyNotAsked(ecosystem, subject, policy);
  if (refusal === undefined) return true;
  const key = releaseLookup(subject);
  if (context.failures.of('npm', key)?.reason !== refusal) {
    context.failures.note('npm', key, new SourceError('withheld', refusal));
  }
  return false;
}

async function inLanes(subjects: readonly Subject[], run: (subject: Subject) => Promise<void>): Promise<void> {
  const rest = subjects.values();
  const lane = async (): Promise<void> => {
    for (const subject of rest) await run(subject);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
