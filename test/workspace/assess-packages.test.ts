import { expect, test } from 'vitest';

import { fingerprintOf } from '../../server/src/core/fingerprint.ts';
import { addCoverage, describeCoverage } from '../../server/src/workspace/coverage.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

async function assessed(text: string, facts: ProjectFacts) {
  const { project } = await projectOf(text, facts);
  return project.assessment;
}

async function checkCoverage(
  text: string,
  facts: ProjectFacts,
  expected: { checked: number; unknown?: Record<string, string>; skipped?: Record<string, string> },
): Promise<void> {
  const { checked, unknown, skipped } = (await assessed(text, facts)).coverage;
  const reasons = (items: typeof unknown): Record<string, string> =>
    Object.fromEntries(items.map(({ name, reason }) => [name, reason]));
  expect({ checked, unknown: reasons(unknown), skipped: reasons(skipped) }).toEqual({
    unknown: {},
    skipped: {},
    ...expected,
  });
}

test('what was looked up is counted as checked, affected or not', () =>
  checkCoverage(
    '{ "dependencies": { "a": "1.0.0" } }',
    { installed: { a: '1.0.0 needs b', b: '1.0.0' }, advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0' }] },
    { checked: 2 },
  ));

test('what could not be looked up is counted with its reason', () =>
  checkCoverage(
    '{}',
    { installed: { a: '1.0.0', b: '1.0.0', c: '1.0.0' }, unknown: { a: 'late', b: 'offline' } },
    { checked: 1, unknown: { a: 'late', b: 'offline' } },
  ));

test('what is left out on purpose is told apart: private, from git, local', () =>
  checkCoverage(
    `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/m/package.json --
{ "name": "m" }
-- .npmrc --
@corp:registry=https://corp.example/
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": {},
  "packages/m": {},
  "node_modules/m": { "resolved": "packages/m", "link": true },
  "node_modules/@corp/p": { "version": "1.0.0" },
  "node_modules/g": { "version": "1.0.0", "resolved": "git+ssh://git@host.example/g.git#0000000000000000000000000000000000000000" },
  "node_modules/a": { "version": "1.0.0" }
} }`,
    {},
    {
      checked: 1,
      skipped: {
        '@corp/p': 'it comes from corp.example, not the public registry',
        g: 'from git, not from a registry',
        m: 'a link to a local folder',
      },
    },
  ));

test('a package without a version is not counted as checked', () =>
  checkCoverage(
    `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }`,
    {},
    { checked: 0, unknown: { a: 'the lockfile names no version' } },
  ));

test('coverage is told in one line, the most frequent reasons first', () => {
  const because = (...reasons: string[]) => reasons.map((reason) => ({ name: 'a', version: '1.0.0', reason }));
  const text = describeCoverage({
    checked: 812,
    unknown: because('late', 'offline', 'offline'),
    skipped: because('from git'),
  });
  expect(text).toMatch(/^812 checked, 3 could not be.*offline.*late.*1 left out.*from git/);
  expect(describeCoverage({ checked: 2, unknown: [], skipped: [] })).toBe('2 checked');
});

test('one name and version at many places is one package', async () => {
  const { coverage, findings } = await assessed('{ "dependencies": { "a": "1.0.0", "b": "1.0.0" } }', {
    installed: { a: '1.0.0 needs x', b: '1.0.0 needs x', 'a/node_modules/x': '1.0.0', 'b/node_modules/x': '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'x', versions: '>=0' }],
  });
  expect(coverage.checked).toBe(3);
  expect(findings.map(({ paths }) => paths)).toEqual([
    [
      ['a', 'x'],
      ['b', 'x'],
    ],
  ]);
});

test('the coverage of projects with very many packages adds up', () => {
  const item = { name: 'a', version: '1.0.0', reason: 'offline' };
  const part = { checked: 1, unknown: Array.from({ length: 150_000 }, () => item), skipped: [item] };
  const sum = addCoverage([part, part]);
  expect([sum.checked, sum.unknown.length, sum.skipped.length]).toEqual([2, 300_000, 2]);
});

test('aliases of one advisory are one finding, with the exploited one joined by its CVE', async () => {
  const { findings } = await assessed('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0' },
    advisories: [
      { id: 'GHSA-1', package: 'a', versions: '>=0', aliases: ['CVE-2026-1'] },
      { id: 'CVE-2026-1', package: 'a', versions: '>=0' },
    ],
    kev: ['CVE-2026-1'],
  });
  expect(findings).toHaveLength(1);
  expect(findings[0]).toMatchObject({ ruleId: 'GHSA-1', kev: { cve: 'CVE-2026-1' }, direct: true });
});

test('a fingerprint is the same wherever the finding stands, and another for another version', async () => {
  const advisories = [{ id: 'GHSA-1', package: 'a', versions: '>=0' }];
  const direct = await assessed('{ "dependencies": { "a": "1.0.0" } }', { installed: { a: '1.0.0' }, advisories });
  const brought = await assessed('{ "dependencies": { "b": "1.0.0" } }', {
    installed: { b: '1.0.0 needs a', a: '1.0.0' },
    advisories,
  });
  const other = await assessed('{ "dependencies": { "a": "1.0.0" } }', { installed: { a: '1.0.1' }, advisories });
  expect(brought.findings.map(fingerprintOf)).toEqual(direct.findings.map(fingerprintOf));
  expect(other.findings.map(fingerprintOf)).not.toEqual(direct.findings.map(fingerprintOf));
});

test('deprecation is said of direct dependencies only, signatures of all', async () => {
  const { findings } = await assessed('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0 needs b', b: '1.0.0' },
    registry: { a: [{ version: '1.0.0', deprecated: 'old' }], b: [{ version: '1.0.0', deprecated: 'old' }] },
    signatures: { 'b@1.0.0': { verdict: 'invalid', message: 'bad' } },
  });
  expect(findings.map(({ kind, package: { name } }) => [kind, name])).toEqual([
    ['signature', 'b'],
    ['deprecated', 'a'],
  ]);
});

test.each([
  ['invalid', 'critical'],
  ['downgrade', 'high'],
  ['provenance-warning', 'medium'],
  ['unsigned', 'medium'],
  ['unverifiable', 'low'],
  ['signed-weak-pin', undefined],
  ['provenance-verified', undefined],
  ['signed', undefined],
  ['registry-unsigned', undefined],
] as const)('the verdict %s is a finding of severity %s', async (verdict, severity) => {
  const { findings } = await assessed('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0' },
    signatures: { 'a@1.0.0': { verdict, message: 'so it is' } },
  });
  expect(findings.map(({ ruleId, severity: is }) => [ruleId, is])).toEqual(
    severity === undefined ? [] : [[`signature-${verdict}`, severity]],
  );
});

test('a registry that strips all signatures is one thing to say, and a few packages without one are looked at', async () => {
  const assessmentOf = (unsigned: number, signed: number) => {
    const names = Array.from({ length: unsigned + signed }, (_, index) => `p${String(index)}`);
    return assessed(`{ "dependencies": ${JSON.stringify(Object.fromEntries(names.map((name) => [name, '1.0.0'])))} }`, {
      installed: Object.fromEntries(names.map((name) => [name, '1.0.0'])),
      signatures: Object.fromEntries(
        names.map((name, index) => [
          `${name}@1.0.0`,
          { verdict: index < unsigned ? ('unsigned' as const) : ('signed' as const), message: 'so it is' },
        ]),
      ),
    });
  };
  const stripped = await assessmentOf(5, 0);
  expect([stripped.findings.length, [...stripped.signatures.stripped.values()]]).toEqual([0, [5]]);
  const some = await assessmentOf(5, 1);
  expect([some.findings.length, some.signatures.stripped.size]).toEqual([5, 0]);
  const few = await assessmentOf(4, 0);
  expect([few.findings.length, few.signatures.stripped.size]).toEqual([4, 0]);
});

test("the registry's word of today on a deprecation comes before the lockfile's", async () => {
  const text = `-- package.json --
{ "dependencies": { "a": "1.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "a": "1.0.0" } },
  "node_modules/a": { "version": "1.0.0", "deprecated": "then" }
} }`;
  expect((await assessed(text, {})).findings.map(({ summary }) => summary)).toEqual(['then']);
  expect((await assessed(text, { registry: { a: ['1.0.0'] } })).findings).toEqual([]);
});

test('health and signatures that are turned off find nothing', async () => {
  const { findings } = await assessed('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0' },
    registry: { a: [{ version: '1.0.0', deprecated: 'old' }] },
    signatures: { 'a@1.0.0': { verdict: 'invalid', message: 'bad' } },
    settings: { health: { enable: false }, signatures: { enable: false } },
  });
  expect(findings).toEqual([]);
});
