import type { Advisory, AdvisoryRecord, Affected, AffectedRange, RangeEvent } from '../core/advisory.ts';
import { bandOf, bestScore } from './cvss-score.ts';
import { severityFromWord, worstSeverity, type Severity } from '../core/severity.ts';
import {
  arrayAt,
  asArray,
  asRecords,
  asText,
  field,
  isObject,
  recordsAt,
  textAt,
  type JsonObject,
} from '../core/json-fields.ts';
import { firstLine, plainLine } from './plain-text.ts';

/** What a decoder of one record returns. Both are set when the record is usable and a part of it was left out. */
export interface DecodedRecord {
  readonly record?: AdvisoryRecord;
  readonly problem?: string;
}

/**
 * An OSV record of any schema version as the domain's advisory. Total on any JSON; what is optional and malformed is
 * left out. GIT ranges are left out too, since lockfiles name versions.
 *
 * An import of everything decodes some 200,000 records, so properties are read without asking whether they are the
 * object's own: no key of the schema is one that every object has.
 * @see https://ossf.github.io/osv-schema/
 */
export function decodeOsvRecord(value: unknown): DecodedRecord {
  if (!isObject(value)) return { problem: 'not an object' };
  const id = asText(value['id']);
  if (!isAdvisoryId(id)) return { problem: 'no valid "id"' };
  const modified = asDate(value['modified']) ?? NEVER_MODIFIED;
  const entries = asRecords(value['affected']);
  const affected: Affected[] = [];
  for (const entry of first(entries, MAX_AFFECTED)) {
    const decoded = decodeAffected(entry);
    if (decoded !== undefined) affected.push(decoded);
  }
  const record = {
    advisory: decodeAdvisory(value, id, modified, entries),
    // Only a date takes an advisory back.
    withdrawn: asDate(value['withdrawn']),
    affected,
  };
  const excess = excessOf(entries);
  return excess === undefined ? { record } : { record, problem: `${id}: ${excess}` };
}

/** Without a copy where nothing is cut off. */
function first<T>(items: readonly T[], most: number): readonly T[] {
  return items.length <= most ? items : items.slice(0, most);
}

const MAX_AFFECTED = 5_000;
const MAX_RANGES = 200;
const MAX_EVENTS = 2_000;
const MAX_VERSIONS = 20_000;
const MAX_ALIASES = 50;
const MAX_REFERENCES = 10;
const MAX_SUMMARY = 300;
const MAX_VERSION_LENGTH = 256;

/** For a record that does not say when it was modified, so that any that does replaces it. */
const NEVER_MODIFIED = '1970-01-01T00:00:00Z';

function asDate(value: unknown): string | undefined {
  if (typeof value !== 'string' || value.length > 40) return undefined;
  return USUAL_TIME.test(value) || !Number.isNaN(Date.parse(value)) ? value : undefined;
}

/** As the schema wants it. Seen sooner than read. */
const USUAL_TIME = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d)T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$/;

function isAdvisoryId(id: string | undefined): id is string {
  return id !== undefined && /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(id);
}

/** Ranges that were cut off would look like safety, so they are reported. */
function excessOf(entries: readonly JsonObject[]): string | undefined {
  if (entries.length > MAX_AFFECTED) return `more than ${MAX_AFFECTED} affected packages`;
  for (const entry of entries) {
    if (asArray(entry['versions']).length > MAX_VERSIONS) return `more than ${MAX_VERSIONS} versions`;
    const ranges = asArray(entry['ranges']);
    if (ranges.length > MAX_RANGES) return `more than ${MAX_RANGES} ranges`;
    if (ranges.some((range) => arrayAt(range, 'events').length > MAX_EVENTS)) return `more than ${MAX_EVENTS} events`;
  }
  return undefined;
}

function decodeAdvisory(value: JsonObject, id: string, modified: string, entries: readonly JsonObject[]): Advisory {
  const own = value['database_specific'];
  const isMalware = id.startsWith('MAL-') || field(own, 'malicious-packages-origins') !== undefined;
  const { severity, cvss } = decodeSeverity(value, entries);
  const aliases = asArray(value['aliases']).filter(
    (alias): alias is string => typeof alias === 'string' && isAdvisoryId(alias) && alias !== id,
  );
  return {
    id,
    kind: isMalware ? 'malware' : 'vulnerability',
    aliases: distinct(aliases, MAX_ALIASES),
    modified,
    published: asDate(value['published']),
    summary: summaryOf(value),
    severity: isMalware ? 'malware' : severity,
    cvss,
    cwes: decodeCwes(own, entries),
    references: decodeReferences(value),
  };
}

function distinct(texts: readonly string[], most: number): readonly string[] {
  return texts.length < 2 ? texts : [...new Set(texts)].slice(0, most);
}

function summaryOf(value: JsonObject): string {
  const summary = plainLine(asText(value['summary']) ?? '', MAX_SUMMARY);
  if (summary !== '') return summary;
  return firstLine(asText(value['details']) ?? '', MAX_SUMMARY) || 'no description';
}

/**
 * The best CVSS vector decides; without one, the source's word. Severity of single packages counts where the record has
 * none of its own, the worst of them for the whole.
 */
function decodeSeverity(
  value: JsonObject,
  entries: readonly JsonObject[],
): { severity: Severity; cvss: Advisory['cvss'] } {
  const own = asRecords(value['severity']);
  const rows = own.length > 0 ? own : first(entries, MAX_AFFECTED).flatMap((entry) => asRecords(entry['severity']));
  const scores = first(rows, 100).flatMap((row) => textAt(row, 'score') ?? []);
  const cvss = scores.length === 0 ? undefined : bestScore(scores);
  if (cvss !== undefined) return { severity: bandOf(cvss), cvss };
  const word = severityFromWord(field(value['database_specific'], 'severity'));
  if (word !== 'unknown') return { severity: word, cvss };
  const words: unknown[] = [...scores];
  for (const entry of first(entries, MAX_AFFECTED)) {
    words.push(field(entry['ecosystem_specific'], 'severity'));
    words.push(field(entry['database_specific'], 'severity'));
  }
  return { severity: worstSeverity(words.map(severityFromWord)) ?? 'unknown', cvss };
}

/** GitHub writes `cwe_ids` once for the record, the malicious packages `cwes` for each package. */
function decodeCwes(own: unknown, entries: readonly JsonObject[]): readonly string[] {
  const valid: string[] = [];
  const take = (cwe: unknown): void => {
    if (typeof cwe === 'string' && /^CWE-\d{1,6}$/.test(cwe)) valid.push(cwe);
  };
  for (const cwe of arrayAt(own, 'cwe_ids')) take(cwe);
  for (const entry of first(entries, MAX_AFFECTED)) {
    for (const cwe of recordsAt(entry['database_specific'], 'cwes')) take(field(cwe, 'cweId'));
  }
  return distinct(valid, 20);
}

const REFERENCE_ORDER = ['ADVISORY', 'FIX'];
const NO_REFERENCES: readonly never[] = [];

function decodeReferences(value: JsonObject): readonly string[] {
  const rank = (reference: JsonObject): number => {
    const index = REFERENCE_ORDER.indexOf(textAt(reference, 'type') ?? '');
    return index === -1 ? REFERENCE_ORDER.length : index;
  };
  const listed = asRecords(value['references']);
  if (listed.length === 0) return NO_REFERENCES;
  const sorted = listed.slice(0, 200).sort((a, b) => rank(a) - rank(b));
  const urls = new Set<string>();
  for (const reference of sorted) {
    const url = httpsUrl(textAt(reference, 'url') ?? '');
    if (url !== undefined) urls.add(url);
    if (urls.size === MAX_REFERENCES) break;
  }
  return [...urls];
}

function httpsUrl(text: string): string | undefined {
  if (text.length > 2_000 || !text.startsWith('https://') || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  return url.username === '' && url.password === '' ? url.href : undefined;
}

/** Undefined when the entry names no package, or no version that could be compared. */
function decodeAffected(entry: JsonObject): Affected | undefined {
  const named = entry['package'];
  const ecosystem = nameAt(named, 'ecosystem');
  const name = nameAt(named, 'name');
  if (ecosystem === undefined || name === undefined) return undefined;
  const ranges: AffectedRange[] = [];
  for (const range of first(asRecords(entry['ranges']), MAX_RANGES)) {
    const decoded = decodeRange(range);
    if (decoded !== undefined) ranges.push(decoded);
  }
  const versions = first(asArray(entry['versions']), MAX_VERSIONS).filter(isVersionText);
  if (ranges.length === 0 && versions.length === 0) return undefined;
  const cap = textAt(entry['database_specific'], 'last_known_affected_version_range');
  return { ecosystem, name, ranges, versions, lastKnownAffected: isVersionText(cap) ? cap : undefined };
}

function nameAt(value: unknown, key: string): string | undefined {
  const name = textAt(value, key);
  // A name that had to be cleaned would match another package.
  return name !== undefined && name !== '' && plainLine(name, 512) === name ? name : undefined;
}

function isVersionText(value: unknown): value is string {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_VERSION_LENGTH;
}

function decodeRange(range: JsonObject): AffectedRange | undefined {
  const type = asText(range['type']);
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM') return undefined;
  const events: RangeEvent[] = [];
  for (const event of first(asRecords(range['events']), MAX_EVENTS)) decodeEvent(event, events);
  return events.length > 0 ? { type, events } : undefined;
}

/** Adds what an event says. The schema wants one key an event; early records hold `introduced` and `fixed` in one. */
function decodeEvent(event: JsonObject, events: RangeEvent[]): void {
  const introduced = event['introduced'];
  const fixed = event['fixed'];
  const lastAffected = event['last_affected'];
  const limit = event['limit'];
  if (isVersionText(introduced)) events.push({ introduced });
  if (isVersionText(fixed)) events.push({ fixed });
  if (isVersionText(lastAffected)) events.push({ lastAffected });
  if (isVersionText(limit)) events.push({ limit });
}
