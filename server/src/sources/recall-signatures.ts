import type { SignatureEvidence } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { Release } from '../core/registry-package.ts';
import { sha512Of } from '../evidence/integrity.ts';
import type { AttestationsOutcome } from '../evidence/attestations-outcome.ts';
import { NO_ATTESTATIONS, type Dated } from './answer-cache.ts';
import { attestationsLookup } from './failures.ts';
import { releaseKeyOf } from './held-signatures.ts';
import { registryLabel } from './hosts.ts';
import type { RefreshContext } from './refresh-context.ts';
import type { KeylessCase } from './signature-verifier.ts';

/** So many rows are read at a time, and their signatures checked, before something else may run. */
const SLICE = 100;

/**
 * Verifies what is stored about these packages and is not held yet. Asks nobody. Rejects only with the signal's reason.
 * @returns true when something was added
 */
export async function recallSignatures(
  context: RefreshContext,
  subjects: readonly Subject[],
  signal: AbortSignal,
): Promise<boolean> {
  const wanted = subjects.filter((subject) => context.signatures.checked(subject) === undefined);
  let found = 0;
  // The next rows are read while the signatures of these are checked.
  const checks: Promise<void>[] = [];
  for (let at = 0; at < wanted.length; at += SLICE) {
    const slice = wanted.slice(at, at + SLICE);
    context.cache.expectReleases(slice.map(releaseKeyOf));
    const stored = slice.flatMap((subject): Stored[] => {
      const answer = context.cache.storedRelease(releaseKeyOf(subject));
      return answer === undefined || answer.value === 'missing'
        ? []
        : [{ subject, release: answer.value, fetchedAt: answer.fetchedAt }];
    });
    if (stored.length > 0) {
      const check = holdReleases(context, stored, signal);
      // Who waits for all of them hears of it.
      check.catch(() => undefined);
      checks.push(check);
    }
    found += stored.length;
    signal.throwIfAborted();
    // One slice ahead is enough, and gives whatever else is due its turn.
    if (checks.length > 1) await checks.at(-2);
  }
  await Promise.all(checks);
  return found > 0;
}

/** A release that is stored, of one package as it is installed. */
export interface Stored {
  readonly subject: Subject;
  readonly release: Release;
  readonly fetchedAt: number;
}

/** Verifies everything that is held against the trust material of now. Rejects only with the signal's reason. */
export async function verifyAgain(context: RefreshContext, signal: AbortSignal): Promise<void> {
  const held = context.signatures
    .all()
    .map(({ subject, checked }) => ({ subject, release: checked.release, fetchedAt: checked.asOf }));
  for (let at = 0; at < held.length; at += SLICE) {
    await holdReleases(context, held.slice(at, at + SLICE), signal);
    signal.throwIfAborted();
  }
}

/**
 * Has the signatures and attestations of stored releases checked, and holds what they gave. What was checked while the trust
 * material became another one is checked again.
 */
export async function holdReleases(
  context: RefreshContext,
  stored: readonly Stored[],
  signal: AbortSignal,
): Promise<void> {
  const { digest } = context.trust.current();
  const byRegistry = Map.groupBy(stored, ({ subject }) => subject.registry);
  for (const [registry, items] of byRegistry) {
    const keys = context.keysOf(registry);
    const cases = items.map((item) => caseOf(context, item));
    const verdicts = await context.verifier.signatures(cases, keys, signal);
    await Promise.all(
      items.map(async (item, index) => {
        const verdict = verdicts[index];
        if (verdict !== undefined) await hold(context, item, verdict, signal);
      }),
    );
  }
  if (context.trust.current().digest !== digest) await holdReleases(context, stored, signal);
}

async function hold(
  context: RefreshContext,
  { subject, release, fetchedAt }: Stored,
  registry: SignatureEvidence,
  signal: AbortSignal,
): Promise<void> {
  const { outcome, missing } = release.attested
    ? await attestationsOf(context, subject, release, signal)
    : { outcome: undefined, missing: undefined };
  context.signatures.put(subject, {
    release,
    registry,
    attestations: outcome,
    missing,
    source: registryLabel(subject),
    asOf: fetchedAt,
  });
}

function caseOf(context: RefreshContext, { subject, release }: Stored): KeylessCase {
  const { ecosystem, registry, name, version, integrity } = subject;
  return {
    name,
    version,
    lockIntegrity: integrity,
    registryIntegrity: release.integrity,
    signatures: release.signatures,
    publishedAt: context.publishedAt(subject),
    registryIsPublic: context.ecosystemOf(ecosystem)?.registry.publicBase === registry,
  };
}

interface AttestationsAtHand {
  readonly outcome: AttestationsOutcome | undefined;
  readonly missing: string | undefined;
}

async function attestationsOf(
  context: RefreshContext,
  subject: Subject,
  release: Release,
  signal: AbortSignal,
): Promise<AttestationsAtHand> {
  const key = releaseKeyOf(subject);
  const trust = context.trust.current();
  const integrity = sha512Of(subject.integrity)[0] ?? sha512Of(release.integrity)[0];
  const stored: Dated<string> | undefined = context.cache.attestations(key);
  if (stored === undefined) {
    const failure = context.failures.of('npm', attestationsLookup(subject));
    return { outcome: undefined, missing: failure?.reason ?? 'they have not been fetched' };
  }
  if (stored.value === NO_ATTESTATIONS) return { outcome: undefined, missing: 'the registry does not have them' };
  if (integrity === undefined) return { outcome: undefined, missing: 'no sha512 hash tells which bytes they are for' };
  const before = context.cache.attestationsOutcome(key, trust.digest);
  if (before !== undefined) return { outcome: before, missing: undefined };
  const given = { name: subject.name, version: subject.version, integrity, response: stored.value };
  const outcome = await context.verifier.attestations(given, trust, signal);
  // What this runtime could not check is checked again by the next.
  if (isFinal(outcome)) context.cache.putAttestationsOutcome(key, trust.digest, outcome);
  return { outcome, missing: undefined };
}

function isFinal({ publish, provenance }: AttestationsOutcome): boolean {
  return publish.verdict !== 'unverifiable' && provenance.verdict !== 'unverifiable';
}
