import { SourceError } from '../core/evidence.ts';
import type { RefreshRequest, Subject } from '../core/knowledge.ts';
import { isAskable } from './advisory-evidence.ts';
import { advisoryLookup } from './failures.ts';
import { localCoverage, localDecides } from './knowledge-configuration.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { loadCvssLibrary } from './load-cvss-library.ts';
import { decodeRecord, recordRequest, type AdvisoryRef, type OsvQuery } from './osv.ts';
import { queryOsv } from './osv-query.ts';
import { isOurs, jobName, lookUp, type Progress, type RefreshContext } from './refresh-context.ts';

/**
 * Asks OSV for what is missing or stale, all batches at once, and then for the records that nobody has read yet: those
 * of direct dependencies first. `onDirectDone` is called when all is known of them.
 */
export async function refreshAdvisories(
  context: RefreshContext,
  request: RefreshRequest,
  signal: AbortSignal,
  progress: Progress,
  onDirectDone: () => void,
): Promise<void> {
  const direct = queriesOf(context, request.direct);
  const transitive = queriesOf(context, request.transitive, direct);
  const wanted = await choose(context, direct, transitive, request.force, signal);
  const directAnswered = askQueries(context, wanted.direct, signal, progress);
  const transitiveAnswered = askQueries(context, wanted.transitive, signal, progress);
  await Promise.all([
    directAnswered.then(() => readRecords(context, refsOf(context, direct), signal, progress)).then(onDirectDone),
    Promise.all([transitiveAnswered, directAnswered]).then(() =>
      readRecords(context, refsOf(context, transitive), signal, progress),
    ),
  ]);
  if (wanted.job !== undefined) await context.cache.release(wanted.job);
}

interface Wanted {
  readonly direct: readonly OsvQuery[];
  readonly transitive: readonly OsvQuery[];
  /** The name of the job, when this process does it for all. */
  readonly job?: string;
}

/** What has to be asked, unless another process on the same store does it meanwhile. */
async function choose(
  context: RefreshContext,
  direct: ReadonlyMap<string, OsvQuery>,
  transitive: ReadonlyMap<string, OsvQuery>,
  force: boolean,
  signal: AbortSignal,
): Promise<Wanted> {
  if (force) return { direct: [...direct.values()], transitive: [...transitive.values()] };
  const isStale = (query: OsvQuery): boolean => !context.cache.isFresh('osv', context.cache.fetchedAt(query));
  const wanted = { direct: [...direct.values()].filter(isStale), transitive: [...transitive.values()].filter(isStale) };
  const queries = [...wanted.direct, ...wanted.transitive];
  if (queries.length === 0) return wanted;
  context.begin();
  const job = {
    name: jobName('advisories', queries.map(queryText)),
    leaseMs: 8_000,
    isDone: () => !queries.some(isStale) && queries.every((query) => isRead(context, query)),
  };
  const granted = isOurs(context, job, signal);
  // While the lease is asked for in another thread.
  context.pump.prepare();
  if (await granted) return { ...wanted, job: job.name };
  context.changed({ kind: 'advisories', queries });
  return { direct: [], transitive: [] };
}

/** Asks for the advisories of one package in every version, and reads them. */
export async function learnAdvisories(
  context: RefreshContext,
  subject: Subject,
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const ecosystem = context.ecosystemOf(subject.ecosystem);
  if (ecosystem === undefined || !mayAskOsv(context, subject)) return;
  const query: OsvQuery = { ecosystem: ecosystem.osvName, name: subject.name, version: undefined };
  if (!context.cache.isFresh('osv', context.cache.fetchedAt(query))) {
    await askQueries(context, [query], signal, progress);
  }
  await readRecords(context, context.cache.advisoryRefs(query)?.value ?? [], signal, progress);
}

/** By name and version: a package that is installed at several places is one question. */
function queriesOf(
  context: RefreshContext,
  subjects: readonly Subject[],
  without: ReadonlyMap<string, OsvQuery> = new Map(),
): Map<string, OsvQuery> {
  const queries = new Map<string, OsvQuery>();
  for (const subject of subjects) {
    const ecosystem = context.ecosystemOf(subject.ecosystem);
    if (ecosystem === undefined || !mayAskOsv(context, subject) || !isAskable(ecosystem, subject)) continue;
    const key = `${ecosystem.osvName}\n${subject.name}\n${subject.version}`;
    if (without.has(key)) continue;
    queries.set(key, { ecosystem: ecosystem.osvName, name: subject.name, version: subject.version });
  }
  return queries;
}

/** A withheld name goes to nobody. */
function mayAskOsv(context: RefreshContext, subject: Subject): boolean {
  const ecosystem = context.ecosystemOf(subject.ecosystem);
  if (ecosystem === undefined || subject.withheld !== undefined || context.configuration.network !== 'on') return false;
  const coverage = localCoverage(context.configuration, ecosystem.osvName);
  return !localDecides(context.configuration, coverage, context.clock.now());
}

async function askQueries(
  context: RefreshContext,
  queries: readonly OsvQuery[],
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  if (queries.length === 0) return;
  context.begin();
  progress.expect(queries.length);
  await queryOsv(context.pump, context.configuration.hosts.osv, queries, signal, (answers) => {
    for (const [query, answer] of answers) {
      const key = advisoryLookup(query.name, query.version);
      if (answer instanceof SourceError) {
        context.failures.note('osv', key, answer);
        continue;
      }
      context.failures.clear('osv', key);
      context.cache.putAdvisoryRefs(query, answer);
    }
    progress.done(answers.length);
    context.changed({ kind: 'advisories', queries: answers.map(([query]) => query) });
  });
}

function refsOf(context: RefreshContext, queries: ReadonlyMap<string, OsvQuery>): AdvisoryRef[] {
  return [...queries.values()].flatMap((query) => context.cache.advisoryRefs(query)?.value ?? []);
}

function queryText({ ecosystem, name, version }: OsvQuery): string {
  return `${ecosystem} ${name} ${version ?? ''}`;
}

function isRead(context: RefreshContext, query: OsvQuery): boolean {
  const refs = context.cache.advisoryRefs(query)?.value ?? [];
  return refs.every((ref) => context.cache.record(ref) !== undefined);
}

/** How long it takes until the first requests are under way, in milliseconds. The texts of advisories have scores to read. */
const SENDING_MS = 20;

/** Over a slow network findings come in portions. */
const RECORDS_PER_CHANGE = 100;

/** One request for each advisory, however many packages it affects; none for those that were read before. */
async function readRecords(
  context: RefreshContext,
  refs: readonly AdvisoryRef[],
  signal: AbortSignal,
  progress: Progress,
): Promise<void> {
  const unread = new Map<string, AdvisoryRef>();
  for (const ref of refs) if (context.cache.record(ref) === undefined) unread.set(ref.id, ref);
  if (unread.size === 0) return;
  context.begin();
  progress.expect(unread.size);
  let read = 0;
  context.clock.after(SENDING_MS, loadCvssLibrary);
  await Promise.all(
    [...unread.values()].map(async (ref) => {
      await lookUp(context, 'osv', ref.id, async () => {
        const request = recordRequest(context.configuration.hosts.osv, ref.id);
        const response = await context.pump.ask({ label: SOURCE_LABELS.osv }, request, signal);
        const { record, stored } = decodeRecord(response.body, ref.id);
        context.cache.putRecord(ref, record, stored);
      });
      progress.done(1);
      if (++read % RECORDS_PER_CHANGE === 0 && read < unread.size) context.changed({ kind: 'records' });
    }),
  );
  context.changed({ kind: 'records' });
}
