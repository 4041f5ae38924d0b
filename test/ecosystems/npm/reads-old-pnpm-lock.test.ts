import { describe, test } from 'vitest';
import { checkPnpmLock } from '../../support/check-lockfile.ts';

describe('version 5', () => {
  test('has the specifiers of its only importer in a group of their own, and the peers of a version behind a low line', () => {
    checkPnpmLock(
      `lockfileVersion: 5.4

overrides:
  b: 2.0.0

specifiers:
  '@s/a': ^1.0.0
  alias: npm:b@2
  c: '*'
  d: '>=1 <2'

dependencies:
  '@s/a': 1.2.3_b@2.0.0
  alias: /b/2.0.0

devDependencies:
  c: 3.0.0_d7f1f61d8b87ac1bb1b0b1bf1bdfec3a

optionalDependencies:
  d: 1.0.0

packages:

  /@s/a/1.2.3_b@2.0.0:
    resolution: {integrity: sha512-a}
    engines: {node: '>=18'}
    deprecated: "use b: it is faster"
    peerDependencies:
      b: ^2
    dependencies:
      b: 2.0.0
      lodash._root: 3.0.1
    dev: false

  /b/2.0.0:
    resolution: {integrity: sha512-b}
    requiresBuild: true

  /c/3.0.0_d7f1f61d8b87ac1bb1b0b1bf1bdfec3a:
    resolution: {integrity: sha512-c}
    peerDependenciesMeta:
      x:
        optional: true
    dependencies:
      '@s/a': 1.2.3_b@2.0.0
    optionalDependencies:
      d: 1.0.0
    transitivePeerDependencies:
      - b
    dev: true

  /d/1.0.0:
    resolution: {integrity: sha512-d}
    cpu: [x64]
    requiresBuild: true
    optional: true

  /lodash._root/3.0.1:
    resolution: {integrity: sha512-r}
`,
      `pnpm v5
      . @s/a ^1.0.0 -> @s/a@1.2.3
      . alias npm:b@2 -> b@2.0.0
      . c * dev -> c@3.0.0
      . d >=1 <2 optional -> d@1.0.0
      /@s/a/1.2.3_b@2.0.0: @s/a@1.2.3 prod,dev registry (sha512-a, "use b: it is faster") -> b@2.0.0, lodash._root@3.0.1
      /b/2.0.0: b@2.0.0 prod,dev registry (sha512-b, script)
      /c/3.0.0_d7f1f61d8b87ac1bb1b0b1bf1bdfec3a: c@3.0.0 dev registry (sha512-c) -> @s/a@1.2.3, d@1.0.0
      /d/1.0.0: d@1.0.0 dev,optional registry (sha512-d, script, production)
      /lodash._root/3.0.1: lodash._root@3.0.1 prod,dev registry (sha512-r)`,
    );
  });

  test('has members, which link to each other', () => {
    checkPnpmLock(
      `lockfileVersion: 5.3

importers:

  .:
    specifiers:
      a: ^1.0.0
    devDependencies:
      a: 1.0.0

  packages/none:
    specifiers: {}

  packages/one:
    specifiers:
      two: workspace:*
    dependencies:
      two: link:../two
    dependenciesMeta:
      two:
        injected: true

  packages/two:
    specifiers:
      a: ^1.0.0
    dependencies:
      a: 1.0.0
    publishDirectory: dist

packages:

  /a/1.0.0:
    resolution: {integrity: sha512-a}
`,
      `pnpm v5
      . a ^1.0.0 dev -> a@1.0.0
      packages/one two workspace:* -> two
      packages/two a ^1.0.0 -> a@1.0.0
      /a/1.0.0: a@1.0.0 prod,dev registry (sha512-a)
      packages/two: two prod workspace -> a@1.0.0`,
    );
  });
});

describe('version 6', () => {
  test('has its only importer at the top, and peers in parentheses', () => {
    checkPnpmLock(
      `lockfileVersion: '6.1'

settings:
  autoInstallPeers: true
  excludeLinksFromLockfile: false

dependencies:
  '@s/a':
    specifier: ^1.0.0
    version: 1.2.3(b@2.0.0(c@3.0.0))
  alias:
    specifier: npm:b@2
    version: /b@2.0.0(c@3.0.0)

devDependencies:
  c:
    specifier: '*'
    version: 3.0.0(patch_hash=abc)

packages:

  /@s/a@1.2.3(b@2.0.0(c@3.0.0)):
    resolution: {integrity: sha512-a}
    dependencies:
      b: 2.0.0(c@3.0.0)
    dev: false

  /b@2.0.0(c@3.0.0):
    resolution: {integrity: sha512-b}

  /c@3.0.0(patch_hash=abc):
    resolution: {integrity: sha512-c}
    dev: true
    patched: true
`,
      `pnpm v6
      . @s/a ^1.0.0 -> @s/a@1.2.3
      . alias npm:b@2 -> b@2.0.0
      . c * dev -> c@3.0.0
      /@s/a@1.2.3(b@2.0.0(c@3.0.0)): @s/a@1.2.3 prod registry (sha512-a) -> b@2.0.0
      /b@2.0.0(c@3.0.0): b@2.0.0 prod registry (sha512-b)
      /c@3.0.0(patch_hash=abc): c@3.0.0 dev registry (sha512-c)`,
    );
  });

  test('has its members in the same form as version 9', () => {
    checkPnpmLock(
      `lockfileVersion: '6.0'

importers:

  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0

  packages/one: {}

packages:

  /a@1.0.0:
    resolution: {integrity: sha512-a}
    dev: false
`,
      `pnpm v6
      . a ^1.0.0 -> a@1.0.0
      /a@1.0.0: a@1.0.0 prod registry (sha512-a)`,
    );
  });
});

test.each([
  [5, 'registry.example/c/1.0.0'],
  [6, 'registry.example/c@1.0.0'],
])('in version %i what is not from the project’s registry has another key, and its name below it', (version, key) => {
  checkPnpmLock(
    `lockfileVersion: '${String(version)}.0'

specifiers:
  a: github:owner/a
  b: https://files.example/b.tgz
  c: 1.0.0
  d: file:../d

dependencies:
  a: github.com/owner/a/0123456
  b: '@files.example/b.tgz'
  c: ${key}
  d: file:../d

packages:

  ${key}:
    resolution: {integrity: sha512-c}
    name: c
    version: 1.0.0

  '@files.example/b.tgz':
    resolution: {tarball: https://files.example/b.tgz, integrity: sha512-b}
    name: b
    version: 2.0.0

  file:../d:
    resolution: {directory: ../d, type: directory}
    name: d
    version: 4.0.0

  github.com/owner/a/0123456:
    resolution: {tarball: https://codeload.github.com/owner/a/tar.gz/0123456}
    name: a
    version: 3.0.0
    prepare: true
`,
    `pnpm v${String(version)}
    . a github:owner/a -> a@3.0.0
    . b https://files.example/b.tgz -> b@2.0.0
    . c 1.0.0 -> c@1.0.0
    . d file:../d -> d@4.0.0
    ${key}: c@1.0.0 prod registry from https://registry.example (sha512-c)
    @files.example/b.tgz: b@2.0.0 prod tarball (sha512-b)
    file:../d: d@4.0.0 prod file
    github.com/owner/a/0123456: a@3.0.0 prod git`,
  );
});

test('an archive that the registry keeps elsewhere, and a key that says nothing', () => {
  checkPnpmLock(
    `lockfileVersion: 5.4
packages:
  /a/1.0.0:
    resolution: {integrity: sha512-a, tarball: https://registry.example/npm/a/-/a-1.0.0.tgz}
  nothing:
    resolution: {integrity: sha512-b}
`,
    `pnpm v5
    /a/1.0.0: a@1.0.0 prod registry from https://registry.example/npm (sha512-a)
    nothing prod tarball (sha512-b)`,
  );
});
