import type { KevEntry } from '../core/advisory.ts';
import { SourceError } from '../core/evidence.ts';
import type { HttpRequest } from '../core/ports.ts';
import { SOURCE_LABELS } from './hosts.ts';
import { decodeJson } from './json-answer.ts';
import { isObject, recordsAt, textAt } from '../core/json-fields.ts';

/**
 * CISA's catalog of known exploited vulnerabilities. A base URL that names a `.json` file is asked as it is, for mirrors.
 * @see https://www.cisa.gov/known-exploited-vulnerabilities-catalog
 */
export function kevRequest(base: string, etag: string | undefined): HttpRequest {
  return {
    method: 'GET',
    url: base.endsWith('.json') ? base : `${base}sites/default/files/feeds/known_exploited_vulnerabilities.json`,
    headers: { accept: 'application/json', ...(etag !== undefined && { 'if-none-match': etag }) },
    timeoutMs: 30_000,
    maxBytes: 32_000_000,
  };
}

/** The entries of the feed; those that cannot be read are left out. Throws `bad-answer` when it is another document. */
export function decodeKev(body: Uint8Array): readonly KevEntry[] {
  const value = decodeJson(SOURCE_LABELS.kev, body);
  if (!isObject(value) || !Array.isArray(value['vulnerabilities'])) {
    throw new SourceError('bad-answer', `${SOURCE_LABELS.kev} sent a document that is not the catalog`);
  }
  return recordsAt(value, 'vulnerabilities').flatMap((entry) => {
    const cve = textAt(entry, 'cveID')?.trim().toUpperCase();
    if (cve === undefined || !/^CVE-\d{4}-\d{4,}$/.test(cve)) return [];
    const ransomware = textAt(entry, 'knownRansomwareCampaignUse')?.toLowerCase() === 'known';
    return [{ cve, dateAdded: dateOf(textAt(entry, 'dateAdded')), ransomware }];
  });
}

/** Entries as they are stored: the catalog's texts are not shown, so they are not kept. */
export function encodeKev(entries: readonly KevEntry[]): string {
  return JSON.stringify(entries.map(({ cve, dateAdded, ransomware }) => [cve, dateAdded, ransomware]));
}

export function decodeStoredKev(stored: unknown): ReadonlyMap<string, KevEntry> | undefined {
  if (!Array.isArray(stored)) return undefined;
  const entries = new Map<string, KevEntry>();
  const rows: readonly unknown[] = stored;
  for (const row of rows) {
    const items: readonly unknown[] = Array.isArray(row) ? row : [];
    const [cve, dateAdded, ransomware] = items;
    if (typeof cve !== 'string' || typeof dateAdded !== 'string') continue;
    entries.set(cve, { cve, dateAdded, ransomware: ransomware === true });
  }
  return entries;
}

function dateOf(text: string | undefined): string {
  return /^\d{4}-\d{2}-\d{2}/.exec(text ?? '')?.[0] ?? '';
}
