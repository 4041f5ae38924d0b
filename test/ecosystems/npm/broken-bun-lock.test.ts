import { describe, expect, test } from 'vitest';
import { parseBunLock } from '../../../server/src/ecosystems/npm/bun/bun-lock.ts';
import { checkBunLock } from '../../support/check-lockfile.ts';

const END = 'The text ends before its last bracket is closed';

describe('a text that is no lockfile', () => {
  test('has a problem and no packages', () => {
    checkBunLock('[]', 'none\n1:1 The lockfile has to be an object');
    for (const text of ['', '\uFEFF', ' \n', '// only a comment', '/*', 'lockfileVersion: 1']) {
      const { value, problems } = parseBunLock(text);
      expect(value).toMatchObject({ format: 'none', entries: [], importers: [] });
      expect(problems.map(({ message }) => message)).toContain('The lockfile has to be an object');
    }
  });

  test('is read as far as its sections are what they should be', () => {
    checkBunLock(
      '{"lockfileVersion":1,"workspaces":[],"packages":3,"catalog":"x"}',
      'bun v1\n1:23 "workspaces" has to be an object\n1:39 "packages" has to be an object',
    );
    checkBunLock(
      '{"lockfileVersion":1,"workspaces":{"":1},"packages":{"a":{},"b":[],"c":[{}]}}',
      `bun v1
      b prod registry
      c prod registry
      1:37 A workspace member has to be an object
      1:55 A package has to be a list
      1:62 b has no version
      1:69 c has no version`,
    );
  });
});

test('a version of the lockfile that is not known is a problem, and the packages are read all the same', () => {
  const packages = '"packages":{"a":["a@1.0.0","",{}]}';
  const behind = 'the packages are read all the same';
  checkBunLock(
    `{"lockfileVersion":3,${packages}}`,
    `bun v3\na: a@1.0.0 prod registry\n1:3 lockfileVersion 3 is not known; ${behind}`,
  );
  checkBunLock(`{${packages}}`, `bun\na: a@1.0.0 prod registry\n1:1 lockfileVersion is missing; ${behind}`);
});

describe('a text that is half typed', () => {
  test('gives what stands before the place where it ends', () => {
    checkBunLock(
      `{ "lockfileVersion": 1, "workspaces": { "": { "dependencies": { "a": "1" } } }, "packages": {
        "a": ["a@1.0.0", "", {}, "sha512-x"],
        "b": ["b@1.0.`,
      `bun v1
      . a 1 -> a@1.0.0
      a: a@1.0.0 prod registry (sha512-x)
      b: b@1.0. prod registry
      3:15 The string is not closed
      3:21 ${END}`,
    );
  });

  test('is read on behind a bracket that nobody closed', () => {
    checkBunLock(
      `{ "lockfileVersion": 1, "packages": {
        "a": ["a@1.0.0", "",
        "b": ["b@1.0.0", "", { "dependencies": { "a": "1",
        "c": ["c@1.0.0", "", { "bin": "c.js",
        "d": ["d@1.0.0", "", {}, "sha512-x"
        "e": ["e@1.0.0", "", {} }`,
      `bun v1
      a: a@1.0.0 prod registry
      b: b@1.0.0 prod registry -> a@1.0.0
      c: c@1.0.0 prod registry
      d: d@1.0.0 prod registry (sha512-x)
      e: e@1.0.0 prod registry
      3:9 A closing bracket is missing before this
      4:10 A closing bracket is missing before this package
      5:10 A closing bracket is missing before this package
      6:9 A comma is missing before this
      6:9 A closing bracket is missing before this
      6:33 A closing bracket is missing before this
      6:33 ${END}`,
    );
  });
});

test('what stands twice is a problem, and the last one counts', () => {
  checkBunLock(
    `{ "lockfileVersion": 1, "workspaces": { "": { "dependencies": { "a": "1" } }, "": { "dependencies": { "a": "2", "a": "3" } } },
      "packages": { "b": ["b@1.0.0", "", {}] },
      "packages": {
        "a": ["a@1.0.0", "", { "dependencies": { "c": "1" } }],
        "a": ["a@2.0.0", "", {}],
        "c": ["c@1.0.0", "", {}],
      } }`,
    `bun v1
    . a 3 -> a@2.0.0
    a: a@2.0.0 prod registry
    c: c@1.0.0 prod registry
    1:80 The workspace member is listed twice; the last one counts
    3:8 "packages" stands here twice; the last one counts
    5:10 The package is listed twice; the last one counts`,
  );
});

test('of a merge conflict both sides are read', () => {
  checkBunLock(
    `{ "lockfileVersion": 1, "workspaces": { "": { "dependencies": { "a": "1" } } }, "packages": {
<<<<<<< HEAD
    "a": ["a@1.0.0", "", {}, "sha512-x"],
=======
    "a": ["a@1.1.0", "", { "dependencies": { "b": "1" } }, "sha512-y"],
    "b": ["b@1.0.0", "", {}, "sha512-z"],
>>>>>>> feature
  } }`,
    `bun v1
    . a 1 -> a@1.0.0
    . a 1 -> a@1.1.0
    a: a@1.0.0 prod registry (sha512-x)
    a: a@1.1.0 prod registry (sha512-y) -> b@1.0.0
    b: b@1.0.0 prod registry (sha512-z)
    2:1 A merge conflict is not resolved; both sides are read`,
  );
});

test('a package without a name is passed over', () => {
  checkBunLock(
    '{"lockfileVersion":1,"packages":{"":["a@1.0.0"],"b":["b@1.0.0"]}}',
    'bun v1\nb: b@1.0.0 prod registry\n1:35 The package has no name',
  );
});

test('a path that is too deep or too long is refused', () => {
  const { value, problems } = parseBunLock(
    `{"lockfileVersion":1,"packages":{"${'a/'.repeat(300)}a":["a@1.0.0"],"${'b'.repeat(5000)}":["b@1.0.0"],"c":["c@1.0.0"]}}`,
  );
  expect(value.entries.map(({ name }) => name)).toEqual(['c']);
  expect(problems.map(({ message }) => message)).toEqual(Array(2).fill('The package lies too deep to be read'));
});
