import { SourceError } from '../core/evidence.ts';
import { decodeEpss, epssRequest, isCve, MAXIMUM_CVES } from './epss.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { isOurs, jobName, lookUp, type RefreshContext } from './refresh-context.ts';

/** A project with more of them has other worries than their order. */
const MAX_ASKED = 2_000;

/** Asks for the scores of vulnerabilities that have none yet, or one of another day. */
export async function refreshEpss(
  context: RefreshContext,
  cves: Iterable<string>,
  force: boolean,
  signal: AbortSignal,
): Promise<void> {
  const isStale = (cve: string): boolean => !context.cache.isFresh('epss', context.cache.epss(cve)?.fetchedAt);
  const wanted = [...new Set(cves)].filter((cve) => isCve(cve) && (force || isStale(cve))).slice(0, MAX_ASKED);
  if (wanted.length === 0) return;
  context.begin();
  const job = { name: jobName('epss', wanted), leaseMs: 15_000, isDone: () => !wanted.some(isStale) };
  const ours = force || (await isOurs(context, job, signal));
  const batches: string[][] = [];
  for (let at = 0; at < wanted.length; at += MAXIMUM_CVES) batches.push(wanted.slice(at, at + MAXIMUM_CVES));
  await Promise.all(
    batches.map(async (batch) => {
      if (ours) await lookUp(context, 'epss', batch[0] ?? '', () => askFor(context, batch, signal));
    }),
  );
  context.changed({ kind: 'epss' });
  await context.cache.release(job.name);
}

async function askFor(context: RefreshContext, batch: readonly string[], signal: AbortSignal): Promise<void> {
  const request = epssRequest(context.configuration.hosts.epss, batch);
  const response = await context.pump.ask({ label: SOURCE_LABELS.epss }, request, signal);
  const scores = new Map(decodeEpss(response.body).map((score) => [score.cve, score]));
  if (scores.size === 0 && batch.length === MAXIMUM_CVES) {
    throw new SourceError('bad-answer', `${SOURCE_LABELS.epss} knows none of ${String(MAXIMUM_CVES)} vulnerabilities`);
  }
  for (const cve of batch) context.cache.putEpss(cve, scores.get(cve) ?? 'missing');
}
