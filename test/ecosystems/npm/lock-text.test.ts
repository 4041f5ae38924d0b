import { describe, expect, test } from 'vitest';

import type { LockText } from '../../../server/src/core/lock-text.ts';
import { npm } from '../../../server/src/ecosystems/npm/index.ts';

/** The keys of the members, then each entry of the text with its block's last line and what it asks for. */
function checkLockText(path: string, text: string, expected: string): void {
  const format: LockText = npm.lockText(path);
  const describeNeeds = (block: { start: number; end: number }): string =>
    format
      .needsIn(text, block)
      .map(({ name, wanted, nameSpan, span }) => {
        expect(text.slice(nameSpan.start, nameSpan.end)).toBe(name);
        return `${name} ${wanted} [${text.slice(span.start, span.end).replaceAll(/\s*\n\s*/g, ' | ')}]`;
      })
      .join('; ');
  const members = format.membersIn(text).map(({ key, block }) => {
    const name = text.slice(key.start, key.end);
    return `member ${format.importerOf(name) ?? '?'}: ${describeNeeds(block)}`;
  });
  const entries = npm.parseLockfile(path, text).value.entries.map((entry) => {
    const { block } = format.blockOf(text, entry);
    const last = text.slice(block.start, block.end).split('\n').at(-1)?.trim() ?? '';
    return `${text.slice(entry.start, entry.end)} … ${last}: ${describeNeeds(block)}`;
  });
  expect([...members, ...entries].map((line) => line.trimEnd()).join('\n')).toBe(
    expected
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '')
      .join('\n'),
  );
}

test('package-lock.json: an object for each package, the root without a name', () =>
  checkLockText(
    'package-lock.json',
    `{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "a": "^1.0.0" }, "devDependencies": { "b": "*" } },
    "node_modules/a": {
      "version": "1.0.0",
      "dependencies": {
        "b": "^1.0.0"
      },
      "engines": { "node": ">=20" },
      "peerDependencies": { "c": "*" }
    },
    "node_modules/b": { "version": "1.0.0" }
  }
}`,
    `member .: a ^1.0.0 [a": "^1.0.0]; b * [b": "*]
     node_modules/a … }: b ^1.0.0 [b": "^1.0.0]; c * [c": "*]
     node_modules/b … "node_modules/b": { "version": "1.0.0" }:`,
  ));

test('package-lock.json of version 1: what a package requires, not what lies in its folder', () =>
  checkLockText(
    'package-lock.json',
    `{ "lockfileVersion": 1, "dependencies": {
  "a": { "version": "1.0.0", "requires": { "b": "2" }, "dependencies": {
    "b": { "version": "2.0.0", "requires": { "c": "1" } }
  } }
} }`,
    `b … "b": { "version": "2.0.0", "requires": { "c": "1" } }: c 1 [c": "1]
     a … } }: b 2 [b": "2]`,
  ));

test('pnpm-lock.yaml: importers with versions on lines below, snapshots with theirs beside', () =>
  checkLockText(
    'pnpm-lock.yaml',
    `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0
  packages/one:
    devDependencies:
      '@s/b':
        specifier: 'catalog:'
        version: 2.0.0(a@1.0.0)
packages:
  '@s/b@2.0.0':
    resolution: {integrity: sha512-AAAA}
    peerDependencies:
      a: '*'
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  '@s/b@2.0.0(a@1.0.0)':
    dependencies:
      a: 1.0.0
    optionalDependencies:
      '@s/none': 1.0.0
    transitivePeerDependencies:
      - supports-color
  a@1.0.0: {}
`,
    `member .: a 1.0.0 [a: | specifier: ^1.0.0 | version: 1.0.0]
     member packages/one: @s/b 2.0.0(a@1.0.0) [@s/b': | specifier: 'catalog:' | version: 2.0.0(a@1.0.0)]
     @s/b@2.0.0(a@1.0.0) … - supports-color: a 1.0.0 [a: 1.0.0]; @s/none 1.0.0 [@s/none': 1.0.0]
     a@1.0.0 … a@1.0.0: {}:`,
  ));

test('yarn.lock of yarn 1: a name and a range with a space between', () =>
  checkLockText(
    'yarn.lock',
    `# yarn lockfile v1


"@s/b@^2.0.0", "@s/b@^2.1.0":
  version "2.1.0"
  resolved "https://registry.example/@s/b/-/b-2.1.0.tgz#0"
  dependencies:
    a "^1.0.0"
    "@s/c" "npm:d@1"
  optionalDependencies:
    e ">= 1 < 3"

a@^1.0.0:
  version "1.0.0"
`,
    `@s/b@^2.0.0", "@s/b@^2.1.0 … e ">= 1 < 3": a ^1.0.0 [a "^1.0.0]; @s/c npm:d@1 [@s/c" "npm:d@1]; e >= 1 < 3 [e ">= 1 < 3]
     a@^1.0.0 … version "1.0.0":`,
  ));

test('yarn.lock of later ones: YAML, members among the entries', () =>
  checkLockText(
    'yarn.lock',
    `__metadata:
  version: 8
  cacheKey: 10c0

"a@npm:^1.0.0":
  version: 1.0.0
  resolution: "a@npm:1.0.0"
  dependencies:
    "@s/b": "npm:^2.0.0"
  peerDependencies:
    c: "*"
  checksum: 10c0/00
  languageName: node
  linkType: hard

"app@workspace:packages/app":
  version: 0.0.0-use.local
  resolution: "app@workspace:packages/app"
  dependencies:
    a: "npm:^1.0.0"
  languageName: unknown
  linkType: soft
`,
    `a@npm:^1.0.0 … linkType: hard: @s/b npm:^2.0.0 [@s/b": "npm:^2.0.0]
     app@workspace:packages/app … linkType: soft: a npm:^1.0.0 [a: "npm:^1.0.0]`,
  ));

test('bun.lock: all of a package on its line', () =>
  checkLockText(
    'bun.lock',
    `{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "app", "dependencies": { "a": "^1.0.0" } },
    "packages/one": { "name": "one", "devDependencies": { "b": "2" } },
  },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^1" }, "optionalPeers": ["x"], "peerDependencies": { "c": "*" } }, "sha512-a"],

    "a/b": ["b@1.0.0", "", {}, "sha512-b"],
  }
}`,
    `member .: a ^1.0.0 [a": "^1.0.0]
     member packages/one: b 2 [b": "2]
     a … "a": ["a@1.0.0", "", { "dependencies": { "b": "^1" }, "optionalPeers": ["x"], "peerDependencies": { "c": "*" } }, "sha512-a"]: b ^1 [b": "^1]; c * [c": "*]
     a/b … "a/b": ["b@1.0.0", "", {}, "sha512-b"]:`,
  ));

describe('which entry a line means', () => {
  const need = (name: string, wanted: string) => {
    const span = { start: 0, end: 0 };
    return { name, wanted, nameSpan: span, span };
  };
  test.each([
    ['package-lock.json', need('b', '1'), 'node_modules/a/node_modules/b', true],
    ['package-lock.json', need('b', '1'), 'node_modules/@s/b', false],
    ['package-lock.json', need('@s/b', '1'), 'node_modules/a/node_modules/@s/b', true],
    ['bun.lock', need('@s/b', '1'), 'a/@s/b', true],
    ['bun.lock', need('b', '1'), 'a/@s/b', false],
    ['pnpm-lock.yaml', need('b', '1.0.0(c@1.0.0)'), 'b@1.0.0(c@1.0.0)', true],
    ['pnpm-lock.yaml', need('alias', '@s/b@1.0.0'), '@s/b@1.0.0', true],
    ['pnpm-lock.yaml', need('b', '1.0.0'), 'b@1.0.0(c@1.0.0)', false],
    ['pnpm-lock.yaml', need('b', '1.0.0_c@1.0.0'), '/b/1.0.0_c@1.0.0', true],
    ['pnpm-lock.yaml', need('alias', '/b@1.0.0'), '/b@1.0.0', true],
    ['pnpm-lock.yaml', need('b', '1.0.0(c@1.0.0)'), '/b@1.0.0(c@1.0.0)', true],
    ['yarn.lock', need('b', '^1'), 'a@^2", "b@^1', true],
    ['yarn.lock', need('b', '^1'), 'b@npm:^1, b@npm:^1.2', true],
    ['yarn.lock', need('b', '^1'), 'b@^1.2', false],
  ])('%s: %o and %s', (path, asked, key, isMeant) => expect(npm.lockText(path).isAnsweredBy(asked, key)).toBe(isMeant));
});
