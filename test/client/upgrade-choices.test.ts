import { expect, test } from 'vitest';
import { isManifest, upgradeChoices } from '../../client/src/commands/upgrade-choices.ts';

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
