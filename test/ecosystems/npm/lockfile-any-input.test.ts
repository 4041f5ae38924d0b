import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Lockfile } from '../../../server/src/core/lockfile.ts';
import type { Parsed } from '../../../server/src/core/span.ts';
import { parseBunLock } from '../../../server/src/ecosystems/npm/bun/bun-lock.ts';
import { parsePackageLock } from '../../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { completeYarnLock } from '../../support/check-lockfile.ts';
import { BERRY, CLASSIC } from '../../support/yarn-lockfile.ts';

const PACKAGES = `{ "lockfileVersion": 3, "packages": {
  "": { "workspaces": ["w"], "dependencies": { "a": "^1", "alias": "npm:b@^1" }, "devDependencies": { "@s/w": "*" } },
<<<<<<< HEAD
  "node_modules/@s/w": { "resolved": "w", "link": true },
=======
  "node_modules/constructor": { "version": "1.0.0" },
>>>>>>> feature
  "node_modules/a": { "version": "1.0.0", "integrity": "sha512-x", "dependencies": { "b": "1", "a": "1" } },
  "node_modules/a/node_modules/b": { "version": "1.0.\\u0030", "resolved": "https://registry.example/b/-/b-1.0.0.tgz" },
  "node_modules/alias": { "name": "b", "version": "1.0.0", "hasInstallScript": true, "deprecated": "\\"no\\"" },
  "w": { "name": "@s/w", "version": "0.0.0", "peerDependencies": { "__proto__": "1" }, "x": [1, { "y": null }] },
  "node_modules/__proto__": { "version": "1.0.0", "devOptional": true, "resolved": "git+ssh://git@git.example/x.git#1" }
} }
`;

const LEGACY = `{ "lockfileVersion": 1, "requires": true, "dependencies": {
  "a": { "version": "1.0.0", "requires": { "b": "1" }, "dependencies": { "b": { "version": "npm:c@1.0.0" } } },
  "b": { "version": "https://registry.example/b/-/b-1.0.0.tgz", "bundled": true },
  "__proto__": { "version": "file:../x", "optional": true }
} }
`;

const PNPM = `lockfileVersion: '9.0'
catalogs:
  default:
    a:
      specifier: ^1
      version: 1.0.0
importers:
  .:
    dependencies:
      a:
        specifier: 'catalog:'
        version: 1.0.0(@s/p@1.0.0(q@1.0.0))
    devDependencies:
      alias:
        specifier: npm:q@^1
        version: q@1.0.0
      w:
        specifier: workspace:*
        version: link:w
  w: {}
packages:
  '@s/p@1.0.0':
    resolution: {integrity: sha512-x, tarball: https://registry.example/x/-/x-1.0.0.tgz}
    deprecated: >-
      no
  a@1.0.0:
    resolution: {integrity: sha512-a}
<<<<<<< HEAD
  q@1.0.0:
    resolution: {type: git, repo: x, commit: y}
    version: 1.0.0
=======
>>>>>>> feature
snapshots:
  '@s/p@1.0.0(q@1.0.0)':
    dependencies:
      q: 1.0.0
  a@1.0.0(@s/p@1.0.0(q@1.0.0)):
    optionalDependencies:
      '@s/p': 1.0.0(q@1.0.0)
  q@1.0.0: {}
`;

const OLD_PNPM = `lockfileVersion: 5.4
overrides: {a: 1.0.0}
specifiers:
  a: ^1
  b: npm:q@1
dependencies:
  a: 1.0.0_@s+p@1.0.0
  b: /q/1.0.0
importers:
  w:
    specifiers: {__proto__: '1'}
    devDependencies:
      a: {specifier: ^1, version: 1.0.0}
      __proto__: link:../w
packages:
  /@s/p/1.0.0_q@1.0.0:
    resolution: {integrity: sha512-p}
    deprecated: |
      do not
      use
  /a/1.0.0_@s+p@1.0.0:
    resolution: {integrity: sha512-a, tarball: https://registry.example/a/-/a-1.0.0.tgz}
    optionalDependencies:
      '@s/p': 1.0.0_q@1.0.0
    dependencies:
      q: 1.0.0
<<<<<<< HEAD
  /q/1.0.0:
    dev: true
=======
  ? github.com/x/r/0123
  : name: r
    version: 1.0.0
    resolution: {type: git}
>>>>>>> feature
`;

const TOOLS = `---
lockfileVersion: '9.0'
importers:
  .:
    packageManagerDependencies:
      pnpm: {specifier: 11.0.0, version: 11.0.0}
packages: {pnpm@11.0.0: {resolution: {integrity: sha512-x}}}
snapshots: {pnpm@11.0.0: {}}
---
`;

const BUN = `{ "lockfileVersion": 1, // a comment
  "workspaces": {
    "": { "name": "app", "dependencies": { "a": "catalog:", "alias": "npm:b@^1", "w": "workspace:*" }, },
    "w": { "name": "w", "version": "0.0.0", "optionalDependencies": { "__proto__": "1" }, },
  },
  "catalog": { "a": "^1", },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "1", "a": "1" }, "bin": { "a": "a.js" } }, "sha512-x"],
    "alias": ["b@1.0.\\u0030", "https://registry.example/b/-/b-1.0.0.tgz", {}, "sha512-y"],
<<<<<<< HEAD
    "w": ["w@workspace:w"],
=======
    "constructor": ["constructor@1.0.0", "", {}, "sha512-z"],
>>>>>>> feature
    "__proto__": ["__proto__@github:x/y#1", { "peerDependencies": { "a": "1", "b": "1" }, "optionalPeers": ["b"], }, "x-y-1"],
    "a/b": ["b@1.0.0", "", { "cpu": ["x64", "arm64"] }, "sha512-y"],
  },
}
`;

const YARN_MANIFESTS = {
  '.': {
    dependencies: { '@scope/first': '^1.2.0', __proto__: '1' },
    devDependencies: { third: 'patch:third@npm%3Alatest#~/third.patch' },
    resolutions: { '@scope/first/third': 'latest', constructor: '*' },
  },
  member: { name: 'constructor', dependencies: { third: '^9.0.0' } },
};

const FILES: readonly {
  readonly name: string;
  readonly text: string;
  readonly parse: (text: string) => Parsed<Lockfile>;
}[] = [
  { name: 'package-lock v3', text: PACKAGES, parse: parsePackageLock },
  { name: 'package-lock v1', text: LEGACY, parse: parsePackageLock },
  { name: 'bun', text: BUN, parse: parseBunLock },
  { name: 'pnpm', text: PNPM, parse: parsePnpmLock },
  { name: 'pnpm 7', text: OLD_PNPM, parse: parsePnpmLock },
  { name: 'pnpm 8', text: OLD_PNPM.replace('5.4', '6.0').replaceAll('/1.0.0', '@1.0.0'), parse: parsePnpmLock },
  { name: 'pnpm with two documents', text: `${TOOLS}${PNPM}`, parse: parsePnpmLock },
  { name: 'yarn 1', text: withConflict(CLASSIC), parse: (text) => completeYarnLock(text, YARN_MANIFESTS) },
  { name: 'yarn 4', text: withConflict(BERRY), parse: (text) => completeYarnLock(text, YARN_MANIFESTS) },
];

/** The second entry as a side of a conflict. */
function withConflict(text: string): string {
  return text.replace(/\n("@scope\/second[^]*?\n)(?=\n)/, '\n<<<<<<< HEAD\n$1=======\n>>>>>>> feature\n');
}

/** Whatever the text is: places lie inside of it, and numbers of entries are those of entries. */
function checkSound(text: string, { value, problems }: Parsed<Lockfile>): void {
  const { entries, importers, tools, topLevel } = value;
  for (const { start, end } of [...entries, ...problems.map(({ span }) => span)]) {
    if (!(start >= 0 && start <= end && end <= text.length)) expect.fail(`${start} to ${end} is no place in the text`);
  }
  const indexes = [
    ...entries.flatMap(({ edges }) => edges),
    ...importers.flatMap(({ dependencies }) => dependencies.map(({ entry }) => entry).filter((entry) => entry !== -1)),
    ...tools,
    ...(topLevel?.values() ?? []),
  ];
  for (const index of indexes) if (entries[index] === undefined) expect.fail(`there is no entry ${index}`);
  for (const { edges } of entries) expect(new Set(edges).size).toBe(edges.length);
}

describe.each(FILES)('$name', ({ text, parse }) => {
  test('is read to any place where it may end', () => {
    for (let end = 0; end <= text.length; end += 1) {
      const prefix = text.slice(0, end);
      checkSound(prefix, parse(prefix));
    }
  });

  test('gives no fewer packages the more of it there is', () => {
    const withoutConflict = text.replace(/^(?:<{7}|={7}|>{7}).*\n/gm, '');
    let last = 0;
    for (const { index } of withoutConflict.matchAll(/\n/g)) {
      const { entries } = parse(withoutConflict.slice(0, index + 1)).value;
      // A patch is a package of its own until it says of which; members of yarn 1 are not in the lockfile.
      const count = new Set(entries.flatMap(({ name, start, end }) => (end > start ? [name] : []))).size;
      if (count < last)
        expect.fail(`${count} after ${last} at ${withoutConflict.slice(0, index).split('\n').at(-1) ?? ''}`);
      last = count;
    }
    expect(last).toBeGreaterThan(3);
  });

  test('is read with anything in any place of it', () => {
    const piece = fc.oneof(
      fc.constantFrom(
        '"',
        "'",
        '{',
        '}',
        '[',
        ']',
        ',',
        ':',
        '\\',
        '\n',
        '\r',
        '\t',
        ' ',
        '#',
        '&a ',
        '*a',
        '|',
        '- ',
        '? ',
      ),
      fc.constantFrom(
        '---\n',
        '...\n',
        '<<<<<<< x\n',
        '=======\n',
        '>>>>>>> x\n',
        '{}',
        ': ',
        '@',
        '(',
        ')',
        '\u0000',
        '\uD800',
      ),
      fc.string({ unit: 'binary', maxLength: 5 }),
      fc.nat(text.length).chain((from) => fc.nat(40).map((length) => text.slice(from, from + length))),
    );
    const mutation = fc.tuple(fc.nat(text.length), fc.oneof(fc.constant(0), fc.nat(60)), piece);
    fc.assert(
      fc.property(mutation, fc.constantFrom('\n', '\r\n'), ([at, removed, inserted], newline) => {
        const mutated = (text.slice(0, at) + inserted + text.slice(at + removed)).replaceAll('\n', newline);
        checkSound(mutated, parse(mutated));
      }),
      { numRuns: 400 },
    );
  });

  test('is read where its bytes are those of something else', () => {
    const noise = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.json(),
      fc.array(fc.constantFrom(...text.split(/(?<=[\s:,{}"'])/)), { maxLength: 60 }).map((words) => words.join('')),
    );
    fc.assert(
      fc.property(noise, (words) => {
        checkSound(words, parse(words));
      }),
      { numRuns: 400 },
    );
  });
});
