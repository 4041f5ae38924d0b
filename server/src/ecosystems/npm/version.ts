import Range from 'semver/classes/range.js';
import SemVer from 'semver/classes/semver.js';
import diff from 'semver/functions/diff.js';
import subset from 'semver/ranges/subset.js';
import type { UpgradeStep, VersionScheme } from '../../core/version-scheme.ts';

/** npm reads versions loosely (`1.2.3beta`, `v1.2.3`) when it installs, so advisories must be compared so too. */
const LOOSE = { loose: true } as const;

/** A version text longer than this is none: npm's own limit. */
const MAX_LENGTH = 256;
const MAX_RANGE_LENGTH = 2_000;
const CACHE_SIZE = 5_000;

/** The common form, which is known to be a version without the cost of reading it. */
const PLAIN_VERSION = /^\d{1,15}\.\d{1,15}\.\d{1,15}$/;

/** True for the common form, which is known to be a range without the cost of reading it. */
export function isPlainRange(text: string): boolean {
  return /^[~^]?\d{1,15}\.\d{1,15}\.\d{1,15}$/.test(text);
}

/**
 * Versions and ranges as npm reads them.
 * @see https://github.com/npm/node-semver
 */
export const npmVersions: VersionScheme = createNpmVersions();

export function createNpmVersions(): VersionScheme {
  const versions = boundedCache(parseVersion, MAX_LENGTH);
  const ranges = boundedCache(parseRange, MAX_RANGE_LENGTH);
  const satisfies = (version: string, range: string): boolean => {
    const parsed = versions(version);
    return parsed !== undefined && ranges(range)?.test(parsed) === true;
  };
  return {
    isVersion: (text) => PLAIN_VERSION.test(text) || versions(text) !== undefined,
    isRange: (text) => isPlainRange(text) || ranges(text) !== undefined,
    compare(a, b) {
      const left = versions(a);
      const right = versions(b);
      if (left && right) return left.compare(right);
      if (left || right) return left ? 1 : -1;
      return a < b ? -1 : a > b ? 1 : 0;
    },
    satisfies,
    isWithin(inner, outer) {
      const [left, right] = [ranges(inner), ranges(outer)];
      return left !== undefined && right !== undefined && subset(left, right, LOOSE);
    },
    isPrerelease: (version) => (versions(version)?.prerelease.length ?? 0) > 0,
    step(from, to) {
      const left = versions(from);
      const right = versions(to);
      return left && right && left.compare(right) < 0 ? stepBetween(left, right) : undefined;
    },
    bumpRange(range, version) {
      const target = versions(version);
      const bumped = target && bump(range, target);
      return bumped !== undefined && satisfies(version, bumped) ? bumped : undefined;
    },
  };
}

function parseVersion(text: string): SemVer | undefined {
  try {
    return new SemVer(text, LOOSE);
  } catch {
    return undefined;
  }
}

function parseRange(text: string): Range | undefined {
  try {
    return new Range(text, LOOSE);
  } catch {
    return undefined;
  }
}

/** Emptied when full: a session asks for the same few thousand texts again and again. Longer texts are not read at all. */
function boundedCache<T>(make: (text: string) => T, maxLength: number): (text: string) => T | undefined {
  const cache = new Map<string, { readonly value: T }>();
  return (text) => {
    if (text.length > maxLength) return undefined;
    const found = cache.get(text);
    if (found) return found.value;
    if (cache.size >= CACHE_SIZE) cache.clear();
    const value = make(text);
    cache.set(text, { value });
    return value;
  };
}

function stepBetween(from: SemVer, to: SemVer): UpgradeStep {
  if (from.major !== to.major) return 'major';
  if (from.minor !== to.minor) return 'minor';
  // From 2.0.0-rc.1 to 2.0.0 is as large a step as the release itself.
  const change = diff(from, to);
  return change === 'major' ? 'major' : change === 'minor' ? 'minor' : 'patch';
}

/** One comparator: white space, operator, `v` or `=`, then a whole or a partial version. */
const COMPARATOR = /^(\s*(?:\^|~>?|>=|=)?\s*[v=]?)([0-9][0-9A-Za-z.*+-]*)(\s*)$/;
const PARTIAL = /^\d+(?:\.(?:\d+|[xX*])){0,2}$/;

/** The same form for another version; undefined for every form of more than one comparator, and for `*`. */
function bump(range: string, target: SemVer): string | undefined {
  if (range.length > MAX_LENGTH) return undefined;
  const [, prefix, body, suffix] = COMPARATOR.exec(range) ?? [];
  if (prefix === undefined || body === undefined || suffix === undefined) return undefined;
  if (parseVersion(body)) return prefix + target.version + suffix;
  if (!PARTIAL.test(body)) return undefined;
  // A partial version never covers a prerelease.
  if (target.prerelease.length > 0) return prefix + target.version + suffix;
  const numbers = [target.major, target.minor, target.patch];
  const parts = body.split('.').map((part, index) => (/^\d/.test(part) ? String(numbers[index]) : part));
  return prefix + parts.join('.') + suffix;
}
