import { SourceError } from '../core/evidence.ts';
import { batchRequest, decodeBatch, MAXIMUM_BATCH, type AdvisoryRef, type OsvPage, type OsvQuery } from './osv.ts';
import { SOURCE_LABELS } from './hosts.ts';
import type { Pump } from './pump.ts';

/** The whole answer to a query, or why there is none. */
export type OsvAnswer = readonly AdvisoryRef[] | SourceError;

/** A query whose answer comes in more pages than this is given up. */
const MAXIMUM_PAGES = 50;

/**
 * One bad query in a batch of a thousand is found with twenty requests. A batch that goes on being refused is refused
 * for another reason, and not worth a thousand.
 */
const MAXIMUM_SPLITS = 48;

/**
 * Asks OSV in batches of at most a thousand, which run side by side. `onAnswers` is called for each batch as it is done,
 * with a pair for each of its queries. Every query gets an answer or a reason; rejects only when aborted.
 */
export async function queryOsv(
  pump: Pump,
  base: string,
  queries: readonly OsvQuery[],
  signal: AbortSignal,
  onAnswers: (answers: readonly (readonly [OsvQuery, OsvAnswer])[]) => void,
): Promise<void> {
  const batches: OsvQuery[][] = [];
  for (let at = 0; at < queries.length; at += MAXIMUM_BATCH) batches.push(queries.slice(at, at + MAXIMUM_BATCH));
  await Promise.all(
    batches.map(async (batch) => {
      const run: BatchRun = { pump, base, signal, answers: new Map(), splitsLeft: MAXIMUM_SPLITS };
      await askAll(run, batch);
      onAnswers(batch.map((query) => [query, run.answers.get(query) ?? noAnswer()] as const));
    }),
  );
}

interface BatchRun {
  readonly pump: Pump;
  readonly base: string;
  readonly signal: AbortSignal;
  readonly answers: Map<OsvQuery, OsvAnswer>;
  splitsLeft: number;
}

type PagedQuery = Parameters<typeof batchRequest>[1][number];

/** Follows the pages of those queries that have more, and of no others. */
async function askAll(run: BatchRun, queries: readonly OsvQuery[]): Promise<void> {
  let asked: readonly PagedQuery[] = queries.map((query) => ({ query, page: undefined }));
  const collected = new Map<OsvQuery, AdvisoryRef[]>();
  for (let count = 0; count < MAXIMUM_PAGES && asked.length > 0; count++) {
    const more: PagedQuery[] = [];
    const pages = await askOrSplit(run, asked);
    for (const [{ query }, page] of pages) {
      if (page instanceof SourceError) {
        run.answers.set(query, page);
        continue;
      }
      const refs = collected.get(query) ?? [];
      refs.push(...page.refs);
      collected.set(query, refs);
      if (page.nextPage === undefined) run.answers.set(query, distinct(refs));
      else more.push({ query, page: page.nextPage });
    }
    asked = more;
  }
}

/** One page for each query. A batch that OSV rejects is halved until the query that it cannot take stands alone. */
async function askOrSplit(
  run: BatchRun,
  queries: readonly PagedQuery[],
): Promise<readonly (readonly [PagedQuery, OsvPage | SourceError])[]> {
  try {
    const spec = { label: SOURCE_LABELS.osv, accepts: [400] };
    const response = await run.pump.ask(spec, batchRequest(run.base, queries), run.signal);
    if (response.status !== 400) {
      const pages = decodeBatch(response.body, queries.length);
      return queries.map((query, index) => [query, pages[index] ?? noAnswer()] as const);
    }
  } catch (error) {
    if (!(error instanceof SourceError)) throw error;
    return queries.map((query) => [query, error] as const);
  }
  if (queries.length === 1 || run.splitsLeft <= 0) {
    const error = new SourceError('refused', `${SOURCE_LABELS.osv} rejected the question (400)`);
    return queries.map((query) => [query, error] as const);
  }
  run.splitsLeft--;
  const middle = Math.ceil(queries.length / 2);
  const halves = await Promise.all([askOrSplit(run, queries.slice(0, middle)), askOrSplit(run, queries.slice(middle))]);
  return halves.flat();
}

function distinct(refs: readonly AdvisoryRef[]): readonly AdvisoryRef[] {
  return [...new Map(refs.map((ref) => [ref.id, ref])).values()];
}

function noAnswer(): SourceError {
  return new SourceError('bad-answer', `${SOURCE_LABELS.osv} did not finish its answer`);
}
