import { SourceError } from '../core/evidence.ts';
import { trustTargets, type TrustRepository } from './held-trust.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { verifyAgain } from './recall-signatures.ts';
import { isOurs, lookUp, type RefreshContext } from './refresh-context.ts';

const LEASE = 'trust';
const LEASE_MS = 60_000;

export interface TrustSignals {
  readonly signal: AbortSignal;
  /** Aborts the question alone: what is at hand will do. */
  readonly enough: AbortSignal;
}

/**
 * Asks for newer trust material, once a day for all windows unless forced. What cannot be had, or is not signed as it must
 * be, changes nothing. What was verified against other material is verified again. Rejects only with `signal`'s reason.
 */
export async function refreshTrust(
  context: RefreshContext,
  force: boolean,
  { signal, enough }: TrustSignals,
): Promise<void> {
  const { trust, failures, cache } = context;
  const { repository } = trust;
  if (repository === undefined) return;
  const before = trust.current().digest;
  try {
    await ask(context, repository, force, AbortSignal.any([signal, enough]));
  } catch (error) {
    signal.throwIfAborted();
    if (!enough.aborted) throw error;
    failures.note('tuf', 'trust', new SourceError('timeout', `${SOURCE_LABELS.tuf} did not answer in time`));
  }
  await cache.release(LEASE);
  trust.forget();
  if (trust.current().digest === before) return;
  await verifyAgain(context, signal);
  context.changed({ kind: 'signatures' });
}

async function ask(
  context: RefreshContext,
  repository: TrustRepository,
  force: boolean,
  signal: AbortSignal,
): Promise<void> {
  const { trust, cache, pump, configuration } = context;
  const isDone = (): boolean => cache.isFresh('tuf', trust.reading() && cache.trust()?.fetchedAt);
  const job = { name: LEASE, leaseMs: LEASE_MS, isDone };
  if (!force && !(await isOurs(context, job, signal))) return;
  await lookUp(context, 'tuf', 'trust', async () => {
    const reading = await repository.read({
      base: configuration.hosts.tuf,
      metadata: trust.reading()?.metadata ?? { 'root.json': repository.root() },
      targets: trustTargets(repository),
      download: async (url, maxBytes) => {
        const request = { method: 'GET', url, headers: {}, timeoutMs: 10_000, maxBytes } as const;
        const { status, body } = await pump.ask({ label: SOURCE_LABELS.tuf, accepts: [403, 404] }, request, signal);
        return status < 300 ? body : undefined;
      },
    });
    if (trust.materialOf(reading) === undefined) {
      throw new SourceError('bad-answer', `${SOURCE_LABELS.tuf}: this version of Provender cannot read what it says`);
    }
    cache.putTrust(reading);
  });
}
