/** Plays OSV.dev: batches of queries, answered in order with ids, and records by id. */
import { gt, gte, valid } from 'semver';
import { isObject, listOf, textOf, type JsonObject } from './example-world.ts';

/** OSV refuses larger batches. */
const MAX_QUERIES = 1000;

export interface BatchAnswer {
  readonly status: number;
  readonly body: JsonObject;
}

/** Answers a batch; a query with more hits than a page holds gets a token to ask on with. */
export function answerBatch(advisories: readonly JsonObject[], body: unknown, pageSize: number): BatchAnswer {
  const queries = isObject(body) && Array.isArray(body['queries']) ? listOf(body['queries']) : undefined;
  if (queries === undefined) return refusal('no queries');
  if (queries.length > MAX_QUERIES) return refusal('too many queries');
  const read = queries.map(readQuery);
  if (read.includes(undefined)) return refusal('invalid query');
  const results = read.map((query) => (query === undefined ? {} : answerQuery(advisories, query, pageSize)));
  return { status: 200, body: { results } };
}

interface Query {
  readonly ecosystem: string;
  readonly name: string;
  /** Undefined asks for everything that concerns the package. */
  readonly version: string | undefined;
  /** How many hits came on earlier pages. */
  readonly offset: number;
}

function readQuery(value: unknown): Query | undefined {
  if (!isObject(value) || !isObject(value['package'])) return undefined;
  const ecosystem = textOf(value['package']['ecosystem']);
  const name = textOf(value['package']['name']);
  const version = textOf(value['version']);
  if (ecosystem === undefined || name === undefined) return undefined;
  return { ecosystem, name, version, offset: Number(textOf(value['page_token']) ?? 0) };
}

function answerQuery(advisories: readonly JsonObject[], query: Query, pageSize: number): JsonObject {
  const hits = advisories.filter((advisory) => advisory['withdrawn'] === undefined && affects(advisory, query));
  const page = hits.slice(query.offset, query.offset + pageSize);
  const next = query.offset + page.length;
  return {
    ...(page.length > 0 && { vulns: page.map(({ id, modified }) => ({ id, modified })) }),
    ...(next < hits.length && { next_page_token: String(next) }),
  };
}

function affects(advisory: JsonObject, query: Query): boolean {
  const { affected } = advisory;
  const { version } = query;
  const entries = Array.isArray(affected) ? listOf(affected) : [];
  return entries.some((entry) => {
    if (!isObject(entry) || !names(entry, query)) return false;
    return version === undefined || (valid(version) !== null && holds(entry, version));
  });
}

function names(entry: JsonObject, { ecosystem, name }: Query): boolean {
  const found = entry['package'];
  return isObject(found) && found['ecosystem'] === ecosystem && found['name'] === name;
}

function holds(entry: JsonObject, version: string): boolean {
  const listed = Array.isArray(entry['versions']) && entry['versions'].includes(version);
  const ranges = Array.isArray(entry['ranges']) ? listOf(entry['ranges']) : [];
  return listed || ranges.some((range) => isObject(range) && inRange(range, version));
}

/** The examples' events stand in order of version, as OSV's own do. */
function inRange(range: JsonObject, version: string): boolean {
  let isInside = false;
  for (const event of Array.isArray(range['events']) ? listOf(range['events']) : []) {
    if (!isObject(event)) continue;
    const { introduced, fixed, last_affected: lastAffected } = event;
    if (typeof introduced === 'string' && (introduced === '0' || gte(version, introduced))) isInside = true;
    if (typeof fixed === 'string' && gte(version, fixed)) isInside = false;
    if (typeof lastAffected === 'string' && gt(version, lastAffected)) isInside = false;
  }
  return isInside;
}

function refusal(message: string): BatchAnswer {
  return { status: 400, body: { code: 3, message } };
}
