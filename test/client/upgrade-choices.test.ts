import { expect, test } from 'vitest';
import { isManifest, isStale, upgradeChoices, upgradeParams } from '../../client/src/commands/upgrade-choices.ts';

test('each step can be chosen for one file and for the whole workspace', () => {
  expect(upgradeChoices('file:///a/package.json').map(({ params }) => params)).toEqual([
    { uri: 'file:///a/package.json', step: 'patch' },
    { uri: 'file:///a/package.json', step: 'minor' },
    { uri: 'file:///a/package.json', step: 'major' },
  ]);
  expect(upgradeChoices(undefined).every(({ params }) => params.uri === undefined)).toBe(true);
});

test('a key binding says how far the whole workspace goes; anything else is asked for', () => {
  expect(upgradeParams({ step: 'minor', onlyFindings: true })).toEqual({
    uri: undefined,
    step: 'minor',
    onlyFindings: true,
  });
  expect(upgradeParams({ step: 'major' })?.onlyFindings).toBe(false);
  expect([undefined, null, 'minor', { step: 'fix' }, {}].map(upgradeParams)).toEqual(Array(5).fill(undefined));
});

test('one file can be chosen only where versions are declared', () => {
  expect(isManifest('/a/package.json')).toBe(true);
  expect(isManifest('/a/pnpm-workspace.yaml')).toBe(true);
  expect(isManifest('/a/.yarnrc.yml')).toBe(true);
  expect(isManifest('/a/package-lock.json')).toBe(false);
});

test.each([
  ['it is as it was', 3, { version: 3, text: '^1.0.0' }, false],
  ['it was typed in elsewhere', 3, { version: 4, text: '^1.0.0' }, true],
  ['it was closed, and is opened anew', 3, { version: 1, text: '^1.0.0' }, true],
  ['it is on disk as it was', null, { version: 1, text: '^1.0.0' }, false],
  ['it changed on disk', null, { version: 1, text: '^2.0.0' }, true],
] as const)('an edit for a document is stale or not: %s', (_, version, now, stale) => {
  expect(isStale({ version, oldText: '^1.0.0' }, now)).toBe(stale);
});
