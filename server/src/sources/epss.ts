import type { Epss } from '../core/advisory.ts';
import { SourceError } from '../core/evidence.ts';
import type { HttpRequest } from '../core/ports.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { decodeJson } from './json-answer.ts';
import { field, isObject, recordsAt, textAt } from '../core/json-fields.ts';

/** The parameter may have 2,000 characters, and a page has a hundred scores. */
export const MAXIMUM_CVES = 100;

/** @see https://www.first.org/epss/api */
export function epssRequest(base: string, cves: readonly string[]): HttpRequest {
  return {
    method: 'GET',
    url: `${base}data/v1/epss?limit=${String(MAXIMUM_CVES)}&cve=${cves.map(encodeURIComponent).join(',')}`,
    headers: { accept: 'application/json' },
    timeoutMs: 20_000,
    maxBytes: 1_000_000,
  };
}

/** The scores of the answer; CVEs that were never scored have none. Its numbers are texts. */
export function decodeEpss(body: Uint8Array): Epss[] {
  const value = decodeJson(SOURCE_LABELS.epss, body);
  if (!isObject(value) || !Array.isArray(value['data'])) {
    throw new SourceError('bad-answer', `${SOURCE_LABELS.epss} sent a document without scores`);
  }
  const model = textAt(value, 'model_version');
  return recordsAt(value, 'data').flatMap((row) => epssOf(row, model) ?? []);
}

export function epssOf(row: unknown, model?: string): Epss | undefined {
  const cve = textAt(row, 'cve')?.trim().toUpperCase();
  const probability = shareOf(field(row, 'epss') ?? field(row, 'probability'));
  const percentile = shareOf(field(row, 'percentile'));
  const date = /^\d{4}-\d{2}-\d{2}/.exec(textAt(row, 'date') ?? '')?.[0];
  if (cve === undefined || !isCve(cve)) return undefined;
  if (probability === undefined || percentile === undefined || date === undefined) return undefined;
  return { cve, probability, percentile, date, model: (model ?? textAt(row, 'model'))?.slice(0, 40) };
}

export function isCve(text: string): boolean {
  return /^CVE-\d{4}-\d{4,19}$/.test(text);
}

function shareOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && number >= 0 && number <= 1 ? number : undefined;
}
