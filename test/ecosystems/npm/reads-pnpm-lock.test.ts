import { describe, expect, test } from 'vitest';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { checkPnpmLock } from '../../support/check-lockfile.ts';

test('an importer asks for packages, each with its range and group, and those bring in others', () => {
  checkPnpmLock(
    `lockfileVersion: '9.0'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

importers:

  .:
    dependencies:
      '@s/a':
        specifier: ^1.0.0
        version: 1.2.3
      b:
        specifier: 2.x
        version: 2.0.0
    devDependencies:
      c:
        specifier: '*'
        version: 3.0.0
    optionalDependencies:
      d:
        specifier: '>=1 <2'
        version: 1.0.0

packages:

  '@s/a@1.2.3':
    resolution: {integrity: sha512-a}
    engines: {node: '>=18'}
    deprecated: "use b: it is faster"

  b@2.0.0:
    resolution: {integrity: sha512-b}
    requiresBuild: true
    hasBin: true

  c@3.0.0:
    resolution: {integrity: sha512-c}

  d@1.0.0:
    resolution: {integrity: sha512-d}
    os: [darwin]

snapshots:

  '@s/a@1.2.3':
    dependencies:
      b: 2.0.0

  b@2.0.0: {}

  c@3.0.0:
    dependencies:
      '@s/a': 1.2.3

  d@1.0.0:
    optional: true

time:
  b@2.0.0: '2020-01-01T00:00:00.000Z'
`,
    `pnpm v9
    . @s/a ^1.0.0 -> @s/a@1.2.3
    . b 2.x -> b@2.0.0
    . c * dev -> c@3.0.0
    . d >=1 <2 optional -> d@1.0.0
    @s/a@1.2.3 prod,dev registry (sha512-a, "use b: it is faster") -> b@2.0.0
    b@2.0.0 prod,dev registry (sha512-b, script)
    c@3.0.0 dev registry (sha512-c) -> @s/a@1.2.3
    d@1.0.0 optional registry (sha512-d, production)`,
  );
});

describe('the scopes', () => {
  test('are those of the ways that lead to a package', () => {
    checkPnpmLock(
      `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a: { specifier: '1', version: 1.0.0 }
    devDependencies:
      b: { specifier: '1', version: 1.0.0 }
packages:
  a@1.0.0: { resolution: { integrity: sha512-a } }
  b@1.0.0: { resolution: { integrity: sha512-b } }
  c@1.0.0: { resolution: { integrity: sha512-c } }
  d@1.0.0: { resolution: { integrity: sha512-d } }
  e@1.0.0: { resolution: { integrity: sha512-e } }
  lost@1.0.0: { resolution: { integrity: sha512-l } }
snapshots:
  a@1.0.0: { optionalDependencies: { c: 1.0.0 } }
  b@1.0.0: { dependencies: { e: 1.0.0 }, optionalDependencies: { d: 1.0.0 } }
  c@1.0.0: { dependencies: { a: 1.0.0 } }
  d@1.0.0: { dependencies: { e: 1.0.0 } }
  e@1.0.0: {}
  lost@1.0.0: {}
`,
      `pnpm v9
      . a 1 -> a@1.0.0
      . b 1 dev -> b@1.0.0
      a@1.0.0 prod,optional registry (sha512-a, production) -> c@1.0.0
      b@1.0.0 dev registry (sha512-b) -> e@1.0.0, d@1.0.0
      c@1.0.0 optional registry (sha512-c, production) -> a@1.0.0
      d@1.0.0 dev,optional registry (sha512-d) -> e@1.0.0
      e@1.0.0 dev,optional registry (sha512-e)
      lost@1.0.0 prod registry (sha512-l)`,
    );
  });
});

describe('a version', () => {
  test('has its peers in parentheses, which may have peers themselves', () => {
    checkPnpmLock(
      `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(@s/p@2.0.0(q@3.0.0))(q@3.0.0)
      b:
        specifier: ^1.0.0
        version: 1.0.0(patch_hash=0123abc)(q@3.0.0)
packages:
  '@s/p@2.0.0':
    resolution: {integrity: sha512-p}
  a@1.0.0:
    resolution: {integrity: sha512-a}
    peerDependencies:
      '@s/p': ^2
      q: ^3
  b@1.0.0:
    resolution: {integrity: sha512-b}
  q@3.0.0:
    resolution: {integrity: sha512-q}
snapshots:
  '@s/p@2.0.0(q@3.0.0)':
    dependencies:
      q: 3.0.0
  a@1.0.0(@s/p@2.0.0(q@3.0.0))(q@3.0.0):
    dependencies:
      '@s/p': 2.0.0(q@3.0.0)
      q: 3.0.0
  a@1.0.0(@s/p@2.0.0(q@4.0.0))(q@4.0.0): {}
  b@1.0.0(patch_hash=0123abc)(q@3.0.0):
    dependencies:
      q: 3.0.0
  q@3.0.0: {}
`,
      `pnpm v9
      . a ^1.0.0 -> a@1.0.0(@s/p@2.0.0(q@3.0.0))(q@3.0.0)
      . b ^1.0.0 -> b@1.0.0
      @s/p@2.0.0(q@3.0.0): @s/p@2.0.0 prod registry (sha512-p) -> q@3.0.0
      a@1.0.0(@s/p@2.0.0(q@3.0.0))(q@3.0.0): a@1.0.0 prod registry (sha512-a) -> @s/p@2.0.0, q@3.0.0
      a@1.0.0(@s/p@2.0.0(q@4.0.0))(q@4.0.0): a@1.0.0 prod registry (sha512-a)
      b@1.0.0(patch_hash=0123abc)(q@3.0.0): b@1.0.0 prod registry (sha512-b) -> q@3.0.0
      q@3.0.0 prod registry (sha512-q)`,
    );
  });

  test('is a whole key where the name is an alias', () => {
    checkPnpmLock(
      `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      alias:
        specifier: npm:real@^1.0.0
        version: real@1.0.0
      other:
        specifier: npm:@s/real@^1.0.0
        version: '@s/real@1.0.0(real@1.0.0)'
packages:
  '@s/real@1.0.0':
    resolution: {integrity: sha512-s}
  real@1.0.0:
    resolution: {integrity: sha512-r}
snapshots:
  '@s/real@1.0.0(real@1.0.0)':
    dependencies:
      nickname: real@1.0.0
  real@1.0.0: {}
`,
      `pnpm v9
      . alias npm:real@^1.0.0 -> real@1.0.0
      . other npm:@s/real@^1.0.0 -> @s/real@1.0.0
      @s/real@1.0.0(real@1.0.0): @s/real@1.0.0 prod registry (sha512-s) -> real@1.0.0
      real@1.0.0 prod registry (sha512-r)`,
    );
  });
});

describe('a workspace', () => {
  test('has members that link to each other, and to folders outside', () => {
    checkPnpmLock(
      `lockfileVersion: '9.0'
importers:
  .:
    devDependencies:
      '@s/x':
        specifier: workspace:*
        version: link:packages/x
  packages/x:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0
      far:
        specifier: link:../../../far
        version: link:../../../far
      y:
        specifier: workspace:^
        version: link:../y
    devDependencies:
      b:
        specifier: ^1.0.0
        version: 1.0.0
  packages/y: {}
packages:
  a@1.0.0:
    resolution: {integrity: sha512-a}
  b@1.0.0:
    resolution: {integrity: sha512-b}
snapshots:
  a@1.0.0: {}
  b@1.0.0: {}
`,
      `pnpm v9
      . @s/x workspace:* dev -> @s/x
      packages/x a ^1.0.0 -> a@1.0.0
      packages/x far link:../../../far -> far
      packages/x y workspace:^ -> y
      packages/x b ^1.0.0 dev -> b@1.0.0
      a@1.0.0 prod registry (sha512-a)
      b@1.0.0 dev registry (sha512-b)
      packages/x: @s/x dev workspace -> a@1.0.0, far, y
      far prod link
      packages/y: y prod workspace`,
    );
    const { importers } = parsePnpmLock("lockfileVersion: '9.0'\nimporters:\n  .: {}\n  packages/y: {}\n").value;
    expect(importers.map(({ path }) => path)).toEqual(['.', 'packages/y']);
  });

  test('has catalogs, which say what their ranges became', () => {
    checkPnpmLock(
      `lockfileVersion: '9.0'
catalogs:
  default:
    a:
      specifier: ^1.0.0
      version: 1.0.0
  old:
    '@s/b':
      specifier: ^0.9.0
      version: 0.9.1
overrides:
  a: 'catalog:'
  c>d: 1.0.0
importers:
  .:
    dependencies:
      '@s/b':
        specifier: catalog:old
        version: 0.9.1
      a:
        specifier: 'catalog:'
        version: 1.0.0
packages:
  '@s/b@0.9.1':
    resolution: {integrity: sha512-b}
  a@1.0.0:
    resolution: {integrity: sha512-a}
snapshots:
  '@s/b@0.9.1': {}
  a@1.0.0: {}
`,
      `pnpm v9
      . @s/b catalog:old -> @s/b@0.9.1
      . a catalog: -> a@1.0.0
      catalog default a ^1.0.0 = 1.0.0
      catalog old @s/b ^0.9.0 = 0.9.1
      @s/b@0.9.1 prod registry (sha512-b)
      a@1.0.0 prod registry (sha512-a)`,
    );
  });
});

test('a graph may have circles', () => {
  checkPnpmLock(
    `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: '1'
        version: 1.0.0
packages:
  a@1.0.0:
    resolution: {integrity: sha512-a}
  b@1.0.0:
    resolution: {integrity: sha512-b}
snapshots:
  a@1.0.0:
    dependencies:
      b: 1.0.0
  b@1.0.0:
    dependencies:
      a: 1.0.0
      b: 1.0.0
`,
    `pnpm v9
    . a 1 -> a@1.0.0
    a@1.0.0 prod registry (sha512-a) -> b@1.0.0
    b@1.0.0 prod registry (sha512-b) -> a@1.0.0, b@1.0.0`,
  );
});
