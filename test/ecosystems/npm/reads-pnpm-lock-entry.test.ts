import { describe, test } from 'vitest';
import { checkPnpmLock } from '../../support/check-lockfile.ts';

/** What is read of one package, given the rest of its key behind `a@` and its fields in `packages`. */
function checkEntry(reference: string, fields: readonly string[], expected: string): void {
  const key = `a@${reference}`;
  const quoted = key.includes(': ') || key.includes('#') ? `'${key}'` : key;
  checkPnpmLock(
    [
      "lockfileVersion: '9.0'",
      'packages:',
      `  ${quoted}:`,
      ...fields.map((field) => `    ${field}`),
      'snapshots:',
      `  ${quoted}: {}`,
      '',
    ].join('\n'),
    `pnpm v9\n${expected.startsWith(`${key} `) ? expected : `${key}: ${expected}`}`,
  );
}

describe('a package of a registry', () => {
  test('says its integrity, and nothing of where it was unless that is another place', () => {
    checkEntry('1.0.0', ['resolution: {integrity: sha512-x}'], 'a@1.0.0 prod registry (sha512-x)');
    checkEntry('1.0.0', ["resolution: {integrity: 'sha512-x'}"], 'a@1.0.0 prod registry (sha512-x)');
    checkEntry('1.0.0', ['resolution:', '  integrity: sha512-x'], 'a@1.0.0 prod registry (sha512-x)');
    checkEntry('1.0.0', ['resolution: {}'], 'a@1.0.0 prod registry');
    checkEntry(
      '1.0.0',
      ['resolution: {integrity: sha512-x, tarball: https://host.example/npm/a/-/a-1.0.0.tgz}'],
      'a@1.0.0 prod registry from https://host.example/npm (sha512-x)',
    );
    checkEntry(
      '1.0.0',
      ["resolution: {tarball: 'https://host.example/download/a/1.0.0/0123abc'}"],
      'a@1.0.0 prod registry from https://host.example',
    );
    checkEntry(
      '1.0.0',
      ['resolution: {integrity: sha512-x, tarball: https://files.example/odd}'],
      'a@1.0.0 prod registry from https://files.example (sha512-x)',
    );
  });

  test('may have an older hash, which ends where its line does', () => {
    const hash = `sha1-${'x'.repeat(27)}=`;
    // Of whatever length the next line is, a brace at its end is not that of the hash.
    for (let length = 1; length < 100; length += 1) {
      const fields = [`resolution: {integrity: ${hash}}`, `engines: {node: '>=${'1'.repeat(length)}'}`];
      checkEntry('1.0.0', fields, `a@1.0.0 prod registry (${hash})`);
    }
  });

  test('is deprecated with a message in any of the forms of YAML', () => {
    const check = (...lines: readonly string[]): void =>
      checkEntry('1.0.0', ['resolution: {integrity: x}', ...lines], 'a@1.0.0 prod registry (x, "do not use it")');
    check('deprecated: do not use it');
    check("deprecated: 'do not use it'");
    check('deprecated: "do not\\u0020use it"');
    check('deprecated: do not use it # says who');
    check('deprecated: >-', '  do not', '  use it');
    check('deprecated: |-', '  do not use it');
  });

  test('is deprecated with a message that goes on in the next line', () => {
    const fields = ['resolution: {integrity: x}', 'deprecated: do not', '  use it'];
    checkEntry('1.0.0', fields, 'a@1.0.0 prod registry (x, "do not use it")');
  });

  test('has a prerelease or build in its version', () => {
    checkEntry('1.0.0-rc.1+build.5', ['resolution: {integrity: x}'], 'a@1.0.0-rc.1+build.5 prod registry (x)');
  });
});

describe('a package of another source', () => {
  test('is a git repository', () => {
    checkEntry(
      'https://codeload.github.com/user/a/tar.gz/0123abc',
      ['resolution: {tarball: https://codeload.github.com/user/a/tar.gz/0123abc}', 'version: 1.0.0'],
      'a@1.0.0 prod git',
    );
    checkEntry(
      'git+https://git.example/user/a.git#0123abc',
      ['resolution: {commit: 0123abc, repo: https://git.example/user/a.git, type: git}', 'version: 1.0.0'],
      'a@1.0.0 prod git',
    );
    checkEntry(
      'git+ssh://git@git.example/user/a.git#0123abc',
      ['resolution: {commit: 0123abc, repo: git@git.example:user/a.git, type: git}'],
      'a prod git',
    );
  });

  test('is a tarball', () => {
    checkEntry(
      'https://files.example/a.tgz',
      ['resolution: {integrity: sha512-x, tarball: https://files.example/a.tgz}', 'version: 1.0.0'],
      'a@1.0.0 prod tarball (sha512-x)',
    );
    checkEntry(
      'file:a-1.0.0.tgz',
      ['resolution: {integrity: sha512-x, tarball: file:a-1.0.0.tgz}', 'version: 1.0.0'],
      'a@1.0.0 prod file (sha512-x)',
    );
  });

  test('is a folder that is copied', () => {
    checkEntry('file:lib/a', ['resolution: {directory: lib/a, type: directory}'], 'a prod file');
  });

  test('is a runtime', () => {
    checkEntry('runtime:24.0.0', ['resolution: {type: variations}', 'version: 24.0.0'], 'a@24.0.0 prod tarball');
  });
});

test('a folder that is copied keeps the way to what it brings in', () => {
  checkPnpmLock(
    `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: file:lib/a
        version: file:lib/a(b@1.0.0)
packages:
  a@file:lib/a:
    resolution: {directory: lib/a, type: directory}
  b@1.0.0:
    resolution: {integrity: sha512-b}
snapshots:
  a@file:lib/a(b@1.0.0):
    dependencies:
      b: 1.0.0
  b@1.0.0: {}
`,
    `pnpm v9
    . a file:lib/a -> a
    a@file:lib/a(b@1.0.0): a prod file -> b@1.0.0
    b@1.0.0 prod registry (sha512-b)`,
  );
});

test('names that objects are born with are names like any other', () => {
  checkPnpmLock(
    `lockfileVersion: '9.0'
__proto__: x
importers:
  .:
    dependencies:
      __proto__:
        specifier: '1'
        version: 1.0.0
      constructor:
        specifier: '1'
        version: 1.0.0
      toString:
        specifier: '1'
        version: 1.0.0
packages:
  __proto__@1.0.0:
    resolution: {integrity: sha512-p}
  constructor@1.0.0:
    resolution: {integrity: sha512-c}
snapshots:
  __proto__@1.0.0:
    dependencies:
      constructor: 1.0.0
  constructor@1.0.0: {}
`,
    `pnpm v9
    . __proto__ 1 -> __proto__@1.0.0
    . constructor 1 -> constructor@1.0.0
    . toString 1 -> nothing
    __proto__@1.0.0 prod registry (sha512-p) -> constructor@1.0.0
    constructor@1.0.0 prod registry (sha512-c)`,
  );
});
