import { expect, test } from 'vitest';

import { baseOf } from '../support/base-of.ts';
import { checkDiagnostics, foundIn } from '../support/check-diagnostics.ts';
import { ROOT } from '../support/project-of.ts';

const LODASH = { id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21', summary: 'command injection' } as const;

test('an affected direct dependency is marked at its version, with the fixed version', () =>
  checkDiagnostics(
    `{
  "dependencies": {
    "lodash": "^4.17.20"
               ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
  }
}`,
    { installed: { lodash: '4.17.20' }, advisories: [LODASH] },
  ));

test('a score is shown where a vector gives one', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ warning GHSA-9: a 1.0.0 is affected by GHSA-9 (high 7.2): bad. No fixed version is known.
} }`,
    {
      installed: { a: '1.0.0' },
      advisories: [
        {
          id: 'GHSA-9',
          package: 'a',
          versions: '>=0',
          summary: 'bad',
          cvss: { version: '3.1', score: 7.2, vector: '' },
        },
      ],
    },
  ));

test('what an earlier commit did not have is said to be new, all of it or in part', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0",
        ^^^^^ warning GHSA-1: a 1.0.0 is affected by GHSA-1 (high): bad. No fixed version is known. New since origin/main.
  "b": "2.0.0",
        ^^^^^ warning GHSA-2: b 2.0.0: 2 advisories, worst high; no fixed version is known. 1 of 2 new since origin/main.
  "c": "1.0.0"
        ^^^^^ warning GHSA-1: c 1.0.0 brings in 1 affected package, 1 high, by way of c > a 1.0.0. New since origin/main.
} }`,
    {
      installed: { a: '1.0.0', b: '2.0.0', c: '1.0.0 needs a' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0', summary: 'bad' },
        { id: 'GHSA-2', package: 'b', versions: '>=2' },
        { id: 'GHSA-3', package: 'b', versions: '>=0', severity: 'low' },
      ],
      base: baseOf('origin/main', ['a@1.0.0', 'b@2.0.0'], { b: ['1.0.0'] }),
    },
  ));

test('several advisories of one dependency are one diagnostic, told by the worst', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "vite": "4.1.0"
           ^^^^^ error GHSA-2: vite 4.1.0: 3 advisories, worst critical; 4.5.14 clears all.
} }`,
    {
      installed: { vite: '4.1.0' },
      advisories: [
        { id: 'GHSA-1', package: 'vite', versions: '>=4.0.0 <4.1.5' },
        { id: 'GHSA-2', package: 'vite', versions: '>=4.0.0 <4.5.14', severity: 'critical' },
        { id: 'GHSA-3', package: 'vite', versions: '>=4.0.0 <4.3.0', severity: 'low' },
      ],
    },
  ));

test('the list of several advisories stands in the related information, at the line itself', async () => {
  const { all } = await foundIn('{ "dependencies": { "a": "1.0.0" } }', {
    installed: { a: '1.0.0' },
    advisories: [
      { id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' },
      { id: 'GHSA-2', package: 'a', versions: '>=0', severity: 'low' },
    ],
  });
  expect(all).toHaveLength(1);
  expect(all[0]?.source).toBe('Provender');
  expect(all[0]?.codeDescription?.href).toBe('https://github.com/advisories/GHSA-1');
  expect(all[0]?.relatedInformation?.map(({ message }) => message)).toEqual([
    'GHSA-1 (high): fixed in 1.1.0',
    'GHSA-2 (low): no fixed version is known',
  ]);
  expect(all[0]?.relatedInformation?.[0]?.location).toEqual({
    uri: `file://${ROOT}/package.json`,
    range: all[0]?.range,
  });
});

test('a lockfile that cannot be read is named in place of "no lockfile"', async () => {
  const { all } = await foundIn('-- package.json --\n{ "dependencies": { "a": "1.0.0" } }\n-- bun.lockb --\n\n', {
    registry: { a: ['1.0.0'] },
    advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0' }],
  });
  expect(all.map(({ message }) => message)).toContainEqual(
    expect.stringContaining('bun.lockb cannot be read: this is the highest version in the range.'),
  );
});

test('only a fix of part of the advisories is told as such', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ warning GHSA-1: a 1.0.0: 2 advisories, worst high; 1.1.0 clears 1.
} }`,
    {
      installed: { a: '1.0.0' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0' },
        { id: 'GHSA-2', package: 'a', versions: '>=0 <1.1.0' },
      ],
    },
  ));

test('a dependency is marked once for all that it brings in, with the way to the worst', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "webpack": "^4.0.0",
              ^^^^^^ warning GHSA-2: webpack 4.0.0 brings in 2 affected packages, 1 critical, by way of webpack > watchpack > chokidar 2.0.0.
  "other": "^1.0.0"
            ^^^^^^ information GHSA-1: other 1.0.0 brings in 1 affected package, 1 high, by way of other > braces 2.0.0.
} }`,
    {
      installed: {
        webpack: '4.0.0 needs watchpack',
        watchpack: '1.0.0 needs chokidar',
        chokidar: '2.0.0 needs braces',
        braces: '2.0.0',
        other: '1.0.0 needs braces',
      },
      advisories: [
        { id: 'GHSA-1', package: 'braces', versions: '>=0' },
        { id: 'GHSA-2', package: 'chokidar', versions: '>=0', severity: 'critical' },
        { id: 'GHSA-3', package: 'chokidar', versions: '>=0' },
      ],
    },
  ));

test('own trouble and what is brought in are two diagnostics', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ warning GHSA-1: a 1.0.0 is affected by GHSA-1 (high): bad. No fixed version is known.
        ^^^^^ information GHSA-2: a 1.0.0 brings in 1 affected package, 1 high, by way of a > b 1.0.0.
} }`,
    {
      installed: { a: '1.0.0 needs b', b: '1.0.0' },
      advisories: [
        { id: 'GHSA-1', package: 'a', versions: '>=0', summary: 'bad' },
        { id: 'GHSA-2', package: 'b', versions: '>=0' },
      ],
    },
  ));

test('a line that asks for more than the lockfile holds waits for an install', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "lodash": "^4.17.21",
             ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
             ^^^^^^^^ information waiting-for-install: ^4.17.21 written, the lockfile still has 4.17.20. Run: npm install
  "new": "1.0.0",
          ^^^^^ information waiting-for-install: 1.0.0 written, the lockfile does not have it yet. Run: npm install
  "newer": "latest"
            ^^^^^^ information waiting-for-install: latest written, the lockfile does not have it yet. Run: npm install
} }`,
    { installed: { lodash: '4.17.20' }, lockedFor: { lodash: '^4.17.20' }, advisories: [LODASH] },
  ));

test('a peer that nothing supplies waits for no install', () =>
  checkDiagnostics('{ "peerDependencies": { "react": ">=17" } }', { installed: {} }));

test('a line whose version an override of the root decides waits for no install', () =>
  checkDiagnostics('{ "dependencies": { "a": "^1.0.0" }, "pnpm": { "overrides": { "a@1": "2.0.0" } } }', {
    installed: { a: '2.0.0' },
    lockedFor: { a: '2.0.0' },
  }));

test('without a lockfile the message says which version it is about', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "lodash": "~4.17.0"
             ^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.18.0. No lockfile: this is the highest version in the range.
} }`,
    { advisories: [LODASH], registry: { lodash: ['4.17.19', '4.17.20', '4.18.0'] } },
  ));

test('what could not be looked up is coverage and no diagnostic', () =>
  checkDiagnostics('{ "dependencies": { "a": "1.0.0", "b": "github:x/y", "c": "file:../c" } }', {
    installed: { a: '1.0.0' },
    unknown: { a: 'offline' },
  }));

test('what is affected among the records at hand is told although not all could be asked', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "lodash": "4.17.20"
             ^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
} }`,
    { installed: { lodash: '4.17.20' }, advisories: [LODASH], unknown: { lodash: 'timeout' } },
  ));

test('a private name that an advisory matches is told to be matched by name', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": {
  "@corp/a": "1.0.0"
              ^^^^^ warning GHSA-1: @corp/a 1.0.0 is affected by GHSA-1 (high): bad. No fixed version is known. Matched by name: the package is not from the public registry.
} }
-- .npmrc --
@corp:registry=https://corp.example/
`,
    {
      installed: { '@corp/a': '1.0.0' },
      advisories: [{ id: 'GHSA-1', package: '@corp/a', versions: '>=0', summary: 'bad' }],
    },
  ));

test('an alias is told by the name of the package that is installed', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "old-lodash": "npm:lodash@^4.17.20"
                            ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
} }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "old-lodash": "npm:lodash@^4.17.20" } },
  "node_modules/old-lodash": { "name": "lodash", "version": "4.17.20" }
} }`,
    { advisories: [LODASH] },
  ));

test('the catalog owns the version, so the diagnostic stands there and not on the lines that point at it', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": { "lodash": "catalog:" } }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "lodash": "catalog:" } }
-- pnpm-workspace.yaml --
packages: [packages/*]
catalog:
  lodash: ^4.17.20
          ^^^^^^^^ warning GHSA-1: lodash 4.17.20 is affected by GHSA-1 (high): command injection. Fixed in 4.17.21.
  unused: ^1.0.0
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
catalogs:
  default:
    lodash:
      specifier: ^4.17.20
      version: 4.17.20
importers:
  .:
    dependencies:
      lodash:
        specifier: 'catalog:'
        version: 4.17.20
  packages/a:
    dependencies:
      lodash:
        specifier: 'catalog:'
        version: 4.17.20
packages:
  lodash@4.17.20:
    resolution: {integrity: sha512-AAAA}
snapshots:
  lodash@4.17.20: {}
`,
    { advisories: [LODASH] },
  ));

test('every member that brings in an affected package is marked', () =>
  checkDiagnostics(
    `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/a/package.json --
{ "name": "a", "dependencies": {
  "x": "1.0.0"
        ^^^^^ information GHSA-1: x 1.0.0 brings in 1 affected package, 1 high, by way of x > z 1.0.0.
} }
-- packages/b/package.json --
{ "name": "b", "dependencies": {
  "y": "1.0.0"
        ^^^^^ information GHSA-1: y 1.0.0 brings in 1 affected package, 1 high, by way of y > z 1.0.0.
} }
`,
    {
      installed: { x: '1.0.0 needs z', y: '1.0.0 needs z', z: '1.0.0' },
      advisories: [{ id: 'GHSA-1', package: 'z', versions: '>=0' }],
    },
  ));

test('a manifest that is typed halfway is said to be so, and the rest of it still works', async () => {
  const { annotations } = await foundIn(
    `-- package.json --
{ "dependencies": {
  "lodash": "^4.17.20",
  "b":
} }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "lodash": "^4.17.20" } },
  "node_modules/lodash": { "version": "4.17.20" }
} }`,
    { advisories: [LODASH] },
  );
  expect(annotations.map(({ code }) => code)).toEqual(['GHSA-1', 'not-read']);
});

test('the places of a lockfile that cannot be read are said in the lockfile', async () => {
  const { annotations } = await foundIn(
    `-- package.json --
{}
-- package-lock.json --
{ "lockfileVersion": 3, "packages": { "": {}, "node_modules/a": 5 } }`,
    {},
  );
  expect(annotations).toMatchObject([{ path: 'package-lock.json', severity: 'information', code: 'not-read' }]);
});

test('what a lockfile holds as a version is one line in a message', async () => {
  const { annotations } = await foundIn('{ "dependencies": { "odd": "^1.0.0" } }', {
    installed: { odd: '1.0.0\n\u001b[31m\u202e' },
    lockedFor: { odd: '^2.0.0' },
  });
  expect(annotations.map(({ message }) => message)).toEqual([
    expect.stringContaining('the lockfile still has 1.0.0 [31m. Run'),
  ]);
});

test.each([
  [
    'was published with less than versions before it',
    [
      { version: '1.0.0', publishedAt: Date.parse('2025-01-01'), trust: 2 as const },
      { version: '1.1.0', publishedAt: Date.parse('2026-01-01'), trust: 0 as const },
    ],
    '                ^^^^^^ warning signature-downgrade: a 1.1.0, which an install will take: earlier versions (last: 1.0.0, 2025-01-01) were published from CI with provenance, as the registry lists them; this one was not. Account takeovers look like this: check the release before installing.\n',
  ],
  [
    'runs an install script that the installed version does not',
    [{ version: '1.0.0' }, { version: '1.1.0', hasInstallScript: true }],
    '                ^^^^^^ warning new-install-script: a 1.1.0, which an install will take: it runs an install script, which the installed version does not.\n',
  ],
  ['is published as before', [{ version: '1.0.0' }, { version: '1.1.0' }], ''],
])('a bump says before the install that the new version %s', (_, versions, expected) =>
  checkDiagnostics(
    `{
  "dependencies": {
          "a": "^1.1.0"
${expected}                ^^^^^^ information waiting-for-install: ^1.1.0 written, the lockfile still has 1.0.0. Run: npm install
  }
}`,
    { installed: { a: '1.0.0' }, lockedFor: { a: '^1.0.0' }, registry: { a: versions } },
  ),
);
