import type { Advisory, AdvisoryRecord, Affected, AffectedRange, RangeEvent } from '../core/advisory.ts';
import { bandOf, bestScore } from './cvss-score.ts';
import { severityFromWord, worstSeverity, type Severity } from '../core/severity.ts';
import { arrayAt, field, isObject, recordsAt, textAt, type JsonObject } from '../core/json-fields.ts';
import { firstLine, plainLine } from './plain-text.ts';

/** What a decoder of one record returns. Both are set when the record is usable and a part of it was left out. */
export interface DecodedRecord {
  readonly record?: AdvisoryRecord;
  readonly problem?: string;
}

/**
 * An OSV record of any schema version as the domain's advisory. Total on any JSON; what is optional and malformed is
 * left out. GIT ranges are left out too, since lockfiles name versions.
 * @see https://ossf.github.io/osv-schema/
 */
export function decodeOsvRecord(value: unknown): DecodedRecord {
  if (!isObject(value)) return { problem: 'not an object' };
  const id = textAt(value, 'id');
  if (!isAdvisoryId(id)) return { problem: 'no valid "id"' };
  const modified = dateAt(value, 'modified') ?? NEVER_MODIFIED;
  const entries = recordsAt(value, 'affected');
  const affected = entries.slice(0, MAX_AFFECTED).flatMap((entry) => decodeAffected(entry) ?? []);
  const record = {
    advisory: decodeAdvisory(value, id, modified, entries),
    // Only a date takes an advisory back.
    withdrawn: dateAt(value, 'withdrawn'),
    affected,
  };
  const excess = excessOf(entries);
  return excess === undefined ? { record } : { record, problem: `${id}: ${excess}` };
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

function dateAt(value: JsonObject, key: string): string | undefined {
  const text = textAt(value, key);
  return text !== undefined && text.length <= 40 && !Number.isNaN(Date.parse(text)) ? text : undefined;
}

function isAdvisoryId(id: string | undefined): id is string {
  return id !== undefined && /^[A-Za-z0-9][A-Za-z0-9._:+-]{0,127}$/.test(id);
}

/** Ranges that were cut off would look like safety, so they are reported. */
function excessOf(entries: readonly JsonObject[]): string | undefined {
  if (entries.length > MAX_AFFECTED) return `more than ${MAX_AFFECTED} affected packages`;
  for (const entry of entries) {
    if (arrayAt(entry, 'versions').length > MAX_VERSIONS) return `more than ${MAX_VERSIONS} versions`;
    const ranges = arrayAt(entry, 'ranges');
    if (ranges.length > MAX_RANGES) return `more than ${MAX_RANGES} ranges`;
    if (ranges.some((range) => arrayAt(range, 'events').length > MAX_EVENTS)) return `more than ${MAX_EVENTS} events`;
  }
  return undefined;
}

function decodeAdvisory(value: JsonObject, id: string, modified: string, entries: readonly JsonObject[]): Advisory {
  const own = field(value, 'database_specific');
  const isMalware = id.startsWith('MAL-') || field(own, 'malicious-packages-origins') !== undefined;
  const { severity, cvss } = decodeSeverity(value, entries);
  const aliases = arrayAt(value, 'aliases').filter(
    (alias): alias is string => typeof alias === 'string' && isAdvisoryId(alias) && alias !== id,
  );
  return {
    id,
    kind: isMalware ? 'malware' : 'vulnerability',
    aliases: [...new Set(aliases)].slice(0, MAX_ALIASES),
    modified,
    published: dateAt(value, 'published'),
    summary: summaryOf(value),
    severity: isMalware ? 'malware' : severity,
    cvss,
    cwes: decodeCwes(own, entries),
    references: decodeReferences(value),
  };
}

function summaryOf(value: JsonObject): string {
  const summary = plainLine(textAt(value, 'summary') ?? '', MAX_SUMMARY);
  if (summary !== '') return summary;
  return firstLine(textAt(value, 'details') ?? '', MAX_SUMMARY) || 'no description';
}

/**
 * The best CVSS vector decides; without one, the source's word. Severity of single packages counts where the record has
 * none of its own, the worst of them for the whole.
 */
function decodeSeverity(
  value: JsonObject,
  entries: readonly JsonObject[],
): { severity: Severity; cvss: Advisory['cvss'] } {
  const own = recordsAt(value, 'severity');
  const rows = own.length > 0 ? own : entries.slice(0, MAX_AFFECTED).flatMap((entry) => recordsAt(entry, 'severity'));
  const scores = rows.slice(0, 100).flatMap((row) => textAt(row, 'score') ?? []);
  const cvss = bestScore(scores);
  if (cvss !== undefined) return { severity: bandOf(cvss), cvss };
  const words: unknown[] = [field(field(value, 'database_specific'), 'severity'), ...scores];
  for (const entry of entries.slice(0, MAX_AFFECTED)) {
    words.push(field(field(entry, 'ecosystem_specific'), 'severity'));
    words.push(field(field(entry, 'database_specific'), 'severity'));
  }
  const first = severityFromWord(words[0]);
  return { severity: first !== 'unknown' ? first : (worstSeverity(words.map(severityFromWord)) ?? 'unknown'), cvss };
}

/** GitHub writes `cwe_ids` once for the record, the malicious packages `cwes` for each package. */
function decodeCwes(own: unknown, entries: readonly JsonObject[]): readonly string[] {
  const listed = entries.slice(0, MAX_AFFECTED).flatMap((entry) => {
    return recordsAt(field(entry, 'database_specific'), 'cwes').map((cwe) => field(cwe, 'cweId'));
  });
  const valid = [...arrayAt(own, 'cwe_ids'), ...listed].filter(
    (cwe): cwe is string => typeof cwe === 'string' && /^CWE-\d{1,6}$/.test(cwe),
  );
  return [...new Set(valid)].slice(0, 20);
}

const REFERENCE_ORDER = ['ADVISORY', 'FIX'];

function decodeReferences(value: JsonObject): readonly string[] {
  const rank = (reference: JsonObject): number => {
    const index = REFERENCE_ORDER.indexOf(textAt(reference, 'type') ?? '');
    return index === -1 ? REFERENCE_ORDER.length : index;
  };
  const sorted = recordsAt(value, 'references')
    .slice(0, 200)
    .sort((a, b) => rank(a) - rank(b));
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
  const named = field(entry, 'package');
  const ecosystem = nameAt(named, 'ecosystem');
  const name = nameAt(named, 'name');
  if (ecosystem === undefined || name === undefined) return undefined;
  const ranges = recordsAt(entry, 'ranges')
    .slice(0, MAX_RANGES)
    .flatMap((range) => decodeRange(range) ?? []);
  const versions = arrayAt(entry, 'versions').slice(0, MAX_VERSIONS).filter(isVersionText);
  if (ranges.length === 0 && versions.length === 0) return undefined;
  const cap = textAt(field(entry, 'database_specific'), 'last_known_affected_version_range');
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
  const type = textAt(range, 'type');
  if (type !== 'SEMVER' && type !== 'ECOSYSTEM') return undefined;
  const events = recordsAt(range, 'events').slice(0, MAX_EVENTS).flatMap(decodeEvents);
  return events.length > 0 ? { type, events } : undefined;
}

/** The schema wants one key an event; early records hold `introduced` and `fixed` in one. */
function decodeEvents(event: JsonObject): RangeEvent[] {
  const events: RangeEvent[] = [];
  const at = (key: string): string | undefined => {
    const value = field(event, key);
    return isVersionText(value) ? value : undefined;
  };
  const [introduced, fixed, lastAffected, limit] = [at('introduced'), at('fixed'), at('last_affected'), at('limit')];
  if (introduced !== undefined) events.push({ introduced });
  if (fixed !== undefined) events.push({ fixed });
  if (lastAffected !== undefined) events.push({ lastAffected });
  if (limit !== undefined) events.push({ limit });
  return events;
}
