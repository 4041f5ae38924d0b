import { expect, test } from 'vitest';

import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import {
  isBreaking,
  planUpgrade,
  type UpgradeCandidate,
  type UpgradeQuestion,
} from '../../server/src/planner/plan-upgrade.ts';
import { fakeKnowledge, type Facts } from '../support/fake-knowledge.ts';
import { subject } from '../support/fake-world.ts';

interface Case extends Facts {
  readonly range?: string;
  readonly conflict?: UpgradeQuestion['conflict'];
}

function plan(installed: string, { range, conflict = () => undefined, ...facts }: Case) {
  const knowledge = fakeKnowledge(facts);
  const asked = subject(`a@${installed}`);
  const matches = knowledge.knownMatches(asked);
  const found = planUpgrade({ subject: asked, range, matches, conflict }, knowledge, npmVersions);
  return { ...found, knowledge };
}

/** "1.2.0 clears GHSA-1", and what else is worth telling. */
function told(candidate: UpgradeCandidate | undefined): string | undefined {
  if (candidate === undefined) return undefined;
  const { version, clears, leaves, breaking, verified } = candidate;
  return [
    `${version} clears ${clears.join(' ')}`,
    ...(leaves.length > 0 ? [`leaves ${leaves.join(' ')}`] : []),
    ...(breaking ? ['breaks'] : []),
    ...(verified ? [] : ['proposed']),
  ].join(', ');
}

function checkPlan(installed: string, facts: Case, expected: { smallest?: string; major?: string }): void {
  const { smallest, major } = plan(installed, facts);
  expect({ smallest: told(smallest), major: told(major) }).toEqual({
    smallest: undefined,
    major: undefined,
    ...expected,
  });
}

const about = (id: string, versions: string) => ({ id, package: 'a', versions });

test('the smallest version without a known advisory is chosen', () => {
  checkPlan(
    '1.0.0',
    {
      range: '^1.0.0',
      advisories: [about('GHSA-1', '>=0 <1.2.0')],
      registry: { a: ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '2.0.0'] },
    },
    { smallest: '1.2.0 clears GHSA-1' },
  );
});

test('a proposed version leaves what is fixed later than that version only', () => {
  const asked = subject('a@1.0.0');
  const facts = {
    advisories: [about('GHSA-1', '>=0 <1.1.0'), about('GHSA-2', '>=0 <2.0.0')],
    unknown: { a: 'offline' },
  };
  const matches = fakeKnowledge(facts).knownMatches(asked);
  // Nothing is at hand about any other version than the installed one.
  const knowledge = { ...fakeKnowledge(facts), knownMatches: () => [] };
  const { smallest, major } = planUpgrade(
    { subject: asked, range: '^1.0.0', matches, conflict: () => undefined },
    knowledge,
    npmVersions,
  );
  expect(told(smallest)).toBe('1.1.0 clears GHSA-1, leaves GHSA-2, proposed');
  expect(told(major)).toBe('2.0.0 clears GHSA-1 GHSA-2, breaks, proposed');
});

test('a version inside the range comes before a smaller one outside of it', () => {
  checkPlan(
    '1.0.0',
    {
      range: '1.0.0 || ^1.3.0',
      advisories: [about('GHSA-1', '>=0 <1.2.0')],
      registry: { a: ['1.0.0', '1.2.0', '1.3.0'] },
    },
    { smallest: '1.3.0 clears GHSA-1' },
  );
  checkPlan(
    '1.0.0',
    { range: '~1.0.0', advisories: [about('GHSA-1', '>=0 <1.0.1')], registry: { a: ['1.0.0', '1.0.1', '1.1.0'] } },
    { smallest: '1.0.1 clears GHSA-1' },
  );
});

test('outside of the range comes what clears more', () => {
  checkPlan(
    '1.0.0',
    {
      range: '~1.0.0',
      advisories: [about('GHSA-1', '>=0 <1.0.1'), about('GHSA-2', '>=0 <1.2.0')],
      registry: { a: ['1.0.0', '1.0.1', '1.2.0'] },
    },
    { smallest: '1.2.0 clears GHSA-1 GHSA-2' },
  );
});

test('a major step is told apart, and only when it clears more', () => {
  const registry = { a: ['1.0.0', '1.0.1', '2.0.0', '3.0.0'] };
  checkPlan(
    '1.0.0',
    { range: '^1.0.0', advisories: [about('GHSA-1', '>=0 <1.0.1'), about('GHSA-2', '>=0 <2.0.0')], registry },
    { smallest: '1.0.1 clears GHSA-1, leaves GHSA-2', major: '2.0.0 clears GHSA-1 GHSA-2, breaks' },
  );
  checkPlan(
    '1.0.0',
    { range: '^1.0.0', advisories: [about('GHSA-2', '>=0 <2.0.0')], registry },
    { major: '2.0.0 clears GHSA-2, breaks' },
  );
  checkPlan(
    '1.0.0',
    { range: '^1.0.0', advisories: [about('GHSA-1', '>=0 <1.0.1'), about('GHSA-2', '>=0')], registry },
    { smallest: '1.0.1 clears GHSA-1, leaves GHSA-2' },
  );
});

test('a version that trades one advisory for another mends nothing', () => {
  checkPlan(
    '1.0.0',
    {
      range: '^1.0.0',
      advisories: [about('GHSA-1', '>=0 <1.1.0'), about('GHSA-2', '>=1.1.0 <1.2.0')],
      registry: { a: ['1.0.0', '1.1.0'] },
    },
    {},
  );
});

test('a version that an unrelated advisory affects is passed over for a clean one', () => {
  checkPlan(
    '1.0.0',
    {
      range: '^1.0.0',
      advisories: [about('GHSA-1', '>=0 <1.1.0'), about('GHSA-2', '>=1.1.0 <1.2.0')],
      registry: { a: ['1.0.0', '1.1.0', '1.2.0'] },
    },
    { smallest: '1.2.0 clears GHSA-1' },
  );
});

test('a deprecated version is passed over, unless the installed one is deprecated too', () => {
  const advisories = [about('GHSA-1', '>=0 <1.1.0')];
  const gone = { version: '1.1.0', deprecated: 'broken' };
  checkPlan('1.0.0', { advisories, registry: { a: ['1.0.0', gone, '1.2.0'] } }, { smallest: '1.2.0 clears GHSA-1' });
  checkPlan(
    '1.0.0',
    { advisories, registry: { a: [{ version: '1.0.0', deprecated: 'all of it' }, gone] } },
    { smallest: '1.1.0 clears GHSA-1' },
  );
});

test('a prerelease is passed over, unless the installed one is a prerelease too', () => {
  const registry = { a: ['1.0.0-beta.1', '1.0.0-beta.2', '1.0.0', '1.1.0-rc.1', '1.1.0'] };
  checkPlan(
    '1.0.0',
    { advisories: [about('GHSA-1', '>=0 <1.1.0-rc.0')], registry },
    { smallest: '1.1.0 clears GHSA-1' },
  );
  checkPlan(
    '1.0.0-beta.1',
    { advisories: [about('GHSA-1', '>=0 <1.0.0-beta.2')], registry },
    { smallest: '1.0.0-beta.2 clears GHSA-1' },
  );
});

test('below 1.0.0 a minor step breaks and a patch does not', () => {
  checkPlan(
    '0.1.0',
    { range: '^0.1.0', advisories: [about('GHSA-1', '>=0 <0.2.0')], registry: { a: ['0.1.0', '0.1.1', '0.2.0'] } },
    { major: '0.2.0 clears GHSA-1, breaks' },
  );
  expect([isBreaking('0.1.0', 'patch'), isBreaking('0.1.0', 'minor'), isBreaking('1.0.0', 'minor')]).toEqual([
    false,
    true,
    false,
  ]);
  expect([isBreaking('1.0.0', 'major'), isBreaking('1.0.0', undefined)]).toEqual([true, true]);
});

test('where the registry was not asked, the fixed versions are proposed', () => {
  checkPlan(
    '1.0.0',
    { range: '^1.0.0', advisories: [about('GHSA-1', '>=0 <1.2.0'), about('GHSA-2', '>=0 <2.1.0')] },
    {
      smallest: '1.2.0 clears GHSA-1, leaves GHSA-2, proposed',
      major: '2.1.0 clears GHSA-1 GHSA-2, breaks, proposed',
    },
  );
});

test('what is only known in part is proposed', () => {
  checkPlan(
    '1.0.0',
    { advisories: [about('GHSA-1', '>=0 <1.2.0')], registry: { a: ['1.0.0', '1.2.0'] }, unknown: { a: 'offline' } },
    { smallest: '1.2.0 clears GHSA-1, proposed' },
  );
});

test('a version that does not go with what else is installed is passed over', () => {
  checkPlan(
    '1.0.0',
    {
      advisories: [about('GHSA-1', '>=0 <1.1.0')],
      registry: { a: [{ version: '1.1.0', peerDependencies: { react: '^18' } }, '1.2.0'] },
      conflict: ({ peerDependencies }) => (Object.hasOwn(peerDependencies, 'react') ? 'needs react ^18' : undefined),
    },
    { smallest: '1.2.0 clears GHSA-1' },
  );
});

test('without a finding, without a version and without a fix there is no plan', () => {
  checkPlan('1.0.0', { registry: { a: ['1.0.0', '2.0.0'] } }, {});
  checkPlan('', { advisories: [about('GHSA-1', '>=0 <2.0.0')] }, {});
  checkPlan('1.0.0', { advisories: [about('GHSA-1', '>=0')], registry: { a: ['1.0.0', '2.0.0'] } }, {});
});

test('of thousands of versions only those up to the first clean one are judged', () => {
  const versions = Array.from({ length: 5_000 }, (_, index) => `1.${String(index)}.0`);
  const conflicts: string[] = [];
  const { smallest, knowledge } = plan('1.0.0', {
    range: '^1.0.0',
    advisories: [about('GHSA-1', '>=0 <1.3.0')],
    registry: { a: versions },
    conflict: ({ version }) => void conflicts.push(version),
  });
  expect(smallest?.version).toBe('1.3.0');
  expect(knowledge.calls.advisories).toBe(3);
  expect(conflicts).toEqual(['1.1.0', '1.2.0', '1.3.0']);
});

test('a range that allows none of thousands of versions has only the few before the first clean one judged', () => {
  const versions = Array.from({ length: 5_000 }, (_, index) => `1.${String(index)}.0`);
  const { smallest, knowledge } = plan('1.0.0', {
    range: '1.0.0',
    advisories: [about('GHSA-1', '>=0 <1.3.0')],
    registry: { a: versions },
  });
  expect(smallest?.version).toBe('1.3.0');
  expect(knowledge.calls.advisories).toBe(3);
});
