import type { Affected, AffectedRange, RangeEvent } from './advisory.ts';
import type { VersionScheme } from './version-scheme.ts';

/** An interval that holds a version. */
export interface HoldingInterval {
  /** The `fixed` event that ends it; undefined when it ends otherwise or not at all. */
  readonly fixed: string | undefined;
}

/**
 * The intervals of an advisory that hold a version; empty when it is not affected. A bound that cannot be read does not
 * bound: an unreadable `introduced` starts where the interval before it ended, an unreadable end is no end. So a
 * record with a fault names too many versions and never too few.
 * @see https://ossf.github.io/osv-schema/#evaluation
 */
export function intervalsHolding(
  affected: readonly Affected[],
  version: string,
  versions: VersionScheme,
): HoldingInterval[] {
  const found: HoldingInterval[] = [];
  const comparable = versions.isVersion(version);
  for (const entry of affected) {
    if (entry.versions.includes(version)) found.push({ fixed: undefined });
    if (!comparable) continue;
    for (const range of entry.ranges) {
      const interval = intervalHolding(range, entry.lastKnownAffected, version, versions);
      if (interval !== undefined) found.push(interval);
    }
  }
  return found;
}

/**
 * The first version after `version` that the entries call fixed and that none of them holds: the end of the interval
 * that holds it, and where that lies in another interval, the end of that one. Undefined when there is none yet.
 */
export function firstFixed(
  affected: readonly Affected[],
  version: string,
  versions: VersionScheme,
): string | undefined {
  let reached: string | undefined;
  let intervals = intervalsHolding(affected, version, versions);
  while (intervals.length > 0) {
    const next = highest(intervals, versions);
    if (next === undefined) return undefined;
    if (reached !== undefined && versions.compare(next, reached) <= 0) return undefined;
    reached = next;
    intervals = intervalsHolding(affected, next, versions);
  }
  return reached;
}

function highest(intervals: readonly HoldingInterval[], versions: VersionScheme): string | undefined {
  let best: string | undefined;
  for (const { fixed } of intervals) {
    if (fixed !== undefined && (best === undefined || versions.compare(fixed, best) > 0)) best = fixed;
  }
  return best;
}

interface Bound {
  /** Undefined lies before every version. */
  readonly at: string | undefined;
  readonly opens: boolean;
  /** True when the version at the bound still belongs to the interval that it ends. */
  readonly inclusive: boolean;
}

function intervalHolding(
  range: AffectedRange,
  cap: string | undefined,
  version: string,
  versions: VersionScheme,
): HoldingInterval | undefined {
  if (!isBeforeLimits(range.events, version, versions)) return undefined;
  let open = false;
  for (const { at, opens, inclusive } of sortedBounds(range.events, versions)) {
    const order = at === undefined ? 1 : versions.compare(version, at);
    if (opens) {
      if (order >= 0) open = true;
    } else if (inclusive ? order > 0 : order >= 0) {
      open = false;
    } else if (open) {
      return { fixed: inclusive ? undefined : at };
    }
  }
  return open && isBelowCap(cap, version, versions) ? { fixed: undefined } : undefined;
}

/** The bounds from low to high. Those at one version keep the order they are written in, which is what they mean. */
function sortedBounds(events: readonly RangeEvent[], versions: VersionScheme): readonly Bound[] {
  const bounds: Bound[] = [];
  for (const event of events) {
    const bound = readBound(event, bounds.at(-1)?.at, versions);
    if (bound !== undefined) bounds.push(bound);
  }
  const compare = (a: Bound, b: Bound): number => {
    if (a.at === undefined || b.at === undefined) return Number(a.at !== undefined) - Number(b.at !== undefined);
    return versions.compare(a.at, b.at);
  };
  return bounds.length > 1 ? bounds.sort(compare) : bounds;
}

function readBound(event: RangeEvent, previous: string | undefined, versions: VersionScheme): Bound | undefined {
  if ('introduced' in event) {
    if (event.introduced === '0') return { at: undefined, opens: true, inclusive: false };
    return { at: readVersion(event.introduced, versions)?.text ?? previous, opens: true, inclusive: false };
  }
  if ('limit' in event) return undefined;
  const end = readVersion('fixed' in event ? event.fixed : event.lastAffected, versions);
  if (end === undefined) return undefined;
  return { at: end.text, opens: false, inclusive: 'lastAffected' in event || end.cut };
}

function isBeforeLimits(events: readonly RangeEvent[], version: string, versions: VersionScheme): boolean {
  let limited = false;
  for (const event of events) {
    if (!('limit' in event)) continue;
    const limit = readVersion(event.limit, versions);
    if (limit === undefined || versions.compare(version, limit.text) < (limit.cut ? 1 : 0)) return true;
    limited = true;
  }
  return !limited;
}

const COMPARATOR = /^(<=|<|=)\s*(\S+)$/;

/**
 * Whether a version is within `last_known_affected_version_range`. A form that is not understood is no cap. Compared
 * by order and not by the ecosystem's `satisfies`, for which a prerelease is in no plain range.
 */
function isBelowCap(cap: string | undefined, version: string, versions: VersionScheme): boolean {
  if (cap === undefined) return true;
  const match = COMPARATOR.exec(cap.trim());
  const bound = readVersion(match?.[2] ?? '', versions);
  if (match === null || bound === undefined) return true;
  const order = versions.compare(version, bound.text);
  return match[1] === '<' && !bound.cut ? order < 0 : order <= 0;
}

const NUMERIC_VERSION = /^[v=]?(\d{1,15})(?:\.(\d{1,15}))?(?:\.(\d{1,15}))?((?:\.\d{1,15})*)([-+][0-9A-Za-z.+-]*)?$/;

/**
 * A bound as a version of the ecosystem: `13.0` is `13.0.0`. Of `1.2.3.4` only `1.2.3` can be compared; it is `cut`,
 * which means that the version named lies at or above the text returned.
 */
function readVersion(text: string, versions: VersionScheme): { text: string; cut: boolean } | undefined {
  if (versions.isVersion(text)) return { text, cut: false };
  const match = text.length <= 256 ? NUMERIC_VERSION.exec(text.trim()) : null;
  if (match === null) return undefined;
  const [, major = '0', minor = '0', patch = '0', more = '', suffix = ''] = match;
  const padded = [major, minor, patch].map((part) => part.replace(/^0+(?=\d)/, '')).join('.') + suffix;
  return versions.isVersion(padded) ? { text: padded, cut: more !== '' } : undefined;
}
