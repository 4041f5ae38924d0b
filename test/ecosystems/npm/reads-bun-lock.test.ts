import { describe, expect, test } from 'vitest';
import { parseBunLock } from '../../../server/src/ecosystems/npm/bun/bun-lock.ts';
import { checkBunLock } from '../../support/check-lockfile.ts';

describe('a workspace of bun', () => {
  const text = `{
  "lockfileVersion": 1,
  "configVersion": 1,
  "workspaces": {
    "": {
      "name": "app",
      "dependencies": {
        "one": "workspace:*",
        "react": "catalog:",
        "strings": "npm:@real/strings@^2.0.0",
      },
      "devDependencies": {
        "plugin": "^1.0.0",
      },
      "optionalDependencies": {
        "native": "^1.0.0",
      },
      "peerDependencies": {
        "vue": "*",
      },
      "optionalPeers": [
        "vue",
      ],
    },
    "packages/one": {
      "name": "one",
      "version": "1.2.3",
      "dependencies": {
        "react": "catalog:old",
      },
      "devDependencies": {
        "tool": "^3.0.0",
      },
    },
  },
  "trustedDependencies": [
    "native",
  ],
  "patchedDependencies": {
    "react@19.0.0": "patches/react.patch",
  },
  "overrides": {
    "loose": "1.4.0",
  },
  "catalog": {
    "react": "^19.0.0",
    "unused": "^1.0.0",
  },
  "catalogs": {
    "old": {
      "react": "^18.0.0",
    },
  },
  "packages": {
    "loose": ["loose@1.4.0", "", {}, "sha512-loose"],

    "native": ["native@1.0.0", "", { "os": "darwin", "cpu": ["x64", "arm64"] }, "sha512-native"],

    "one": ["one@workspace:packages/one"],

    "plugin": ["plugin@1.0.0", "", { "dependencies": { "loose": "^1.1.0" }, "optionalDependencies": { "native": "1" }, "peerDependencies": { "react": ">=18", "vue": "*", "strings": "*" }, "optionalPeers": ["vue", "strings"], "bin": { "plugin": "cli.js" } }, "sha512-plugin"],

    "react": ["react@19.0.0", "", {}, "sha512-react"],

    "strings": ["@real/strings@2.0.0", "", {}, "sha512-strings"],

    "tool": ["tool@3.0.0", "", { "dependencies": { "react": "^18.0.0" } }, "sha512-tool"],

    "one/react": ["react@18.3.1", "", { "dependencies": { "loose": "^1.1.0" } }, "sha512-older"],

    "tool/react": ["react@18.3.1", "", { "dependencies": { "loose": "^1.1.0" } }, "sha512-older"],
  }
}
`;
  const expected = `bun v1
    . one workspace:* -> one@1.2.3
    . react catalog: -> react@19.0.0
    . strings npm:@real/strings@^2.0.0 -> @real/strings@2.0.0
    . plugin ^1.0.0 dev -> plugin@1.0.0
    . native ^1.0.0 optional -> native@1.0.0
    . vue * peer -> nothing
    packages/one react catalog:old -> one/react
    packages/one tool ^3.0.0 dev -> tool@3.0.0
    catalog default react ^19.0.0 = 19.0.0
    catalog old react ^18.0.0 = 18.3.1
    loose: loose@1.4.0 prod,dev registry (sha512-loose)
    native: native@1.0.0 dev,optional registry (sha512-native, production)
    one: one@1.2.3 prod workspace -> one/react
    plugin: plugin@1.0.0 dev registry (sha512-plugin) -> loose@1.4.0, react@19.0.0, native@1.0.0, @real/strings@2.0.0
    react: react@19.0.0 prod,dev registry (sha512-react)
    strings: @real/strings@2.0.0 prod,dev,optional registry (sha512-strings)
    tool: tool@3.0.0 dev registry (sha512-tool) -> tool/react
    one/react: react@18.3.1 prod registry (sha512-older) -> loose@1.4.0
    tool/react: react@18.3.1 dev registry (sha512-older) -> loose@1.4.0`;

  test('says what each member asks for, the catalogs, and why each package is there', () => {
    checkBunLock(text, expected);
  });

  test('is read the same with a byte order mark, CRLF line ends, no trailing commas and with comments', () => {
    checkBunLock(`\uFEFF${text}`, expected);
    checkBunLock(text.replaceAll('\n', '\r\n'), expected);
    checkBunLock(text.replace(/,(\s*[}\]])/g, '$1'), expected);
    checkBunLock(text.replaceAll('\n    "', ' // "{[\n /* ", */    "'), expected);
  });
});

test('versions 0 to 2 of the format are known', () => {
  for (const version of [0, 1, 2]) checkBunLock(`{ "lockfileVersion": ${version}, }`, `bun v${version}`);
});

describe('where bun finds a package', () => {
  test('is the nearest path on the way up', () => {
    checkBunLock(
      `{ "lockfileVersion": 1, "workspaces": { "": { "dependencies": { "@s/a": "1", "b": "1" } } }, "packages": {
        "@s/a": ["@s/a@1.0.0", "", { "dependencies": { "b": "2", "c": "1" } }, "sha512-x"],
        "b": ["b@1.0.0", "", {}, "sha512-x"],
        "c": ["c@1.0.0", "", { "dependencies": { "b": "1" } }, "sha512-x"],
        "@s/a/b": ["b@2.0.0", "", { "dependencies": { "@s/d": "1", "c": "1" } }, "sha512-x"],
        "@s/a/b/@s/d": ["@s/d@1.0.0", "", { "dependencies": { "b": "2" } }, "sha512-x"],
      } }`,
      `bun v1
      . @s/a 1 -> @s/a@1.0.0
      . b 1 -> b@1.0.0
      @s/a: @s/a@1.0.0 prod registry (sha512-x) -> b@2.0.0, c@1.0.0
      b: b@1.0.0 prod registry (sha512-x)
      c: c@1.0.0 prod registry (sha512-x) -> b@1.0.0
      @s/a/b: b@2.0.0 prod registry (sha512-x) -> @s/d@1.0.0, c@1.0.0
      @s/a/b/@s/d: @s/d@1.0.0 prod registry (sha512-x) -> b@2.0.0`,
    );
  });

  test('may be a circle', () => {
    checkBunLock(
      `{ "lockfileVersion": 1, "workspaces": { "": { "devDependencies": { "a": "1" } } }, "packages": {
        "a": ["a@1.0.0", "", { "dependencies": { "b": "1", "a": "1" } }, "sha512-x"],
        "b": ["b@1.0.0", "", { "dependencies": { "a": "1" } }, "sha512-x"],
      } }`,
      `bun v1
      . a 1 dev -> a@1.0.0
      a: a@1.0.0 dev registry (sha512-x) -> b@1.0.0, a@1.0.0
      b: b@1.0.0 dev registry (sha512-x) -> a@1.0.0`,
    );
  });

  test('is below the name of a member, wherever its folder lies', () => {
    checkBunLock(
      `{ "lockfileVersion": 1, "workspaces": {
        "": { "name": "root" },
        "apps/web": { "name": "@s/web", "dependencies": { "a": "2" } },
        "apps/unlisted": { "name": "gone", "dependencies": { "a": "3" } },
      }, "packages": {
        "@s/web": ["@s/web@workspace:apps/web"],
        "a": ["a@1.0.0", "", {}, "sha512-x"],
        "@s/web/a": ["a@2.0.0", "", {}, "sha512-x"],
        "gone/a": ["a@3.0.0", "", {}, "sha512-x"],
      } }`,
      `bun v1
      apps/web a 2 -> a@2.0.0
      apps/unlisted a 3 -> a@3.0.0
      @s/web prod workspace -> a@2.0.0
      a: a@1.0.0 prod registry (sha512-x)
      @s/web/a: a@2.0.0 prod registry (sha512-x)
      gone/a: a@3.0.0 prod registry (sha512-x)`,
    );
  });
});

describe('a package', () => {
  const checkEntry = (tuple: string, expected: string): void => {
    checkBunLock(`{"lockfileVersion":1,"packages":{"a":${tuple}}}`, `bun v1\n${expected}`);
  };

  test('of a registry says which one, unless it is the usual one', () => {
    checkEntry('["a@1.0.0", "", {}, "sha512-x"]', 'a: a@1.0.0 prod registry (sha512-x)');
    checkEntry(
      '["a@1.0.0-rc.1+b", "https://registry.example/base/a/-/a-1.0.0-rc.1.tgz", {}, "sha512-x"]',
      'a: a@1.0.0-rc.1+b prod registry from https://registry.example/base (sha512-x)',
    );
    checkEntry(
      '["a@1.0.0", "https://registry.example/base/", {}]',
      'a: a@1.0.0 prod registry from https://registry.example/base',
    );
    checkEntry('["a@1.0.0", "https://cdn.example/x/y.tgz", {}]', 'a: a@1.0.0 prod registry from https://cdn.example');
    checkEntry('["a@1.0.0", "nonsense", {}]', 'a: a@1.0.0 prod registry');
  });

  test('is told from its alias', () => {
    checkEntry('["@real/name@1.0.0", "", {}, "sha512-x"]', 'a: @real/name@1.0.0 prod registry (sha512-x)');
  });

  test('of a repository, a folder, a link or a tarball is none of a registry', () => {
    checkEntry('["a@github:owner/a#0123abc", { "bin": "a.js" }, "owner-a-0123abc"]', 'a prod git');
    checkEntry('["b@git+ssh://git@git.example/a.git#0123", {}, "0123"]', 'a: b prod git');
    checkEntry('["a@git@git.example:owner/a.git#0123", {}, "0123"]', 'a prod git');
    checkEntry('["a@file:local", {}]', 'a prod file');
    checkEntry('["a@link:a", {}]', 'a prod link');
    checkEntry('["a@./a-1.0.0.tgz", {}, "sha512-x"]', 'a prod file (sha512-x)');
    checkEntry('["a@1.tgz", {}, "sha512-x"]', 'a prod file (sha512-x)');
    checkEntry('["a@https://files.example/a.tgz", {}, "sha512-x"]', 'a prod tarball (sha512-x)');
    checkEntry('["a@root:", { "bin": "a.js" }]', 'a prod workspace');
  });

  test("that was asked for by the address of a registry's tarball is one of that registry", () => {
    checkEntry(
      '["b@https://registry.example/b/-/b-2.0.0.tgz", {}, "sha512-x"]',
      'a: b@2.0.0 prod registry from https://registry.example (sha512-x)',
    );
  });

  test('may have escapes in it', () => {
    checkBunLock(
      String.raw`{"lockfileVersion":1,"packages":{"\u0061":["\u0061@1.0.\u0030","",{"dependencies":{"\u0062":"1"}},"sha512-\u0078"],"\u0061\/b":["b@1.0.0","",{}]}}`,
      String.raw`bun v1
      \u0061: a@1.0.0 prod registry (sha512-x) -> b@1.0.0
      \u0061\/b: b@1.0.0 prod registry`,
    );
  });

  test('may be named like a property of every object', () => {
    checkBunLock(
      `{"lockfileVersion":1,"workspaces":{"":{"dependencies":{"__proto__":"1"}},"__proto__":{}},"catalogs":{"__proto__":{"constructor":"1"}},
      "packages":{"__proto__":["__proto__@1.0.0","",{"dependencies":{"constructor":"1"}}],"constructor":["constructor@1.0.0","",{}]}}`,
      `bun v1
      . __proto__ 1 -> __proto__@1.0.0
      __proto__: __proto__@1.0.0 prod registry -> constructor@1.0.0
      constructor: constructor@1.0.0 prod registry`,
    );
  });
});

test('a chain of ten thousand packages is walked to its end', () => {
  const packages = Array.from({ length: 10_000 }, (_, at) => {
    return `"p${at}":["p${at}@1.0.0","",{"dependencies":{"p${at + 1}":"1"}},"sha512-x"],`;
  });
  const text = `{"lockfileVersion":1,"workspaces":{"":{"devDependencies":{"p0":"1"}}},"packages":{${packages.join('')}}}`;
  const { value, problems } = parseBunLock(text);
  expect(problems).toEqual([]);
  expect(value.entries.every(({ scopes }) => scopes === 2)).toBe(true);
});
