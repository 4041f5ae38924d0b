import { expect } from 'vitest';
import type { Lockfile } from '../../server/src/core/lockfile.ts';
import { parsePnpmLock } from '../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';

/** A lockfile in the form that pnpm 9 writes, and what was read of one in few words. */
export const HASH = `sha512-${'A'.repeat(86)}==`;

export const PROJECT = `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

catalogs:
  default:
    react:
      specifier: ^18.0.0
      version: 18.3.1

overrides:
  '@types/node@22': ^22.19.0

importers:

  .:
    dependencies:
      react:
        specifier: 'catalog:'
        version: 18.3.1
      string-alias:
        specifier: npm:@real/strings@^2.0.0
        version: '@real/strings@2.0.0'
    devDependencies:
      '@app/one':
        specifier: workspace:*
        version: link:packages/one
      plugin:
        specifier: ^1.0.0
        version: 1.0.0(@real/strings@2.0.0)(react@18.3.1)
    optionalDependencies:
      native:
        specifier: ^1.0.0
        version: 1.0.0

  packages/empty: {}

  packages/one:
    dependencies:
      react:
        specifier: 'catalog:'
        version: 18.3.1

packages:

  '@real/strings@2.0.0':
    resolution: {integrity: ${HASH}}
    engines: {node: '>=18'}
    hasBin: true

  native-linux@1.0.0:
    resolution: {integrity: ${HASH}, tarball: https://registry.example/native-linux/-/native-linux-1.0.0.tgz}
    cpu: [x64]
    os: [linux]

  native@1.0.0:
    resolution: {integrity: ${HASH}}
    requiresBuild: true

  plugin@1.0.0:
    resolution: {integrity: ${HASH}}
    deprecated: use 'other' instead
    peerDependencies:
      react: '>=17'
    peerDependenciesMeta:
      react:
        optional: true

  react@18.3.1:
    resolution: {integrity: ${HASH}}

snapshots:

  '@real/strings@2.0.0': {}

  native-linux@1.0.0:
    optional: true

  native@1.0.0:
    optionalDependencies:
      native-linux: 1.0.0
    optional: true

  plugin@1.0.0(@real/strings@2.0.0)(react@18.3.1):
    dependencies:
      '@app/one': link:packages/one
      native: 1.0.0
      react: 18.3.1
      strings: '@real/strings@2.0.0'
    transitivePeerDependencies:
      - supports-color

  react@18.3.1: {}
`;

export function read(text: string): Lockfile {
  const { value, problems } = parsePnpmLock(text);
  expect(problems).toEqual([]);
  return value;
}

export function graph({ entries }: Lockfile): string[] {
  return entries.map(({ name, version, edges }) =>
    [`${name}@${version}`, ...edges.map((edge) => entries[edge]?.name ?? '?')].join(' > '),
  );
}

export function shownImporters({ entries, importers }: Lockfile): string[][] {
  return importers.map(({ path, dependencies }) => [
    path,
    ...dependencies.map(({ name, scope, specifier, entry }) => {
      return `${scope} ${name} ${specifier ?? '?'} = ${entries[entry]?.name ?? '?'}@${entries[entry]?.version ?? '?'}`;
    }),
  ]);
}
