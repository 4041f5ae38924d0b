import type { AdvisoryRecord } from '../core/advisory.ts';
import { SourceError } from '../core/evidence.ts';
import type { HttpRequest } from '../core/ports.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { arrayAt, field, isObject, textAt } from '../core/json-fields.ts';
import { decodeJson } from './json-answer.ts';
import { decodeOsvRecord } from './osv-record.ts';

/** Asks which advisories affect one version of a package; without a version, which concern it in any version. */
export interface OsvQuery {
  /** OSV's own name of the ecosystem. */
  readonly ecosystem: string;
  readonly name: string;
  readonly version: string | undefined;
}

/** An advisory as a query names it. A record never changes under the same pair. */
export interface AdvisoryRef {
  readonly id: string;
  /** ISO 8601, as OSV writes it. */
  readonly modified: string;
}

export interface OsvPage {
  readonly refs: readonly AdvisoryRef[];
  readonly nextPage: string | undefined;
}

/** OSV refuses more queries than this in one request. */
export const MAXIMUM_BATCH = 1000;

/**
 * @see https://google.github.io/osv.dev/post-v1-querybatch/
 */
export function batchRequest(
  base: string,
  queries: readonly { query: OsvQuery; page: string | undefined }[],
): HttpRequest {
  const body = {
    queries: queries.map(({ query, page }) => ({
      package: { ecosystem: query.ecosystem, name: query.name },
      ...(query.version !== undefined && { version: query.version }),
      ...(page !== undefined && { page_token: page }),
    })),
  };
  return {
    method: 'POST',
    url: `${base}v1/querybatch`,
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify(body),
    // The server gives itself 35 seconds for a batch.
    timeoutMs: 40_000,
    maxBytes: 40_000_000,
  };
}

/** The answers, one for each query in the order of the queries. */
export function decodeBatch(body: Uint8Array, count: number): readonly OsvPage[] {
  const results = arrayAt(decodeJson(SOURCE_LABELS.osv, body), 'results');
  if (results.length !== count) {
    throw new SourceError('bad-answer', `${SOURCE_LABELS.osv} answered ${results.length} of ${count} questions`);
  }
  return results.map((result) => {
    if (!isResult(result)) throw new SourceError('bad-answer', `${SOURCE_LABELS.osv} sent an answer of another form`);
    const token = textAt(result, 'next_page_token');
    return { refs: decodeRefs(arrayAt(result, 'vulns')), nextPage: token === '' ? undefined : token };
  });
}

/** An empty object is how OSV says "none". What has something else in it is no answer, and must not pass for that one. */
function isResult(result: unknown): boolean {
  if (!isObject(result)) return false;
  if (Object.hasOwn(result, 'vulns')) return Array.isArray(result['vulns']);
  return Object.keys(result).every((key) => key === 'next_page_token');
}

/** A query's answer as it is stored: pairs of id and modified. */
export function encodeRefs(refs: readonly AdvisoryRef[]): string {
  return JSON.stringify(refs.map(({ id, modified }) => [id, modified]));
}

export function decodeStoredRefs(stored: unknown): readonly AdvisoryRef[] | undefined {
  if (!Array.isArray(stored)) return undefined;
  const refs = stored.flatMap((pair: unknown) => {
    const items: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const [id, modified] = items;
    return typeof id === 'string' && typeof modified === 'string' ? [{ id, modified }] : [];
  });
  // Fewer would look like safety.
  return refs.length === stored.length ? refs : undefined;
}

/**
 * @see https://google.github.io/osv.dev/get-v1-vulns/
 */
export function recordRequest(base: string, id: string): HttpRequest {
  return {
    method: 'GET',
    url: `${base}v1/vulns/${encodeURIComponent(id)}`,
    headers: { accept: 'application/json' },
    timeoutMs: 15_000,
    maxBytes: 16_000_000,
  };
}

/** The record, and the text to store it as. A record that is not the one asked for is no answer. */
export function decodeRecord(
  body: Uint8Array,
  id: string,
): { readonly record: AdvisoryRecord; readonly stored: string } {
  const value = decodeJson(SOURCE_LABELS.osv, body);
  const { record, problem } = decodeOsvRecord(value);
  if (record?.advisory.id !== id) {
    throw new SourceError(
      'bad-answer',
      `${SOURCE_LABELS.osv} sent no readable record of ${id}: ${problem ?? 'another id'}`,
    );
  }
  return { record, stored: JSON.stringify(pruned(value)) };
}

/** The long texts of a record are shown nowhere, and would be most of what is stored. */
function pruned(value: unknown): unknown {
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(
    ([key]) => key !== 'details' && key !== 'credits' && key !== 'database_specific',
  );
  const own = field(value, 'database_specific');
  const specific = isObject(own)
    ? Object.entries(own)
        .filter(([key]) => key === 'severity' || key === 'cwe_ids' || key === 'malicious-packages-origins')
        .map(([key, entry]) => [key, key === 'malicious-packages-origins' ? true : entry] as const)
    : [];
  const details = textAt(value, 'details')?.slice(0, 1000);
  return {
    ...Object.fromEntries(kept),
    database_specific: Object.fromEntries(specific),
    ...(details !== undefined && textAt(value, 'summary') === undefined && { details }),
  };
}

function decodeRefs(vulnerabilities: readonly unknown[]): readonly AdvisoryRef[] {
  return vulnerabilities.map((vulnerability) => {
    const id = textAt(vulnerability, 'id');
    // Leaving out what cannot be read would look like safety.
    if (id === undefined || id === '')
      throw new SourceError('bad-answer', `${SOURCE_LABELS.osv} named an advisory without an id`);
    return { id, modified: textAt(vulnerability, 'modified') ?? '' };
  });
}
