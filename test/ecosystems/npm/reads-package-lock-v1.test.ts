import { describe, test } from 'vitest';
import { checkPackageLock } from '../../support/check-lockfile.ts';

/** What is read of one package, given the fields of its entry. */
function checkEntry(fields: string, expected: string): void {
  checkPackageLock(
    `{"lockfileVersion":1,"dependencies":{"a":{${fields}}}}`,
    `package-lock v1
    top a -> ${expected.split(' ')[0] ?? ''}
    ${expected.startsWith('a ') ? expected : `a: ${expected}`}`,
  );
}

test('packages are nested in packages, and each requires the nearest one of a name', () => {
  checkPackageLock(
    `{ "name": "app", "lockfileVersion": 1, "requires": true, "dependencies": {
      "a": {
        "version": "1.0.0", "requires": { "b": "^2.0.0", "c": "^1.0.0", "absent": "1" },
        "dependencies": {
          "b": {
            "version": "2.0.0", "requires": { "c": "^1.0.0", "d": "1" },
            "dependencies": { "d": { "version": "1.0.0", "requires": { "a": "1" } } }
          }
        }
      },
      "b": { "version": "1.0.0", "requires": { "c": "^1.0.0" } },
      "c": { "version": "1.0.0" }
    } }`,
    `package-lock v1
    top a -> a@1.0.0
    top b -> b@1.0.0
    top c -> c@1.0.0
    d: d@1.0.0 prod registry -> a@1.0.0
    b: b@2.0.0 prod registry -> c@1.0.0, d@1.0.0
    a: a@1.0.0 prod registry -> b@2.0.0, c@1.0.0
    b: b@1.0.0 prod registry -> c@1.0.0
    c: c@1.0.0 prod registry`,
  );
});

test('what a package requires may stand after what is nested in it', () => {
  checkPackageLock(
    `{ "lockfileVersion": 1, "dependencies": {
      "a": {
        "dependencies": { "b": { "version": "2.0.0" } },
        "requires": { "b": "^2" },
        "version": "1.0.0"
      },
      "b": { "version": "1.0.0" }
    } }`,
    `package-lock v1
    top a -> a@1.0.0
    top b -> b@1.0.0
    b: b@2.0.0 prod registry
    a: a@1.0.0 prod registry -> b@2.0.0
    b: b@1.0.0 prod registry`,
  );
});

test('a package says where its tarball is, and whether it is for development, optional or bundled', () => {
  const tarball = 'https://registry.example/npm/a/-/a-1.0.0.tgz';
  checkEntry(
    `"version": "1.0.0", "resolved": "${tarball}", "integrity": "sha1-x"`,
    'a@1.0.0 prod registry from https://registry.example/npm (sha1-x)',
  );
  checkEntry('"version": "1.0.0", "dev": true', 'a@1.0.0 dev registry');
  checkEntry('"version": "1.0.0", "optional": true', 'a@1.0.0 optional registry (production)');
  checkEntry('"version": "1.0.0", "dev": true, "optional": true', 'a@1.0.0 dev,optional registry');
  checkEntry('"version": "1.0.0", "bundled": true', 'a@1.0.0 prod registry');
  checkEntry('"version": "1.0.0", "requires": true, "from": "a@^1.0.0"', 'a@1.0.0 prod registry');
});

describe('a version', () => {
  test('may be an alias', () => {
    checkEntry('"version": "npm:real@1.0.0"', 'real@1.0.0 prod registry');
    checkEntry(
      '"version": "npm:@s/real@1.0.0", "resolved": "https://registry.example/@s/real/-/real-1.0.0.tgz"',
      '@s/real@1.0.0 prod registry from https://registry.example',
    );
  });

  test('may be the tarball of a registry, whose file name says it', () => {
    checkEntry(
      '"version": "https://registry.example/a/-/a-1.2.3-rc.1.tgz", "integrity": "sha512-x"',
      'a@1.2.3-rc.1 prod registry from https://registry.example (sha512-x)',
    );
  });

  test('may be the tarball of some host, a git repository or a file, none of which says it', () => {
    checkEntry('"version": "https://files.example/a-1.0.0.tgz"', 'a prod tarball');
    checkEntry('"version": "https://codeload.github.com/user/a/tar.gz/0123abc"', 'a prod git');
    checkEntry('"version": "git+ssh://git@github.com/user/a.git#0123abc", "from": "user/a"', 'a prod git');
    checkEntry('"version": "github:user/a#0123abc"', 'a prod git');
    checkEntry('"version": "git://git.example/a.git#0123abc"', 'a prod git');
    checkEntry('"version": "file:../a"', 'a prod file');
    checkEntry('"version": "file:a-1.0.0.tgz"', 'a prod file');
  });

  test('may be missing, which is a problem', () => {
    checkPackageLock(
      `{ "lockfileVersion": 1, "dependencies": {
        "a": { "bundled": true },
        "b": "1.0.0",
        "c": { "version": "1.0.0" }
      } }`,
      `package-lock v1
      top a -> a
      top c -> c@1.0.0
      a prod registry
      c: c@1.0.0 prod registry
      2:10 a has no version
      3:10 A package has to be an object`,
    );
  });
});

test('names that objects are born with are names like any other', () => {
  checkPackageLock(
    `{ "lockfileVersion": 1, "dependencies": {
      "__proto__": { "version": "1.0.0", "requires": { "constructor": "1", "valueOf": "1" } },
      "constructor": { "version": "1.0.0", "dependencies": { "__proto__": { "version": "2.0.0" } } }
    } }`,
    `package-lock v1
    top __proto__ -> __proto__@1.0.0
    top constructor -> constructor@1.0.0
    __proto__: __proto__@1.0.0 prod registry -> constructor@1.0.0
    __proto__: __proto__@2.0.0 prod registry
    constructor: constructor@1.0.0 prod registry`,
  );
});

test('a package that is listed twice in one place counts as it is written the second time', () => {
  checkPackageLock(
    `{ "lockfileVersion": 1, "dependencies": {
      "a": { "version": "1.0.0", "requires": { "b": "1" } },
      "b": { "version": "1.0.0" },
      "c": { "version": "1.0.0" },
      "a": { "version": "2.0.0", "requires": { "c": "1" } }
    } }`,
    `package-lock v1
    top a -> a@2.0.0
    top b -> b@1.0.0
    top c -> c@1.0.0
    a: a@2.0.0 prod registry -> c@1.0.0
    b: b@1.0.0 prod registry
    c: c@1.0.0 prod registry
    5:8 The package is listed twice; the last one counts`,
  );
});

test('both sides of a merge conflict are at the top level', () => {
  checkPackageLock(
    `{ "lockfileVersion": 1, "dependencies": {
<<<<<<< ours
      "a": { "version": "1.0.0" }
=======
      "a": { "version": "2.0.0" },
      "b": { "version": "1.0.0" }
>>>>>>> theirs
    } }`,
    `package-lock v1
    top a -> a@1.0.0
    top b -> b@1.0.0
    a: a@1.0.0 prod registry
    a: a@2.0.0 prod registry
    b: b@1.0.0 prod registry
    2:1 A merge conflict is not resolved; both sides are read`,
  );
});
