import { describe, test } from 'vitest';
import { checkPackageLock } from '../../support/check-lockfile.ts';

/** What is read of one package, given the fields of its entry. */
function checkEntry(fields: string, expected: string, installedAs = 'a'): void {
  checkPackageLock(
    `{"lockfileVersion":3,"packages":{"":{},"node_modules/${installedAs}":{${fields}}}}`,
    `package-lock v3
    node_modules/${installedAs}: ${expected}`,
  );
}

test('the integrity, the deprecation and the install script are those that are written', () => {
  checkEntry(
    `"version": "1.0.0", "resolved": "https://registry.example/a/-/a-1.0.0.tgz", "integrity": "sha1-x sha512-y",
     "deprecated": "use \\"b\\"", "hasInstallScript": true, "license": "MIT", "bin": { "version": "cli.js" },
     "engines": { "node": ">=18" }, "funding": [{ "name": "z", "url": "https://fund.example" }], "cpu": ["x64"]`,
    'a@1.0.0 prod registry from https://registry.example (sha1-x sha512-y, script, "use "b"")',
  );
});

test('an alias is known by its own name', () => {
  checkEntry('"name": "real", "version": "1.0.0"', 'real@1.0.0 prod registry');
  checkEntry(
    '"name": "@s/real", "version": "1.0.0", "resolved": "https://registry.example/@s/real/-/real-1.0.0.tgz"',
    '@s/real@1.0.0 prod registry from https://registry.example',
    '@other/alias',
  );
});

test('what depends on an alias asks for it by the name that it is installed under', () => {
  checkPackageLock(
    `{ "lockfileVersion": 3, "packages": {
      "": { "dependencies": { "alias": "npm:real@^1", "real": "^2" } },
      "node_modules/alias": { "name": "real", "version": "1.0.0", "dependencies": { "real": "^2" } },
      "node_modules/real": { "version": "2.0.0", "dependencies": { "alias": "npm:real@^1" } }
    } }`,
    `package-lock v3
    . alias npm:real@^1 -> real@1.0.0
    . real ^2 -> real@2.0.0
    node_modules/alias: real@1.0.0 prod registry -> real@2.0.0
    node_modules/real: real@2.0.0 prod registry -> real@1.0.0`,
  );
});

describe('the registry', () => {
  test('is the base of the tarball, whatever path it is served below', () => {
    const from = (resolved: string, registry: string, name = 'a'): void =>
      checkEntry(`"version": "1.0.0", "resolved": "${resolved}"`, `${name}@1.0.0 prod registry from ${registry}`, name);
    from('https://registry.example/a/-/a-1.0.0.tgz', 'https://registry.example');
    from('http://localhost:4873/a/-/a-1.0.0.tgz', 'http://localhost:4873');
    from('https://host.example/repo/npm/a/-/a-1.0.0.tgz', 'https://host.example/repo/npm');
    from('https://host.example/repo/@s/a/-/a-1.0.0.tgz', 'https://host.example/repo', '@s/a');
    from('https://host.example/repo/@s%2fa/-/a-1.0.0.tgz', 'https://host.example/repo', '@s/a');
    from('https://host.example/repo/@s/a/-/@s/a-1.0.0.tgz', 'https://host.example/repo', '@s/a');
    from('https://host.example/a/download/a-1.0.0.tgz', 'https://host.example');
    from('https://host.example/download/@s/a/1.0.0/0123abc', 'https://host.example', '@s/a');
    from('https://host.example/a/-/a-1.0.0.tgz?cache=0&token=x#sha', 'https://host.example');
    from('HTTPS://Registry.Example/a/-/a-1.0.0.tgz', 'https://registry.example');
    from('https:\\/\\/registry.example\\/a\\/-\\/a-1.0.0.tgz', 'https://registry.example');
  });

  test('is not carried over from one entry to the next', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": {},
        "node_modules/a": { "version": "1.0.0", "resolved": "https://one.example/a/-/a-1.0.0.tgz" },
        "node_modules/b": { "version": "1.0.0", "resolved": "https://two.example/b/-/b-1.0.0.tgz" },
        "node_modules/c": { "version": "1.0.0" },
        "node_modules/d": { "version": "1.0.0", "resolved": "https://one.example/npm/d/-/d-1.0.0.tgz" },
        "node_modules/e": { "version": "1.0.0", "resolved": "https://one.example/npm/e/-/e-1.0.0.tgz" },
        "node_modules/f": { "version": "1.0.0", "resolved": "https://one.example/npm/f.tgz" },
        "node_modules/g": { "version": "1.0.0", "resolved": "https://one.example/g/-/g-1.0.0.tgz" }
      } }`,
      `package-lock v3
      node_modules/a: a@1.0.0 prod registry from https://one.example
      node_modules/b: b@1.0.0 prod registry from https://two.example
      node_modules/c: c@1.0.0 prod registry
      node_modules/d: d@1.0.0 prod registry from https://one.example/npm
      node_modules/e: e@1.0.0 prod registry from https://one.example/npm
      node_modules/f: f@1.0.0 prod tarball
      node_modules/g: g@1.0.0 prod registry from https://one.example`,
    );
  });

  test('is not said of a bundled package, which came in the tarball of another', () => {
    checkEntry('"version": "1.0.0", "inBundle": true', 'a@1.0.0 prod registry');
    checkEntry('"version": "1.0.0", "bundled": true, "dev": true', 'a@1.0.0 dev registry');
  });
});

describe('what is not from a registry', () => {
  test('is a git repository, by its URL or by the archive of a commit', () => {
    const git = (resolved: string): void =>
      checkEntry(`"version": "1.0.0", "resolved": "${resolved}"`, 'a@1.0.0 prod git');
    git('git+ssh://git@github.com/user/a.git#0123abc');
    git('git+https://github.com/user/a.git#0123abc');
    git('git://git.example/a.git#0123abc');
    git('git@github.com:user/a.git#0123abc');
    git('github:user/a#0123abc');
    git('https://codeload.github.com/user/a/tar.gz/0123abc');
  });

  test('is a file, which need not say its version', () => {
    checkEntry('"version": "1.0.0", "resolved": "file:a-1.0.0.tgz"', 'a@1.0.0 prod file');
    checkEntry('"resolved": "file:../a.tgz", "integrity": "sha512-x"', 'a prod file (sha512-x)');
  });

  test('is a tarball of some host', () => {
    checkEntry('"version": "1.0.0", "resolved": "https://files.example/a.tgz"', 'a@1.0.0 prod tarball');
    checkEntry('"version": "1.0.0", "resolved": "https://files.example/v/a-1.0.0.tgz"', 'a@1.0.0 prod tarball');
    checkEntry('"version": "1.0.0", "resolved": "http://["', 'a@1.0.0 prod tarball');
    checkEntry('"version": "1.0.0", "resolved": "nonsense"', 'a@1.0.0 prod tarball');
  });
});

describe('an entry without a version', () => {
  test('is a problem, and the others are read', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "a": "1", "b": "1" } },
        "node_modules/a": { "dependencies": { "b": "1" } },
        "node_modules/b": { "version": "1.0.0" }
      } }`,
      `package-lock v3
      . a 1 -> a
      . b 1 -> b@1.0.0
      node_modules/a: a prod registry -> b@1.0.0
      node_modules/b: b@1.0.0 prod registry
      3:10 a has no version`,
    );
  });

  test('is one whose version is no text', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": { "": {},
        "node_modules/a": { "version": 1 },
        "node_modules/b": { "version": { "version": "1.0.0" } },
        "node_modules/c": { "version": null, "resolved": ["x"], "integrity": 7, "name": false, "deprecated": true },
        "node_modules/d": { "version": "1.0.0", "hasInstallScript": "yes", "dependencies": ["a"] }
      } }`,
      `package-lock v3
      node_modules/a: a prod registry
      node_modules/b: b prod registry
      node_modules/c: c prod registry
      node_modules/d: d@1.0.0 prod registry
      2:10 a has no version
      3:10 b has no version
      4:10 c has no version`,
    );
  });
});

test('names that objects are born with are names like any other', () => {
  checkPackageLock(
    `{ "lockfileVersion": 3, "__proto__": { "packages": {} }, "packages": {
      "": { "dependencies": { "__proto__": "1", "constructor": "1", "toString": "1" } },
      "node_modules/__proto__": { "version": "1.0.0", "dependencies": { "hasOwnProperty": "1" } },
      "node_modules/constructor": { "version": "1.0.0", "__proto__": { "version": "6.6.6" } }
    } }`,
    `package-lock v3
    . __proto__ 1 -> __proto__@1.0.0
    . constructor 1 -> constructor@1.0.0
    . toString 1 -> nothing
    node_modules/__proto__: __proto__@1.0.0 prod registry
    node_modules/constructor: constructor@1.0.0 prod registry`,
  );
});

test('escapes in keys and values are read as what they mean', () => {
  checkPackageLock(
    `{ "lockfileVersion": 3, "packages": {
      "": { "dependencies": { "\\u0061": "^1" } },
      "node_modules\\/\\u0061": { "version": "1.0.\\u0030" }
    } }`,
    `package-lock v3
    . a ^1 -> a@1.0.0
    node_modules\\/\\u0061: a@1.0.0 prod registry`,
  );
});
