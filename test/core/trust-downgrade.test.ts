import { describe, expect, test } from 'vitest';

import { findDowngrade, type PublishedRank, type PublishRank } from '../../server/src/core/trust-downgrade.ts';

const RANKS: Readonly<Record<string, PublishRank>> = { nothing: 0, provenance: 1, trusted: 2 };

/** Lines of version, day or `?`, and how it was published. */
function history(text: string): readonly PublishedRank[] {
  const lines = text.trim().split('\n');
  return lines.map((line) => {
    const [version = '', day = '', how = ''] = line.trim().split(/\s+/);
    const publishedAt = day === '?' ? undefined : Date.parse(day);
    return { version, publishedAt, rank: RANKS[how] ?? 0 };
  });
}

/** The verdict, with the version that was published with more. */
function check(version: string, text: string): string {
  const result = findDowngrade(version, history(text));
  if (result === 'none') return 'none';
  return result.verdict === 'unknown'
    ? `unknown: ${result.reason}`
    : `${result.verdict} after ${result.earlier.version}`;
}

describe('a downgrade', () => {
  test('is a version with nothing after ones from CI; the last of these is named', () => {
    const text = `
      1.0.0 2025-01-01 trusted
      1.0.1 2025-02-01 provenance
      1.0.2 2025-03-01 nothing
      1.0.3 2025-04-01 trusted`;
    expect(check('1.0.2', text)).toBe('downgrade after 1.0.1');
  });

  test('goes by date, not by version order: an old line that is published by hand', () => {
    const text = `
      2.0.0 2025-02-01 trusted
      1.0.9 2025-03-01 nothing`;
    expect(check('1.0.9', text)).toBe('downgrade after 2.0.0');
  });

  test('is weaker where provenance is left', () => {
    const text = `
      1.0.0 2025-01-01 trusted
      1.0.1 2025-02-01 provenance`;
    expect(check('1.0.1', text)).toBe('weaker after 1.0.0');
  });

  test('counts a stable version whose build has a name with a hyphen', () => {
    expect(check('1.0.1', '1.0.0+a-b 2025-01-01 trusted\n 1.0.1 2025-02-01 nothing')).toBe('downgrade after 1.0.0+a-b');
  });

  test('of a prerelease counts prereleases', () => {
    const text = `
      2.0.0-beta.1 2025-01-01 trusted
      2.0.0-beta.2 2025-02-01 nothing`;
    expect(check('2.0.0-beta.2', text)).toBe('downgrade after 2.0.0-beta.1');
  });
});

describe('none', () => {
  test.each([
    ['never had more', '1.0.0 2025-01-01 nothing\n 1.0.1 2025-02-01 nothing'],
    ['gained', '1.0.0 2025-01-01 nothing\n 1.0.1 2025-02-01 trusted'],
    ['gained later only', '1.0.1 2025-01-01 nothing\n 1.0.2 2025-02-01 trusted'],
    ['had more in prereleases only', '1.0.0-rc.1+build 2025-01-01 trusted\n 1.0.1 2025-02-01 nothing'],
    ['has the same at the same moment', '1.0.0 2025-01-01 trusted\n 1.0.1 2025-01-01 nothing'],
    ['has the most, whenever that was', '1.0.0 ? trusted\n 1.0.1 ? trusted'],
  ])('where a package %s', (_case, text) => {
    expect(check('1.0.1', text)).toBe('none');
  });
});

describe('unknown', () => {
  test('where the version has no time', () => {
    expect(check('1.0.1', '1.0.0 2025-01-01 trusted\n 1.0.1 ? nothing')).toBe(
      'unknown: the registry gives no time for 1.0.1',
    );
  });

  test('where the one with more has no time', () => {
    expect(check('1.0.1', '1.0.0 ? trusted\n 1.0.1 2025-01-01 nothing')).toBe(
      'unknown: the registry gives no time for 1.0.0',
    );
  });

  test('where the registry does not list the version', () => {
    expect(check('1.0.1', '1.0.0 2025-01-01 trusted')).toBe('unknown: the registry does not list 1.0.1');
  });
});
