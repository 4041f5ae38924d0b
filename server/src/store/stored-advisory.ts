import type { Advisory, Affected, AffectedRange, CvssScore, RangeEvent } from '../core/advisory.ts';
import { SEVERITIES } from '../core/severity.ts';
import { quoted } from './quoted.ts';

/** The largest part of a database are these texts, so what most advisories do not have is left out at their end. */
export function encodeAdvisory(advisory: Advisory): string {
  const { kind, severity, summary, modified, published, aliases, cvss, cwes, references } = advisory;
  const fields: unknown[] = [
    (kind === 'malware' ? 100 : 0) + SEVERITIES.indexOf(severity),
    summary,
    aliases,
    // The column beside it has the time as a number.
    SHORT_TIME.test(modified) ? 0 : modified,
    published ?? 0,
    cvss === undefined ? 0 : [cvss.version, cvss.score, cvss.vector],
    cwes,
    references,
  ];
  while (isEmpty(fields.at(-1))) fields.pop();
  return JSON.stringify(fields);
}

function isEmpty(value: unknown): boolean {
  return value === 0 || (Array.isArray(value) && value.length === 0);
}

/** As most sources write a time: to the second, in UTC. */
const SHORT_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/;

function shortTime(milliseconds: number): string {
  return Number.isNaN(milliseconds) ? '' : new Date(milliseconds).toISOString().replace('.000Z', 'Z');
}

/** Undefined for a text that {@link encodeAdvisory} did not write. `modified` is in milliseconds since the epoch. */
export function decodeAdvisory(id: string, modified: number, text: string): Advisory | undefined {
  const [code, summary, aliases, time = 0, published = 0, cvss = 0, cwes, references] = list(parse(text)) ?? [];
  if (typeof code !== 'number' || typeof summary !== 'string') return undefined;
  const severity = SEVERITIES[code % 100];
  if (severity === undefined) return undefined;
  return {
    id,
    kind: code >= 100 ? 'malware' : 'vulnerability',
    aliases: texts(aliases),
    modified: typeof time === 'string' ? time : shortTime(modified),
    published: typeof published === 'string' ? published : undefined,
    summary,
    severity,
    cvss: decodeCvss(cvss),
    cwes: texts(cwes),
    references: texts(references),
  };
}

function decodeCvss(value: unknown): CvssScore | undefined {
  const [version, score, vector] = list(value) ?? [];
  if (typeof version !== 'string' || typeof score !== 'number' || typeof vector !== 'string') return undefined;
  return { version, score, vector };
}

/**
 * The entries of one advisory for one package, as the text of their row: of each entry its ranges, versions and cap;
 * of each range a letter for its type and then pairs of a letter for the event and the version. Most have one range and
 * nothing else, and are that range.
 */
export function encodeAffected(entries: readonly Affected[]): string {
  const [only, ...others] = entries;
  if (only !== undefined && others.length === 0 && only.versions.length === 0 && only.lastKnownAffected === undefined) {
    const [range, ...more] = only.ranges;
    if (range !== undefined && more.length === 0) return `[${encodeRange(range).map(quoted).join(',')}]`;
  }
  return JSON.stringify(
    entries.map(({ ranges, versions, lastKnownAffected }) => [
      ranges.map(encodeRange),
      versions,
      lastKnownAffected ?? null,
    ]),
  );
}

function encodeRange({ type, events }: AffectedRange): string[] {
  const encoded = [type === 'SEMVER' ? 'S' : 'E'];
  for (const event of events) encoded.push(...encodeEvent(event));
  return encoded;
}

function encodeEvent(event: RangeEvent): [string, string] {
  if ('introduced' in event) return ['i', event.introduced];
  if ('fixed' in event) return ['f', event.fixed];
  return 'lastAffected' in event ? ['l', event.lastAffected] : ['m', event.limit];
}

/** Undefined for a text that {@link encodeAffected} did not write. */
export function decodeAffected(ecosystem: string, name: string, text: string): readonly Affected[] | undefined {
  const rows = list(parse(text));
  if (rows === undefined) return undefined;
  if (typeof rows[0] === 'string') {
    const range = decodeRange(texts(rows));
    return range && [{ ecosystem, name, ranges: [range], versions: [], lastKnownAffected: undefined }];
  }
  const entries: Affected[] = [];
  for (const row of rows) {
    const [encodedRanges, versions, cap] = list(row) ?? [];
    const ranges: AffectedRange[] = [];
    for (const encoded of list(encodedRanges) ?? [undefined]) {
      const range = decodeRange(texts(encoded));
      if (range === undefined) return undefined;
      ranges.push(range);
    }
    const lastKnownAffected = typeof cap === 'string' ? cap : undefined;
    entries.push({ ecosystem, name, ranges, versions: texts(versions), lastKnownAffected });
  }
  return entries;
}

function decodeRange(encoded: readonly string[]): AffectedRange | undefined {
  const type = encoded[0];
  const events: RangeEvent[] = [];
  for (let index = 1; index + 1 < encoded.length; index += 2) {
    const event = decodeEvent(encoded[index], encoded[index + 1] ?? '');
    if (event === undefined) return undefined;
    events.push(event);
  }
  return type === 'S' || type === 'E' ? { type: type === 'S' ? 'SEMVER' : 'ECOSYSTEM', events } : undefined;
}

function decodeEvent(letter: string | undefined, version: string): RangeEvent | undefined {
  switch (letter) {
    case 'i':
      return { introduced: version };
    case 'f':
      return { fixed: version };
    case 'l':
      return { lastAffected: version };
    case 'm':
      return { limit: version };
    default:
      return undefined;
  }
}

function list(value: unknown): readonly unknown[] | undefined {
  return Array.isArray(value) ? value : undefined;
}

function texts(value: unknown): readonly string[] {
  return list(value)?.filter((item): item is string => typeof item === 'string') ?? [];
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
