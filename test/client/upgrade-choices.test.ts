import { expect, test } from 'vitest';
import { isManifest, isStale, upgradeChoices } from '../../client/src/commands/upgrade-choices.ts';

test('each step can be chosen for one file and for the whole workspace', () => {
  expect(upgradeChoices('file:///a/package.json').map(({ params }) => params)).toEqual([
    { uri: 'file:///a/package.json', step: 'patch' },
    { uri: 'file:///a/package.json', step: 'minor' },
    { uri: 'file:///a/package.json', step: 'major' },
  ]);
  expect(upgradeChoices(undefined).every(({ params }) => params.uri === undefined)).toBe(true);
});

test('one file can be chosen only where versions are declared', () => {
  expect(isManifest('/a/package.json')).toBe(true);
  expect(isManifest('/a/pnpm-workspace.yaml')).toBe(true);
  expect(isManifest('/a/package-lock.json')).toBe(false);
});

test.each([
  ['it is as it was', 3, { version: 3, isDirty: true }, false],
  ['it was typed in', 3, { version: 4, isDirty: true }, true],
  ['it was closed, with what was typed in it', 3, undefined, true],
  ['it is still closed', null, undefined, false],
  ['it was opened and is as on disk', null, { version: 1, isDirty: false }, false],
  ['it was opened and typed in', null, { version: 2, isDirty: true }, true],
] as const)('an edit for a document is stale or not: %s', (_, version, open, stale) => {
  expect(isStale(version, open)).toBe(stale);
});
