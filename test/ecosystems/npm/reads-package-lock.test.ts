import { describe, expect, test } from 'vitest';
import { parsePackageLock } from '../../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { checkPackageLock } from '../../support/check-lockfile.ts';

describe('the root', () => {
  test('asks for what its package.json asked for, each with its range and group', () => {
    checkPackageLock(
      `{
        "name": "app", "version": "9.9.9", "lockfileVersion": 3, "requires": true,
        "packages": {
          "": {
            "name": "app", "version": "9.9.9", "license": "MIT", "engines": { "node": ">=20" },
            "dependencies": { "a": "^1.0.0" },
            "devDependencies": { "@s/b": "~2.0.0" },
            "optionalDependencies": { "c": "3.x" },
            "peerDependencies": { "d": "*", "absent": "^9" }
          },
          "node_modules/@s/b": { "version": "2.0.1", "dev": true },
          "node_modules/a": { "version": "1.2.3" },
          "node_modules/c": { "version": "3.1.0", "optional": true },
          "node_modules/d": { "version": "4.0.0", "peer": true }
        }
      }`,
      `package-lock v3
      . a ^1.0.0 -> a@1.2.3
      . @s/b ~2.0.0 dev -> @s/b@2.0.1
      . c 3.x optional -> c@3.1.0
      . d * peer -> d@4.0.0
      . absent ^9 peer -> nothing
      node_modules/@s/b: @s/b@2.0.1 dev registry
      node_modules/a: a@1.2.3 prod registry
      node_modules/c: c@3.1.0 optional registry (production)
      node_modules/d: d@4.0.0 peer registry`,
    );
  });

  test('may have no packages', () => {
    checkPackageLock('{"lockfileVersion":3,"packages":{"":{}}}', 'package-lock v3');
    expect(parsePackageLock('{"lockfileVersion":3,"packages":{"":{}}}').value.importers).toEqual([
      { path: '.', dependencies: [] },
    ]);
  });
});

describe('where Node.js would find a package', () => {
  test('is the nearest node_modules on the way up', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "a": "1", "b": "1" } },
        "node_modules/a": { "version": "1.0.0", "dependencies": { "b": "2", "c": "1" } },
        "node_modules/a/node_modules/b": { "version": "2.0.0", "dependencies": { "c": "1", "d": "1" } },
        "node_modules/a/node_modules/b/node_modules/d": { "version": "1.0.0", "dependencies": { "b": "2" } },
        "node_modules/b": { "version": "1.0.0", "dependencies": { "c": "1" } },
        "node_modules/c": { "version": "1.0.0" }
      } }`,
      `package-lock v3
      . a 1 -> a@1.0.0
      . b 1 -> b@1.0.0
      node_modules/a: a@1.0.0 prod registry -> b@2.0.0, c@1.0.0
      node_modules/a/node_modules/b: b@2.0.0 prod registry -> c@1.0.0, d@1.0.0
      node_modules/a/node_modules/b/node_modules/d: d@1.0.0 prod registry -> b@2.0.0
      node_modules/b: b@1.0.0 prod registry -> c@1.0.0
      node_modules/c: c@1.0.0 prod registry`,
    );
  });

  test('is told apart where one version is installed in several places', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "x": "1", "y": "1" } },
        "node_modules/x": { "version": "1.0.0", "dependencies": { "b": "2" } },
        "node_modules/x/node_modules/b": { "version": "2.0.0" },
        "node_modules/y": { "version": "1.0.0", "dependencies": { "b": "2" } },
        "node_modules/y/node_modules/b": { "version": "2.0.0" }
      } }`,
      `package-lock v3
      . x 1 -> x@1.0.0
      . y 1 -> y@1.0.0
      node_modules/x: x@1.0.0 prod registry -> node_modules/x/node_modules/b
      node_modules/x/node_modules/b: b@2.0.0 prod registry
      node_modules/y: y@1.0.0 prod registry -> node_modules/y/node_modules/b
      node_modules/y/node_modules/b: b@2.0.0 prod registry`,
    );
  });

  test('is the same for optional and peer dependencies, and those that are not there leave no trace', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": {},
        "node_modules/a": {
          "version": "1.0.0",
          "dependencies": { "b": "1" },
          "optionalDependencies": { "b": "1", "c": "1", "not-for-this-platform": "1" },
          "peerDependencies": { "d": "1", "not-wanted": "1" },
          "peerDependenciesMeta": { "not-wanted": { "optional": true } }
        },
        "node_modules/b": { "version": "1.0.0" },
        "node_modules/c": { "version": "1.0.0" },
        "node_modules/d": { "version": "1.0.0" }
      } }`,
      `package-lock v3
      node_modules/a: a@1.0.0 prod registry -> b@1.0.0, c@1.0.0, d@1.0.0
      node_modules/b: b@1.0.0 prod registry
      node_modules/c: c@1.0.0 prod registry
      node_modules/d: d@1.0.0 prod registry`,
    );
  });

  test('may lead in a circle, and to the package itself', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "a": "1" } },
        "node_modules/a": { "version": "1.0.0", "dependencies": { "b": "1" } },
        "node_modules/b": { "version": "1.0.0", "dependencies": { "a": "1", "b": "1" } }
      } }`,
      `package-lock v3
      . a 1 -> a@1.0.0
      node_modules/a: a@1.0.0 prod registry -> b@1.0.0
      node_modules/b: b@1.0.0 prod registry -> a@1.0.0, b@1.0.0`,
    );
  });
});

describe('a workspace member', () => {
  test('is an importer of its own, and the link to it in node_modules is no second package', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "workspaces": ["packages/*"], "devDependencies": { "x": "*" } },
        "node_modules/@s/y": { "resolved": "packages/y", "link": true },
        "node_modules/b": { "version": "1.0.0" },
        "node_modules/t": { "version": "1.0.0", "dev": true },
        "node_modules/x": { "resolved": "packages/x", "link": true },
        "packages/x": {
          "version": "0.1.0", "dependencies": { "@s/y": "*", "b": "^2" }, "devDependencies": { "t": "^1" }
        },
        "packages/x/node_modules/b": { "version": "2.0.0" },
        "packages/y": { "name": "@s/y", "version": "0.2.0", "dependencies": { "b": "^1" } }
      } }`,
      `package-lock v3
      . x * dev -> x@0.1.0
      packages/x @s/y * -> @s/y@0.2.0
      packages/x b ^2 -> b@2.0.0
      packages/x t ^1 dev -> t@1.0.0
      packages/y b ^1 -> b@1.0.0
      node_modules/b: b@1.0.0 prod registry
      node_modules/t: t@1.0.0 dev registry
      packages/x: x@0.1.0 prod workspace -> @s/y@0.2.0, b@2.0.0
      packages/x/node_modules/b: b@2.0.0 prod registry
      packages/y: @s/y@0.2.0 prod workspace -> b@1.0.0`,
    );
  });

  test('inside another member sees what is installed there', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "workspaces": ["a", "a/b"] },
        "a": { "version": "1.0.0" },
        "a/b": { "version": "1.0.0", "dependencies": { "c": "2" } },
        "a/node_modules/c": { "version": "2.0.0" },
        "node_modules/a": { "resolved": "a", "link": true },
        "node_modules/b": { "resolved": "a/b", "link": true },
        "node_modules/c": { "version": "1.0.0" }
      } }`,
      `package-lock v3
      a/b c 2 -> c@2.0.0
      a: a@1.0.0 prod workspace
      a/b: b@1.0.0 prod workspace -> c@2.0.0
      a/node_modules/c: c@2.0.0 prod registry
      node_modules/c: c@1.0.0 prod registry`,
    );
  });

  test('is only a linked folder where there is no workspace, or where it lies outside of it', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "a": "file:lib/a" } },
        "lib/a": { "version": "1.0.0", "dependencies": { "b": "1" } },
        "node_modules/a": { "resolved": "lib/a", "link": true },
        "node_modules/b": { "version": "1.0.0" }
      } }`,
      `package-lock v3
      . a file:lib/a -> a@1.0.0
      lib/a: a@1.0.0 prod link -> b@1.0.0
      node_modules/b: b@1.0.0 prod registry`,
    );
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "workspaces": ["w"], "dependencies": { "far": "file:../far" } },
        "../far": { "version": "1.0.0" },
        "node_modules/far": { "resolved": "../far", "link": true }
      } }`,
      `package-lock v3
      . far file:../far -> far@1.0.0
      ../far: far@1.0.0 prod link`,
    );
  });

  test('that the lockfile does not list is known by its link alone', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "a": "file:../a" } },
        "node_modules/a": { "resolved": "../a", "link": true, "dev": true }
      } }`,
      `package-lock v3
      . a file:../a -> a
      node_modules/a: a dev link`,
    );
  });
});

describe('the scopes', () => {
  test('are those of the flags, and production where there is none', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": {},
        "node_modules/a": { "version": "1.0.0" },
        "node_modules/b": { "version": "1.0.0", "dev": true },
        "node_modules/c": { "version": "1.0.0", "optional": true },
        "node_modules/d": { "version": "1.0.0", "dev": true, "optional": true },
        "node_modules/e": { "version": "1.0.0", "devOptional": true },
        "node_modules/f": { "version": "1.0.0", "peer": true },
        "node_modules/g": { "version": "1.0.0", "dev": false, "optional": null, "peer": "true" },
        "node_modules/h": { "version": "1.0.0", "extraneous": true }
      } }`,
      `package-lock v3
      node_modules/a: a@1.0.0 prod registry
      node_modules/b: b@1.0.0 dev registry
      node_modules/c: c@1.0.0 optional registry (production)
      node_modules/d: d@1.0.0 dev,optional registry
      node_modules/e: e@1.0.0 dev,optional registry (production)
      node_modules/f: f@1.0.0 peer registry
      node_modules/g: g@1.0.0 prod registry
      node_modules/h: h@1.0.0 prod registry`,
    );
  });
});

describe('version 2', () => {
  const packages = `"packages": { "": { "dependencies": { "a": "^1" } }, "node_modules/a": { "version": "1.0.0" } }`;
  const dependencies = `"dependencies": { "a": { "version": "0.9.0" }, "old": { "version": "1.0.0" } }`;
  const expected = `package-lock v2
    . a ^1 -> a@1.0.0
    node_modules/a: a@1.0.0 prod registry`;

  test('says everything twice, and "packages" is what counts', () => {
    checkPackageLock(`{ "lockfileVersion": 2, ${packages}, ${dependencies} }`, expected);
  });

  test('is read the same in the other order', () => {
    checkPackageLock(`{ "lockfileVersion": 2, ${dependencies}, ${packages} }`, expected);
  });
});

test('the lockfile may stand before or after its version, in one line or in many, with any indentation', () => {
  const expected = `package-lock v3
    . a ^1 -> a@1.0.0
    node_modules/a: a@1.0.0 prod registry`;
  const value = {
    packages: { '': { dependencies: { a: '^1' } }, 'node_modules/a': { version: '1.0.0' } },
    lockfileVersion: 3,
  };
  for (const indent of [0, 2, '\t', 10]) {
    const text = JSON.stringify(value, null, indent);
    checkPackageLock(text, expected);
    checkPackageLock(`\uFEFF${text}\n`, expected);
    checkPackageLock(text.replaceAll('\n', '\r\n'), expected);
  }
});
