import { expect, test } from 'vitest';

import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import { upgradeSteps } from '../../server/src/planner/upgrade-steps.ts';
import { registryPackage } from '../support/fake-world.ts';

function steps(installed: string, versions: readonly ({ version: string; deprecated?: string } | string)[]) {
  const published = versions.map((version) => (typeof version === 'string' ? { version } : version));
  const found = upgradeSteps(installed, registryPackage('a', published), npmVersions);
  return Object.fromEntries(Object.entries(found).map(([step, { version }]) => [step, version]));
}

test('each size of step leads to its highest version', () => {
  expect(steps('1.1.1', ['1.0.0', '1.1.1', '1.1.2', '1.1.9', '1.2.0', '1.9.0', '2.0.0', '10.0.0'])).toEqual({
    patch: '1.1.9',
    minor: '1.9.0',
    major: '10.0.0',
  });
});

test('a size without a newer version is left out', () => {
  expect(steps('1.1.1', ['1.1.1', '2.0.0'])).toEqual({ major: '2.0.0' });
  expect(steps('2.0.0', ['1.0.0', '2.0.0'])).toEqual({});
});

test('prereleases and deprecated versions are passed over', () => {
  expect(steps('1.0.0', ['1.0.1', { version: '1.0.2', deprecated: 'broken' }, '1.0.3-rc.1'])).toEqual({
    patch: '1.0.1',
  });
});

test('an installed version that is none leads nowhere', () => {
  expect(steps('not-a-version', ['1.0.0'])).toEqual({});
});
