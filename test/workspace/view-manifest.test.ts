import { expect, test } from 'vitest';

import { coverageOf } from '../../server/src/workspace/project-coverage.ts';
import { subjectsOf } from '../../server/src/workspace/refresher.ts';
import type { LineView } from '../../server/src/workspace/snapshot.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

async function lineOf(text: string, name: string, facts: ProjectFacts, path = 'package.json'): Promise<LineView> {
  const { manifest } = await projectOf(text, facts);
  const line = manifest(path).lines.find(({ dependency }) => dependency.name === name);
  if (line === undefined) throw new Error(`no line for ${name}`);
  return line;
}

function reasonOf({ advisories }: LineView): string | undefined {
  return advisories.known ? undefined : advisories.reason;
}

test('the lockfile decides the version', async () => {
  const line = await lineOf('{ "dependencies": { "a": "^1.0.0" } }', 'a', {
    installed: { a: '1.2.3' },
    registry: { a: ['1.2.3', '1.9.0'] },
  });
  expect([line.version, line.isLocked, line.pending]).toEqual(['1.2.3', true, undefined]);
});

test('without a lockfile it is the highest published version in the range', async () => {
  const text = '{ "dependencies": { "a": "^1.0.0" } }';
  const registry = { a: ['1.2.3', '1.9.0', { version: '1.9.1', deprecated: 'broken' }, '2.0.0'] };
  const line = await lineOf(text, 'a', { registry });
  expect([line.version, line.isLocked, line.pending]).toEqual(['1.9.0', false, undefined]);
});

test('without a lockfile a tag means the version that it points at, and no property of objects', async () => {
  const text = '{ "dependencies": { "a": "latest", "b": "constructor" } }';
  const facts = { registry: { a: ['1.0.0', '2.0.0'], b: ['1.0.0'] } };
  expect((await lineOf(text, 'a', facts)).version).toBe('2.0.0');
  expect((await lineOf(text, 'b', facts)).version).toBeUndefined();
});

test('without a lockfile and without the registry nobody knows', async () => {
  const line = await lineOf('{ "dependencies": { "a": "^1.0.0" } }', 'a', {});
  expect([line.version, reasonOf(line)]).toEqual([undefined, 'no lockfile says which version is installed']);
});

test('without a lockfile a name in two groups has a version for each', async () => {
  const text = '{ "dependencies": { "a": "^1.0.0" }, "peerDependencies": { "a": ">=1" } }';
  const { manifest } = await projectOf(text, { registry: { a: ['1.0.0', '2.0.0'] } });
  expect(manifest().lines.map(({ version }) => version)).toEqual(['1.0.0', '2.0.0']);
});

test.each([
  ['the range that the lockfile was made for', '^1.0.0', undefined],
  [
    'another range that the installed version meets',
    '^1.2.0',
    { written: '^1.2.0', locked: '1.2.3', madeFor: '^1.0.0' },
  ],
  ['a range beyond the installed version', '^1.3.0', { written: '^1.3.0', locked: '1.2.3' }],
  ['a range below the installed version', '~1.1.0', { written: '~1.1.0', locked: '1.2.3' }],
])('%s: waiting is %j', async (_, range, pending) => {
  const facts = { installed: { a: '1.2.3' }, lockedFor: { a: '^1.0.0' } };
  expect((await lineOf(`{ "dependencies": { "a": "${range}" } }`, 'a', facts)).pending).toEqual(pending);
});

test('a name that the lockfile lacks waits, and is unknown because it is not there', async () => {
  const line = await lineOf('{ "dependencies": { "new": "^1.0.0" } }', 'new', { installed: {} });
  expect([line.version, line.pending, reasonOf(line)]).toEqual([
    undefined,
    { written: '^1.0.0', locked: '' },
    'it is not in the lockfile',
  ]);
});

test('an alias that points at another package now waits', async () => {
  const text = `-- package.json --
{ "dependencies": { "x": "npm:new@^1.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "x": "npm:old@^1.0.0" } },
  "node_modules/x": { "name": "old", "version": "1.0.0" }
} }`;
  const line = await lineOf(text, 'x', {});
  expect([line.subject?.name, line.pending]).toEqual(['old', { written: '^1.0.0', locked: '1.0.0' }]);
});

const PNPM = (importers: string): string => `-- package.json --
{ "dependencies": { "a": "catalog:", "b": "catalog:react17" } }
-- pnpm-workspace.yaml --
catalog:
  a: ^1.1.0
catalogs:
  react17:
    b: ^2.0.0
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
${importers}
packages:
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  a@1.0.0: {}
`;

const WITH_A = PNPM("      a:\n        specifier: 'catalog:'\n        version: 1.0.0");

test('a line that points at a catalog knows the line that owns its version', async () => {
  const line = await lineOf(WITH_A, 'a', {});
  expect([line.version, line.catalogLine?.path, line.pending]).toEqual([
    '1.0.0',
    '/project/pnpm-workspace.yaml',
    undefined,
  ]);
});

test('the catalog line itself waits when the catalog moved on', async () => {
  const line = await lineOf(WITH_A, 'a', {}, 'pnpm-workspace.yaml');
  expect([line.version, line.pending]).toEqual(['1.0.0', { written: '^1.1.0', locked: '1.0.0' }]);
});

test('a line that points at a catalog and is not installed waits; the catalog line of nobody does not', async () => {
  expect((await lineOf(WITH_A, 'b', {})).pending).toEqual({ written: '^2.0.0', locked: '' });
  expect((await lineOf(WITH_A, 'b', {}, 'pnpm-workspace.yaml')).pending).toBeUndefined();
});

test('a line of a package-lock of version 1 means the entry of its name, and what it brings in is known', async () => {
  const text = `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 1, "dependencies": {
  "a": { "version": "1.0.0", "requires": { "b": "^1.0.0" } },
  "b": { "version": "1.0.0" }
} }`;
  const line = await lineOf(text, 'a', { advisories: [{ id: 'GHSA-1', package: 'b', versions: '>=0' }] });
  expect([line.version, line.pending]).toEqual(['1.0.0', undefined]);
  expect(line.brings.map(({ ruleId, paths }) => [ruleId, paths])).toEqual([['GHSA-1', [['a', 'b']]]]);
});

test.each([
  ['"github:x/y"', 'from git: no registry signs or lists it'],
  ['"file:../x"', 'from a local file'],
  ['"workspace:*"', 'a member of this workspace'],
  ['"https://host.example/x.tgz"', 'from a URL: no registry signs or lists it'],
])('a dependency on %s is unknown: %s', async (value, reason) => {
  const line = await lineOf(`{ "dependencies": { "x": ${value} } }`, 'x', { installed: {} });
  expect([reasonOf(line), line.subject, line.pending]).toEqual([reason, undefined, undefined]);
});

test('development dependencies that are turned off are unknown, and never free of advisories', async () => {
  const line = await lineOf('{ "devDependencies": { "a": "1.0.0" } }', 'a', {
    installed: { a: '1.0.0 dev' },
    advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0' }],
    settings: { devDependencies: false },
  });
  expect([line.own, reasonOf(line)]).toEqual([[], 'development dependencies are turned off']);
});

test('a name in two groups brings in a package once', async () => {
  const text = '{ "devDependencies": { "a": "1.0.0" }, "peerDependencies": { "a": "*" } }';
  const { manifest } = await projectOf(text, {
    installed: { a: '1.0.0 needs b', b: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'b', versions: '>=0' }],
  });
  expect(manifest().lines.map(({ brings }) => brings.length)).toEqual([1, 1]);
});

test('a name that is a property of every object is a name like others', async () => {
  const text = '{ "dependencies": { "__proto__": "1.0.0", "constructor": "1.0.0" } }';
  const { manifest } = await projectOf(text, { installed: { constructor: '1.0.0' } });
  expect(manifest().lines.find(({ dependency }) => dependency.name === 'constructor')?.version).toBe('1.0.0');
});

test.each([
  ['without a lockfile', ''],
  ['with a lockfile that lacks it', '-- package-lock.json --\n{ "lockfileVersion": 3, "packages": { "": {} } }\n'],
])('%s, the name of a member that a sibling asks for by a range is withheld', async (_, lockfile) => {
  const text = `${lockfile}-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "own": "^1.0.0", "other": "^1.0.0" } }
-- packages/own/package.json --
{ "name": "own", "version": "1.0.0" }`;
  const own = await lineOf(text, 'own', {}, 'packages/a/package.json');
  expect([own.subject?.withheld, reasonOf(own)]).toEqual(['a member of this workspace', 'a member of this workspace']);
  expect((await lineOf(text, 'other', {}, 'packages/a/package.json')).subject?.withheld).toBeUndefined();
});

test.each([
  ['a protocol of another registry', '{ "dependencies": { "a": "jsr:@std/a@1" } }', 'a', /^the protocol "jsr:"/],
  ['a name that is none', '{ "dependencies": { "not a name": "1.0.0" } }', 'not a name', /is not a package name$/],
])('%s is asked about nowhere, with a lockfile or without', async (_, text, name, reason) => {
  for (const facts of [{}, { installed: {} }]) {
    const { project } = await projectOf(text, facts);
    const { direct } = subjectsOf(project);
    expect(direct.map(({ withheld }) => withheld)).toEqual([expect.stringMatching(reason)]);
    expect(coverageOf(project)).toMatchObject({ checked: 0, unknown: [], skipped: [{ name }] });
  }
});
