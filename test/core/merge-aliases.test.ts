import { describe, expect, it } from 'vitest';
import type { Advisory } from '../../server/src/core/advisory.ts';
import { mergeAliases } from '../../server/src/core/merge-aliases.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { advisory, affected } from '../support/advisory-records.ts';

/** What is left after merging, one line a group: label (other ids) fixed. */
function merge(...members: { of: Advisory; in?: string }[]): string[] {
  const matches = members.map(({ of, in: intervals = '>=0 <2.0.0' }) => ({
    advisory: of,
    affected: [affected(intervals)],
  }));
  return mergeAliases('1.0.0', matches, npmVersions).map(
    ({ advisory: label, aliases, fixed }) => `${label.id} (${aliases.join(' ')}) ${fixed ?? '-'}`,
  );
}

describe('aliases', () => {
  it('leave unrelated advisories apart', () => {
    expect(merge({ of: advisory('GHSA-b') }, { of: advisory('GHSA-a') })).toEqual([
      'GHSA-a () 2.0.0',
      'GHSA-b () 2.0.0',
    ]);
  });

  it('merge whichever side names the other', () => {
    const named = advisory('GHSA-a', { aliases: ['CVE-1'] });
    expect(merge({ of: advisory('CVE-1') }, { of: named })).toEqual(['GHSA-a (CVE-1) 2.0.0']);
    expect(merge({ of: named }, { of: advisory('CVE-1') })).toEqual(['GHSA-a (CVE-1) 2.0.0']);
  });

  it('merge advisories that share an alias which is not there itself', () => {
    const [a, b] = [advisory('GHSA-a', { aliases: ['CVE-1'] }), advisory('OSV-b', { aliases: ['CVE-1'] })];
    expect(merge({ of: b }, { of: a })).toEqual(['GHSA-a (CVE-1 OSV-b) 2.0.0']);
  });

  it('merge over several steps, in any order', () => {
    const chain = [
      { of: advisory('OSV-1', { aliases: ['CVE-1'] }) },
      { of: advisory('GHSA-2', { aliases: ['CVE-2'] }) },
      { of: advisory('OSV-3', { aliases: ['CVE-1', 'CVE-2'] }) },
      { of: advisory('OSV-4', { aliases: ['OSV-3'] }) },
    ];
    const merged = ['GHSA-2 (CVE-1 CVE-2 OSV-1 OSV-3 OSV-4) 2.0.0'];
    expect(merge(...chain)).toEqual(merged);
    expect(merge(...chain.toReversed())).toEqual(merged);
  });

  it('take one advisory that comes twice as one', () => {
    const twice = advisory('GHSA-a', { aliases: ['CVE-1'] });
    expect(merge({ of: twice }, { of: twice })).toEqual(['GHSA-a (CVE-1) 2.0.0']);
  });

  it('may be names of properties', () => {
    expect(merge({ of: advisory('__proto__', { aliases: ['constructor'] }) })).toEqual([
      '__proto__ (constructor) 2.0.0',
    ]);
  });
});

describe('a merged group', () => {
  it('that holds malware is malware, and the vulnerability’s fix is not its fix', () => {
    const groups = mergeAliases(
      '1.0.0',
      [
        { advisory: advisory('GHSA-a', { aliases: ['MAL-1'] }), affected: [affected('>=0 <2.0.0')] },
        { advisory: advisory('MAL-1'), affected: [affected('>=0')] },
      ],
      npmVersions,
    );
    expect(groups).toMatchObject([
      { advisory: { id: 'MAL-1', kind: 'malware', severity: 'malware' }, aliases: ['GHSA-a'] },
    ]);
    expect(groups[0]?.fixed).toBeUndefined();
  });

  it('is fixed where no member holds the version any more', () => {
    const [ghsa, cve] = [advisory('GHSA-a', { aliases: ['CVE-1'] }), advisory('CVE-1')];
    expect(merge({ of: ghsa, in: '>=0 <1.5.0' }, { of: cve, in: '>=0 <1.7.0' })).toEqual(['GHSA-a (CVE-1) 1.7.0']);
    expect(merge({ of: ghsa, in: '>=0 <1.5.0' }, { of: cve, in: '>=0 <=1.4.0' })).toEqual(['GHSA-a (CVE-1) 1.5.0']);
    expect(merge({ of: ghsa, in: '>=0 <1.5.0' }, { of: cve, in: '>=0' })).toEqual(['GHSA-a (CVE-1) -']);
  });

  it('takes the severity of another member when its label has none', () => {
    const cvss = { version: '3.1', score: 9.8, vector: 'CVSS:3.1/…' };
    const [group] = mergeAliases(
      '1.0.0',
      [
        { advisory: advisory('GHSA-a', { severity: 'unknown', aliases: ['CVE-1'] }), affected: [affected('>=0')] },
        { advisory: advisory('CVE-1', { severity: 'critical', cvss }), affected: [affected('>=0')] },
      ],
      npmVersions,
    );
    expect(group?.advisory).toMatchObject({ id: 'GHSA-a', severity: 'critical', cvss });
  });

  it('comes before those that are less severe', () => {
    const [low, malware, unknown] = [
      advisory('GHSA-a', { severity: 'low' }),
      advisory('MAL-1'),
      advisory('GHSA-b', { severity: 'unknown' }),
    ];
    expect(merge({ of: unknown }, { of: low }, { of: malware })).toEqual([
      'MAL-1 () 2.0.0',
      'GHSA-a () 2.0.0',
      'GHSA-b () 2.0.0',
    ]);
  });
});
