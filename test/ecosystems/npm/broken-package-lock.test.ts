import { describe, expect, test } from 'vitest';
import { parsePackageLock } from '../../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { checkPackageLock } from '../../support/check-lockfile.ts';

describe('a text that is no lockfile', () => {
  test('has a problem and no packages', () => {
    checkPackageLock('[]', 'none\n1:1 The lockfile has to be an object');
    checkPackageLock('"packages"', 'none\n1:1 The lockfile has to be an object');
    checkPackageLock('null', 'none\n1:1 The lockfile has to be an object');
    for (const text of ['', '\uFEFF', ' \n', 'lockfileVersion: 9']) {
      const { value, problems } = parsePackageLock(text);
      expect(value).toMatchObject({ format: 'none', entries: [], importers: [] });
      expect(problems.map(({ message }) => message)).toContain('The lockfile has to be an object');
    }
    checkPackageLock('{}', 'package-lock\n1:1 lockfileVersion is missing; the packages are read all the same');
    checkPackageLock('{"lockfileVersion":3,"packages":[]}', 'package-lock v3\n1:23 "packages" has to be an object');
  });
});

describe('a version of the lockfile that is not known', () => {
  test('is a problem, and the packages are read all the same', () => {
    const packages = '"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}';
    const entry = 'node_modules/a: a@1.0.0 prod registry';
    const problem = 'is not known; the packages are read all the same';
    checkPackageLock(
      `{"lockfileVersion":4,${packages}}`,
      `package-lock v4\n${entry}\n1:3 lockfileVersion 4 ${problem}`,
    );
    checkPackageLock(
      `{"lockfileVersion":"3",${packages}}`,
      `package-lock\n${entry}\n1:3 lockfileVersion is missing; the packages are read all the same`,
    );
  });
});

describe('a text that is half typed', () => {
  test('gives what stands before the place where it ends', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "a": "1" } },
        "node_modules/a": { "version": "1.0.0" },
        "node_modules/b": { "version": "1.0.`,
      `package-lock v3
      . a 1 -> a@1.0.0
      node_modules/a: a@1.0.0 prod registry
      node_modules/b: b@1.0. prod registry
      4:40 The string is not closed
      4:44 The text ends before its last bracket is closed`,
    );
  });

  test('is read on behind a missing comma, a comma too many, a missing value and a stray word', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": {},
        "node_modules/a": { "version": "1.0.0" }
        "node_modules/b": { "version": "1.0.0",, },
        "node_modules/c": { "dev": , "version": "1.0.0" },
        "node_modules/d": { "dev" "version": "1.0.0" },
        oops
        "node_modules/e": { "version": "1.0.0", "dev": tru }
      } }`,
      `package-lock v3
      node_modules/a: a@1.0.0 prod registry
      node_modules/b: b@1.0.0 prod registry
      node_modules/c: c@1.0.0 prod registry
      node_modules/d: d@1.0.0 prod registry
      node_modules/e: e@1.0.0 prod registry
      4:9 A comma is missing before this
      4:48 A comma too many
      4:48 A comma too many
      5:30 The value is missing
      6:30 A colon and a value are missing
      6:35 A comma is missing before this
      7:9 A key is expected here
      8:56 Not a JSON value`,
    );
  });

  test('is read on behind a string without its closing quote, which ends with its line', () => {
    for (const newline of ['\n', '\r\n']) {
      checkPackageLock(
        [
          '{ "lockfileVersion": 3, "packages": { "": {},',
          '  "node_modules/a": { "version": "1.0.0',
          '  },',
          '  "node_modules/b": { "version": "1.0.0" }',
          '} }',
        ].join(newline),
        `package-lock v3
        node_modules/a: a@1.0.0 prod registry
        node_modules/b: b@1.0.0 prod registry
        2:34 The string is not closed`,
      );
    }
  });

  test('is read on where the closing brace of a package is missing', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": { "": {},
        "node_modules/a": { "version": "1.0.0",
        "node_modules/b": { "version": "1.0.0" }
      } }`,
      `package-lock v3
      node_modules/a: a@1.0.0 prod registry
      node_modules/b: b@1.0.0 prod registry
      3:10 A closing brace is missing before this package`,
    );
  });

  test('has a problem where it goes on after its end', () => {
    checkPackageLock('{"lockfileVersion":3,"packages":{"":{}}} x', 'package-lock v3\n1:42 Text after the end');
  });
});

describe('a key that stands twice', () => {
  test('counts as it is written the second time, and is a problem', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
        "": { "dependencies": { "a": "^1" } },
        "node_modules/a": { "version": "1.0.0", "dependencies": { "b": "1" } },
        "node_modules/b": { "version": "1.0.0" },
        "node_modules/c": { "version": "1.0.0" },
        "node_modules/a": { "version": "1.0.0", "version": "1.1.0", "dependencies": { "c": "1" } }
      } }`,
      `package-lock v3
      . a ^1 -> a@1.1.0
      node_modules/a: a@1.1.0 prod registry -> c@1.0.0
      node_modules/b: b@1.0.0 prod registry
      node_modules/c: c@1.0.0 prod registry
      6:10 The package is listed twice; the last one counts
      6:50 "version" stands here twice; the last one counts`,
    );
  });

  test('may be the whole list', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3,
        "packages": { "": {}, "node_modules/a": { "version": "1.0.0" } },
        "packages": { "": {}, "node_modules/b": { "version": "1.0.0" } }
      }`,
      `package-lock v3
      node_modules/b: b@1.0.0 prod registry
      3:10 "packages" stands here twice; the last one counts`,
    );
  });
});

describe('a merge conflict', () => {
  const conflict = `{ "lockfileVersion": 3, "packages": {
    "": { "dependencies": {
<<<<<<< HEAD
      "a": "^1.0.0"
||||||| base
      "a": "^0.9.0"
=======
      "a": "^2.0.0", "b": "^1.0.0"
>>>>>>> feature
    } },
<<<<<<< HEAD
    "node_modules/a": { "version": "1.0.0" },
=======
    "node_modules/a": { "version": "2.0.0" },
    "node_modules/b": { "version": "1.0.0", "dependencies": { "c": "1" } },
>>>>>>> feature
    "node_modules/c": { "version": "1.0.0" }
  } }`;
  const expected = `package-lock v3
    . a ^1.0.0 -> a@1.0.0
    . a ^2.0.0 -> a@2.0.0
    . b ^1.0.0 -> b@1.0.0
    node_modules/a: a@1.0.0 prod registry
    node_modules/c: c@1.0.0 prod registry
    node_modules/a: a@2.0.0 prod registry
    node_modules/b: b@1.0.0 prod registry -> c@1.0.0
    3:1 A merge conflict is not resolved; both sides are read
    11:1 A merge conflict is not resolved; both sides are read`;

  test('is one problem for each place, and both sides are read', () => {
    checkPackageLock(conflict, expected);
    checkPackageLock(conflict.replaceAll('\n', '\r\n'), expected);
  });

  test('inside a package keeps what each side of it brings in', () => {
    checkPackageLock(
      `{ "lockfileVersion": 3, "packages": {
    "": { "dependencies": { "a": "^1.0.0" } },
    "node_modules/a": { "version": "1.0.0", "dependencies": {
<<<<<<< HEAD
      "b": "1"
=======
      "c": "1"
>>>>>>> feature
    } },
<<<<<<< HEAD
    "node_modules/b": { "version": "1.0.0" }
=======
    "node_modules/c": { "version": "1.0.0" }
>>>>>>> feature
  } }`,
      `package-lock v3
      . a ^1.0.0 -> a@1.0.0
      node_modules/a: a@1.0.0 prod registry -> b@1.0.0, c@1.0.0
      node_modules/b: b@1.0.0 prod registry
      node_modules/c: c@1.0.0 prod registry
      4:1 A merge conflict is not resolved; both sides are read
      10:1 A merge conflict is not resolved; both sides are read`,
    );
  });
});

describe('nesting', () => {
  const deep = 100_000;

  test('of values that say nothing costs nothing', () => {
    const braces = '{"x":'.repeat(deep) + '1' + '}'.repeat(deep);
    const brackets = '['.repeat(deep) + ']'.repeat(deep);
    checkPackageLock(
      `{"a":${braces},"b":${brackets},"lockfileVersion":3,"packages":{"node_modules/a":{"version":"1.0.0","x":${brackets}}}}`,
      `package-lock v3
      node_modules/a: a@1.0.0 prod registry`,
    );
  });

  test('of packages is refused where it is deeper than any tree, and the rest is read', () => {
    const legacy = '{"version":"1.0.0","dependencies":{"a":'.repeat(deep) + '{}' + '}}'.repeat(deep);
    const { value, problems } = parsePackageLock(
      `{"lockfileVersion":1,"dependencies":{"a":${legacy},"b":{"version":"1.0.0"}}}`,
    );
    expect(value.entries).toHaveLength(257);
    expect(value.entries.at(-1)).toMatchObject({ name: 'b', version: '1.0.0' });
    expect(problems.map(({ message }) => message)).toEqual(['The package lies too deep to be read']);

    const location = 'node_modules/a/'.repeat(deep).slice(0, -1);
    checkPackageLock(
      `{"lockfileVersion":3,"packages":{"${location}":{"version":"1.0.0"},"node_modules/b":{"version":"1.0.0"}}}`,
      `package-lock v3
      node_modules/b: b@1.0.0 prod registry
      1:35 The package lies too deep to be read`,
    );
  });
});

test('a file with more faults than anybody would read names the first ones only', () => {
  const { problems } = parsePackageLock(`{${'x '.repeat(10_000)}}`);
  expect(problems.length).toBeGreaterThan(10);
  expect(problems.length).toBeLessThanOrEqual(500);
});

test('a link that is written over a package counts, being the last one', () => {
  checkPackageLock(
    `{ "lockfileVersion": 3, "packages": {
      "": { "dependencies": { "a": "1" } },
      "lib/a": { "version": "2.0.0" },
      "node_modules/a": { "version": "1.0.0" },
      "node_modules/a": { "resolved": "lib/a", "link": true }
    } }`,
    `package-lock v3
    . a 1 -> a@2.0.0
    lib/a: a@2.0.0 prod link
    node_modules/a: a@1.0.0 prod registry
    5:8 The package is listed twice; the last one counts`,
  );
});
