import type { Advisory, AdvisoryRecord, Affected, RangeEvent } from '../../server/src/core/advisory.ts';

/** An advisory that says nothing but its id, unless told otherwise. */
export function advisory(id: string, more: Partial<Advisory> = {}): Advisory {
  return {
    id,
    kind: id.startsWith('MAL-') ? 'malware' : 'vulnerability',
    aliases: [],
    modified: '2026-01-01T00:00:00Z',
    published: undefined,
    summary: 'something is wrong',
    severity: id.startsWith('MAL-') ? 'malware' : 'high',
    cvss: undefined,
    cwes: [],
    references: [],
    ...more,
  };
}

/**
 * The affected versions of a package as one line: `>=1.0.0 <1.2.0, >=2.0.0 <=2.1.0` is two intervals of one range, the
 * first ended by `fixed` and the second by `last_affected`; `>=0` has no end.
 */
export function affected(intervals: string, more: Partial<Affected> = {}): Affected {
  const events =
    intervals === '' ? [] : intervals.split(',').flatMap((interval) => interval.trim().split(/\s+/).map(event));
  const ranges = events.length > 0 ? [{ type: 'SEMVER' as const, events }] : [];
  return { ecosystem: 'npm', name: 'left-pad', ranges, versions: [], lastKnownAffected: undefined, ...more };
}

function event(bound: string): RangeEvent {
  if (bound.startsWith('>=')) return { introduced: bound.slice(2) };
  return bound.startsWith('<=') ? { lastAffected: bound.slice(2) } : { fixed: bound.slice(1) };
}

export function record(id: string, intervals = '>=0 <1.0.0', more: Partial<AdvisoryRecord> = {}): AdvisoryRecord {
  return { advisory: advisory(id), withdrawn: undefined, affected: [affected(intervals)], ...more };
}

/** An OSV record of an npm package as JSON text. */
export function osvText(id: string, more: Readonly<Record<string, unknown>> = {}): string {
  return JSON.stringify({
    id,
    modified: '2026-01-01T00:00:00Z',
    summary: `about ${id}`,
    affected: [
      {
        package: { ecosystem: 'npm', name: 'left-pad' },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.3.0' }] }],
      },
    ],
    ...more,
  });
}
