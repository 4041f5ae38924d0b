import { expect, test } from 'vitest';

import type { AdvisoryFinding, Finding } from '../../server/src/core/finding.ts';
import { SCOPE_BIT } from '../../server/src/core/package.ts';
import { compareFindings, isExploited } from '../../server/src/core/rank-findings.ts';
import { advisory } from '../support/advisory-records.ts';

function finding(id: string, more: Partial<AdvisoryFinding> = {}): AdvisoryFinding {
  return {
    kind: 'vulnerability',
    ruleId: id,
    severity: 'high',
    package: { ecosystem: 'npm', name: 'a', version: '1.0.0' },
    direct: true,
    scopes: SCOPE_BIT.prod,
    summary: '',
    paths: [],
    match: { advisory: advisory(id), aliases: [], fixed: undefined },
    kev: undefined,
    matchedByName: false,
    ...more,
  };
}

const KEV = { cve: 'CVE-1', dateAdded: '2026-01-01', ransomware: false };

function checkOrder(worstFirst: readonly Finding[]): void {
  const ids = worstFirst.map(({ ruleId }) => ruleId);
  expect(
    [...worstFirst]
      .reverse()
      .sort(compareFindings)
      .map(({ ruleId }) => ruleId),
  ).toEqual(ids);
}

test('malware comes first, then what is exploited, then the severity', () => {
  checkOrder([
    finding('MAL', { kind: 'malware', severity: 'malware', direct: false, scopes: SCOPE_BIT.dev }),
    finding('KEV', { severity: 'low', kev: KEV }),
    finding('CRITICAL', { severity: 'critical' }),
    finding('HIGH'),
    finding('UNKNOWN', { severity: 'unknown' }),
  ]);
});

test('at one severity what no source imports comes later, even in production; malware and what is exploited do not', () => {
  checkOrder([
    finding('MAL', { kind: 'malware', severity: 'malware', imported: 'never' }),
    finding('KEV', { severity: 'low', kev: KEV, imported: 'never' }),
    finding('IMPORTED', { imported: 'production' }),
    finding('UNKNOWN', { direct: false }),
    finding('TESTED', { scopes: SCOPE_BIT.dev, imported: 'test' }),
    finding('UNUSED', { imported: 'never' }),
    finding('MEDIUM', { severity: 'medium', imported: 'production' }),
  ]);
});

test('at one severity production comes before development, and direct before transitive', () => {
  checkOrder([
    finding('DIRECT'),
    finding('TRANSITIVE', { direct: false }),
    finding('DEV', { scopes: SCOPE_BIT.dev }),
    finding('DEV-TRANSITIVE', { scopes: SCOPE_BIT.dev, direct: false }),
  ]);
});

test('what is alike stands in the order of names, versions and ids', () => {
  const named = (name: string, version: string): Partial<Finding> => ({ package: { ecosystem: 'npm', name, version } });
  checkOrder([
    { ...finding('1'), ...named('a', '1.0.0') } as Finding,
    { ...finding('2'), ...named('a', '1.0.0') } as Finding,
    { ...finding('0'), ...named('a', '2.0.0') } as Finding,
    { ...finding('00'), ...named('b', '1.0.0') } as Finding,
  ]);
});

test('only an advisory can be exploited', () => {
  const { match, matchedByName, kev, ...base } = finding('x');
  expect([match.fixed, matchedByName, kev]).toEqual([undefined, false, undefined]);
  expect(isExploited({ ...base, kind: 'deprecated', message: 'old' })).toBe(false);
  expect(isExploited(finding('x', { kev: KEV }))).toBe(true);
});
