import type { Ecosystem } from '../core/ecosystem.ts';
import { SourceError } from '../core/evidence.ts';
import type { Subject } from '../core/knowledge.ts';
import type { RegistryPackage } from '../core/registry-package.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { packageLookup } from './failures.ts';
import { askRegistry } from './ask-registry.ts';
import { registryLabel, SOURCE_LABELS } from './hosts.ts';
import { decodeKev, kevRequest } from './kev.ts';
import { whyNotAsked } from './may-be-asked.ts';
import { isOurs, jobName, lookUp, type Progress, type RefreshContext } from './refresh-context.ts';
import { decodeScorecard, scorecardKey, scorecardRequest } from './scorecard.ts';

/** Reads CISA's catalog once a day. It learns nothing about the project. */
export async function refreshKev(context: RefreshContext, force: boolean, signal: AbortSignal): Promise<void> {
  const isDone = (): boolean => context.cache.isFresh('kev', context.cache.fetchedAt('kev'));
  const job = { name: 'kev', leaseMs: 8_000, isDone };
  if (!force) {
    if (isDone()) return;
    context.begin();
    if (!(await isOurs(context, job, signal))) {
      context.changed({ kind: 'kev' });
      return;
    }
  }
  context.begin();
  await lookUp(context, 'kev', 'catalog', async () => {
    const stored = context.cache.kev();
    const request = kevRequest(context.configuration.hosts.kev, stored?.etag);
    const response = await context.pump.ask({ label: SOURCE_LABELS.kev, accepts: [304] }, request, signal);
    if (response.status === 304) {
      // Unchanged since when, if no version was named?
      if (stored?.etag === undefined) throw new SourceError('bad-answer', `${SOURCE_LABELS.kev} sent no catalog`);
      context.cache.putKev([...stored.value.values()], stored.etag);
    } else {
      context.cache.putKev(decodeKev(response.body), response.headers['etag']);
    }
  });
  context.changed({ kind: 'kev' });
  await context.cache.release(job.name);
}

export interface FactsWanted {
  readonly policy: RegistryPolicy;
  readonly force: boolean;
  readonly scorecards: boolean;
}

/** Asks each package's own registry about it, and then Scorecard about the repository that a public registry names. */
export async function refreshPackages(
  context: RefreshContext,
  subjects: readonly Subject[],
  wanted: FactsWanted,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const distinct = new Map(subjects.map((subject) => [packageLookup(subject.registry, subject.name), subject]));
  const stale = [...distinct].filter(([key, subject]) => {
    if (!wanted.force && hasFreshPackage(context, subject)) return false;
    return mayBeAsked(context, key, subject, wanted.policy);
  });
  if (stale.length > 0) await askPackages(context, stale, wanted, signal, progress);
  if (wanted.scorecards) await refreshScorecards(context, distinct.values(), wanted.force, signal);
}

/** A refusal is noted once, as the reason why nothing is known. */
function mayBeAsked(context: RefreshContext, key: string, subject: Subject, policy: RegistryPolicy): boolean {
  const ecosystem = context.ecosystemOf(subject.ecosystem);
  if (ecosystem === undefined) return false;
  const refusal = whyNotAsked(ecosystem, subject, policy);
  if (refusal === undefined) return true;
  if (context.failures.of('npm', key)?.reason !== refusal) {
    context.failures.note('npm', key, new SourceError('withheld', refusal));
    context.changed({ kind: 'package', key });
  }
  return false;
}

async function askPackages(
  context: RefreshContext,
  stale: readonly (readonly [string, Subject])[],
  wanted: FactsWanted,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  context.begin();
  progress.expect(stale.length);
  const job = {
    name: jobName(
      'packages',
      stale.map(([key]) => key),
    ),
    leaseMs: 15_000,
    isDone: () => stale.every(([, subject]) => hasFreshPackage(context, subject)),
  };
  const ours = wanted.force || (await isOurs(context, job, signal));
  await Promise.all(
    stale.map(async ([key, subject]) => {
      if (ours) await lookUp(context, 'npm', key, () => refreshPackage(context, subject, wanted.policy, signal));
      progress.done(1);
      context.changed({ kind: 'package', key });
    }),
  );
  await context.cache.release(job.name);
}

function hasFreshPackage(context: RefreshContext, { registry, name }: Subject): boolean {
  return context.cache.isFresh('npm', context.cache.fetchedAt({ registry, name }));
}

async function refreshPackage(
  context: RefreshContext,
  subject: Subject,
  policy: RegistryPolicy,
  signal: AbortSignal,
): Promise<void> {
  const ecosystem = context.ecosystemOf(subject.ecosystem);
  if (ecosystem === undefined) return;
  const { registry, name } = subject;
  const stored = context.cache.registryPackage(registry, name);
  const etag = stored?.value === 'missing' ? undefined : stored?.etag;
  const request = ecosystem.registry.request(policy.requestBase(registry), name);
  const headers = { ...request.headers, ...(etag !== undefined && { 'if-none-match': etag }) };
  const response = await askRegistry(
    context,
    policy,
    registryLabel(subject),
    { ...request, headers },
    [304, 404],
    signal,
  );
  if (response.status === 404) {
    context.cache.putRegistryPackage(registry, name, 'missing');
  } else if (response.status === 304 && stored !== undefined) {
    context.cache.putRegistryPackage(registry, name, stored.value, etag);
  } else {
    const value = decodePackage(ecosystem, subject, response.body);
    context.cache.putRegistryPackage(registry, name, value, response.headers['etag']);
  }
}

function decodePackage(ecosystem: Ecosystem, subject: Subject, body: Uint8Array): RegistryPackage {
  const { value, problems } = ecosystem.registry.decode(subject.name, new TextDecoder().decode(body));
  if (value?.name === subject.name) return value;
  const problem = problems[0]?.message ?? 'it is another package';
  throw new SourceError('bad-answer', `${registryLabel(subject)} sent an answer that cannot be read: ${problem}`);
}

async function refreshScorecards(
  context: RefreshContext,
  subjects: Iterable<Subject>,
  force: boolean,
  signal: AbortSignal,
): Promise<void> {
  const isStale = (key: string): boolean =>
    !context.cache.isFresh('scorecard', context.cache.scorecard(key)?.fetchedAt);
  const keys = new Set([...subjects].flatMap((subject) => repositoryOf(context, subject) ?? []));
  const stale = [...keys].filter((key) => force || isStale(key));
  if (stale.length === 0) return;
  context.begin();
  const job = { name: jobName('scorecards', stale), leaseMs: 15_000, isDone: () => !stale.some(isStale) };
  const ours = force || (await isOurs(context, job, signal));
  await Promise.all(
    stale.map(async (key) => {
      if (ours) await lookUp(context, 'scorecard', key, () => refreshScorecard(context, key, signal));
      context.changed({ kind: 'scorecard', key });
    }),
  );
  await context.cache.release(job.name);
}

/** A private package's repository is as private as its name. */
function repositoryOf(context: RefreshContext, subject: Subject): string | undefined {
  if (!subject.isPublicRegistry || subject.withheld !== undefined) return undefined;
  const answer = context.cache.registryPackage(subject.registry, subject.name)?.value;
  return answer === undefined || answer === 'missing' ? undefined : scorecardKey(answer.repository ?? '');
}

async function refreshScorecard(context: RefreshContext, key: string, signal: AbortSignal): Promise<void> {
  const request = scorecardRequest(context.configuration.hosts.scorecard, key);
  const response = await context.pump.ask({ label: SOURCE_LABELS.scorecard, accepts: [404] }, request, signal);
  context.cache.putScorecard(key, response.status === 404 ? 'missing' : decodeScorecard(response.body, key));
}
