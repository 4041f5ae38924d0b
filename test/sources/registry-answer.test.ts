import { expect, test } from 'vitest';

import { NO_NEEDS, type RegistryPackage } from '../../server/src/core/registry-package.ts';
import { decodeStoredPackage, encodeRegistryPackage } from '../../server/src/sources/registry-answer.ts';

const PACKAGE: RegistryPackage = {
  name: '@acme/widget',
  tags: { latest: '2.0.0', ['__proto__']: '1.0.0' },
  repository: 'github.com/acme/widget',
  hasTimes: true,
  versions: [
    {
      version: '1.0.0',
      publishedAt: 1_700_000_000_000,
      deprecated: 'use 2',
      hasInstallScript: true,
      license: 'MIT',
      integrity: 'sha512-a',
      tarball: 'https://registry.example/widget-1.0.0.tgz',
      signatures: [
        { keyid: 'SHA256:one', sig: 's1' },
        { keyid: 'SHA256:two', sig: 's2' },
      ],
      trust: 2,
      peerDependencies: { react: '>=18', ['__proto__']: '1' },
      nodeEngine: '>=20',
      needs: {
        dependencies: { ['__proto__']: '^1.0.0' },
        optionalDependencies: { fast: '2' },
        optionalPeers: ['react'],
        hasBundled: true,
      },
      lockTraits: 3,
    },
    {
      version: '2.0.0',
      publishedAt: undefined,
      deprecated: undefined,
      hasInstallScript: false,
      license: undefined,
      integrity: undefined,
      tarball: undefined,
      signatures: [{ keyid: 'SHA256:one', sig: 's3' }],
      trust: 0,
      peerDependencies: {},
      needs: NO_NEEDS,
      lockTraits: 0,
      nodeEngine: undefined,
    },
  ],
};

test('what is stored reads as it was', () => {
  expect(decodeStoredPackage(JSON.parse(encodeRegistryPackage(PACKAGE)))).toEqual(PACKAGE);
});

test('a key id stands there once', () => {
  expect(encodeRegistryPackage(PACKAGE).split('SHA256:one')).toHaveLength(2);
});

test.each([null, 1, [], {}, { name: 'x' }, { name: 'x', rows: 'none' }])('%j is nothing that was stored', (value) => {
  expect(decodeStoredPackage(value)).toBeUndefined();
});

test('damaged rows are left out', () => {
  const stored = { name: 'x', rows: [null, [], [1], ['1.0.0', 'x', 1, 'y', [], {}, 2, [9, 'sig', 0], ['alone'], 3]] };
  expect(decodeStoredPackage(stored)?.versions.map(({ version, signatures }) => [version, signatures])).toEqual([
    ['1.0.0', []],
  ]);
});
