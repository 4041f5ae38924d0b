import type { Advisory, Affected, AffectedRange, CvssScore, RangeEvent } from '../core/advisory.ts';
import { SEVERITIES } from '../core/severity.ts';

/** An advisory as the text of its row. */
export function encodeAdvisory(advisory: Advisory): string {
  return JSON.stringify(advisory);
}

/** Undefined for a text that {@link encodeAdvisory} did not write. */
export function decodeAdvisory(text: string): Advisory | undefined {
  const value = parse(text);
  if (!isObject(value)) return undefined;
  const { id, modified, summary, published } = value;
  const severity = SEVERITIES.find((word) => word === value['severity']);
  if (typeof id !== 'string' || typeof modified !== 'string' || typeof summary !== 'string') return undefined;
  if (severity === undefined) return undefined;
  return {
    id,
    kind: value['kind'] === 'malware' ? 'malware' : 'vulnerability',
    aliases: texts(value['aliases']),
    modified,
    published: typeof published === 'string' ? published : undefined,
    summary,
    severity,
    cvss: decodeCvss(value['cvss']),
    cwes: texts(value['cwes']),
    references: texts(value['references']),
  };
}

function decodeCvss(value: unknown): CvssScore | undefined {
  if (!isObject(value)) return undefined;
  const { version, score, vector } = value;
  if (typeof version !== 'string' || typeof score !== 'number' || typeof vector !== 'string') return undefined;
  return { version, score, vector };
}

/**
 * The entries of one advisory for one package, as the text of their row: of each entry its ranges, versions and cap;
 * of each range a letter for its type and then pairs of a letter for the event and the version.
 */
export function encodeAffected(entries: readonly Affected[]): string {
  return JSON.stringify(
    entries.map(({ ranges, versions, lastKnownAffected }) => [
      ranges.map(({ type, events }) => [type === 'SEMVER' ? 'S' : 'E', ...events.flatMap(encodeEvent)]),
      versions,
      lastKnownAffected ?? null,
    ]),
  );
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

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
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
