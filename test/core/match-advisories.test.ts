import fc from 'fast-check';
import { gte, lt, lte } from 'semver';
import { describe, expect, it, test } from 'vitest';
import type { RangeEvent } from '../../server/src/core/advisory.ts';
import { matchAdvisories } from '../../server/src/core/match-advisories.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { affected } from '../support/advisory-records.ts';

function fixedOf(version: string, ...entries: ReturnType<typeof affected>[]): string | undefined {
  const candidates = entries.map((entry) => ({ id: 'GHSA-1', affected: entry }));
  const matches = matchAdvisories(version, candidates, npmVersions);
  if (matches.length === 0) return 'not affected';
  return matches[0]?.fixed;
}

describe('a version and the intervals of a range', () => {
  it.each([
    ['0.0.1', '>=0 <1.0.0', '1.0.0'],
    ['0.0.0-alpha', '>=0 <1.0.0', '1.0.0'],
    ['1.0.0', '>=0 <1.0.0', 'not affected'],
    ['1.0.0-rc.1', '>=0 <1.0.0', '1.0.0'],
    ['1.0.0-rc.1', '>=1.0.0 <2.0.0', 'not affected'],
    ['1.0.0-rc.2', '>=1.0.0-rc.1 <1.0.0-rc.3', '1.0.0-rc.3'],
    ['1.0.0-rc.3', '>=1.0.0-rc.1 <1.0.0-rc.3', 'not affected'],
    ['1.0.0+build', '>=0 <1.0.0', 'not affected'],
    ['2.1.0', '>=0 <=2.1.0', undefined],
    ['2.1.1', '>=0 <=2.1.0', 'not affected'],
    ['99.0.0', '>=0', undefined],
    ['0.2.3', '>=0 <0.2.4, >=1.0.0 <1.2.6', '0.2.4'],
    ['0.5.0', '>=0 <0.2.4, >=1.0.0 <1.2.6', 'not affected'],
    ['1.2.5', '>=0 <0.2.4, >=1.0.0 <1.2.6', '1.2.6'],
    ['1.2.5', '>=1.0.0 <1.2.6, >=0 <0.2.4', '1.2.6'],
    ['1.2.6', '>=1.0.0 <1.2.6, >=0 <0.2.4', 'not affected'],
    ['2.0.0', '>=0 <2.0.0, >=2.0.0 <3.0.0', '3.0.0'],
    ['2.5.0', '>=2.0.0 <2.0.0', 'not affected'],
  ])('%s in %s: %s', (version, intervals, fixed) => {
    expect(fixedOf(version, affected(intervals))).toBe(fixed);
  });

  it('takes several entries of one advisory together', () => {
    const entries = [affected('>=0 <0.2.4'), affected('>=1.0.0 <1.2.6')];
    expect(fixedOf('1.1.0', ...entries)).toBe('1.2.6');
    expect(fixedOf('0.1.0', ...entries)).toBe('0.2.4');
    expect(fixedOf('0.3.0', ...entries)).toBe('not affected');
  });

  it('never calls a version fixed that another interval holds', () => {
    expect(fixedOf('1.0.0', affected('>=0 <1.2.0'), affected('>=1.1.0 <1.5.0'))).toBe('1.5.0');
    expect(fixedOf('1.0.0', affected('>=0 <1.2.0'), affected('>=1.1.0'))).toBeUndefined();
  });

  it('matches a listed version by its text, whatever the ranges say', () => {
    const entry = affected('>=3.0.0', { versions: ['1.0.0', 'not-semver'] });
    expect(fixedOf('1.0.0', entry)).toBeUndefined();
    expect(fixedOf('not-semver', entry)).toBeUndefined();
    expect(fixedOf('1.0.1', entry)).toBe('not affected');
  });

  it('ends before every limit', () => {
    const events: RangeEvent[] = [{ introduced: '1.0.0' }, { limit: '2.0.0' }];
    const entry = affected('', { ranges: [{ type: 'ECOSYSTEM', events }] });
    expect(fixedOf('1.9.9', entry)).toBeUndefined();
    expect(fixedOf('2.0.0', entry)).toBe('not affected');
  });

  it('matches nothing for a text that is no version', () => {
    for (const version of ['', 'latest', 'github:a/b', '1', '__proto__']) {
      expect(fixedOf(version, affected('>=0'))).toBe('not affected');
    }
  });
});

describe('the cap of a range without an end', () => {
  it.each([
    ['0.20.1', '< 0.20.2', undefined],
    ['0.20.2', '< 0.20.2', 'not affected'],
    ['0.20.2-beta', '< 0.20.2', undefined],
    ['3.28.2', '<= 3.28.2', undefined],
    ['3.28.3', '<= 3.28.2', 'not affected'],
    ['1.0.1', '= 1.0.0', 'not affected'],
    ['13.0.0', '<= 13.0', undefined],
    ['99.0.0', 'every version', undefined],
    ['99.0.0', '', undefined],
  ])('%s under "%s": %s', (version, lastKnownAffected, fixed) => {
    expect(fixedOf(version, affected('>=0', { lastKnownAffected }))).toBe(fixed);
  });

  it('does not touch an interval that has an end of its own', () => {
    expect(fixedOf('1.5.0', affected('>=0 <2.0.0', { lastKnownAffected: '<= 1.0.0' }))).toBe('2.0.0');
  });
});

describe('bounds that are no versions', () => {
  it.each([
    ['13.0.0', '>=13.0 <13.4.0', '13.4.0'],
    ['12.9.9', '>=13.0 <13.4.0', 'not affected'],
    ['0.69.0', '>=0 <0.70', '0.70.0'],
    ['0.70.0', '>=0 <0.70', 'not affected'],
    ['1.0.0', '>=v1 <2', '2.0.0'],
    ['1.9.0', '>=01.08 <1.10', '1.10.0'],
    ['1.2.3', '>=0 <1.2.3.4', undefined],
    ['1.2.4', '>=0 <1.2.3.4', 'not affected'],
    ['1.2.3', '>=1.2.3.4', undefined],
  ])('%s in %s: %s', (version, intervals, fixed) => {
    expect(fixedOf(version, affected(intervals))).toBe(fixed);
  });

  it('names too many versions, never too few, where a bound cannot be read', () => {
    expect(fixedOf('1.0.0', affected('>=unknown <2.0.0'))).toBe('2.0.0');
    expect(fixedOf('9.0.0', affected('>=1.0.0 <soon'))).toBeUndefined();
    expect(fixedOf('2.5.0', affected('>=0 <2.0.0, >=unknown <3.0.0'))).toBe('3.0.0');
  });

  test('no text makes it throw', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('0', '*', '1.x', '>=1', '__proto__', '1.0.0', '9'.repeat(400)));
    const event = fc.oneof(
      fc.record({ introduced: text }),
      fc.record({ fixed: text }),
      fc.record({ lastAffected: text }),
      fc.record({ limit: text }),
    );
    fc.assert(
      fc.property(text, fc.array(event), fc.option(text, { nil: undefined }), (version, events, lastKnownAffected) => {
        fixedOf(version, affected('', { ranges: [{ type: 'SEMVER', events }], lastKnownAffected }));
      }),
    );
  });
});

test('agrees with a comparison of every interval by itself', () => {
  const version = fc
    .tuple(fc.nat(2), fc.nat(2), fc.nat(2), fc.constantFrom('', '', '-alpha', '-rc.1', '-rc.10'))
    .map(([major, minor, patch, suffix]) => `${major}.${minor}.${patch}${suffix}`);
  const interval = fc.record({ from: version, to: version, end: fc.constantFrom('<', '<=') });
  fc.assert(
    fc.property(version, fc.array(interval, { minLength: 1, maxLength: 4 }), (installed, intervals) => {
      const sound = intervals.filter(({ from, to }) => lt(from, to));
      const entries = sound.map(({ from, to, end }) => affected(`>=${from} ${end}${to}`));
      const holds = sound.some(({ from, to, end }) => gte(installed, from) && (end === '<' ? lt : lte)(installed, to));
      const fixed = fixedOf(installed, ...entries);
      expect(fixed !== 'not affected').toBe(holds);
      if (holds && fixed !== undefined) {
        expect(lt(installed, fixed)).toBe(true);
        expect(fixedOf(fixed, ...entries)).toBe('not affected');
      }
    }),
    { numRuns: 500 },
  );
});
