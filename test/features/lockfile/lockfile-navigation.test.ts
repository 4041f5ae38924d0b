import type { Location } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';

import { definition } from '../../../server/src/features/definition.ts';
import { lockfileDefinition } from '../../../server/src/features/lockfile/lockfile-definition.ts';
import { lockfileFolding } from '../../../server/src/features/lockfile/lockfile-folding.ts';
import { lockfileLinks } from '../../../server/src/features/lockfile/lockfile-links.ts';
import { lockfileReferences } from '../../../server/src/features/lockfile/lockfile-references.ts';
import { lockfileSymbols } from '../../../server/src/features/lockfile/lockfile-symbols.ts';
import { npmRegistry } from '../../../server/src/ecosystems/npm/registry/registry.ts';
import { describePlace, openLockfile, type OpenedLockfile } from '../../support/open-lockfile.ts';
import { uriOf } from '../../support/project-of.ts';
import { projectOf } from '../../support/project-of.ts';

/** The places that the cursor in the lockfile leads to, as `path:line:column text`. */
async function checkDefinition(text: string, places: readonly string[]): Promise<void> {
  const opened = await openLockfile(text);
  checkPlaces(opened, lockfileDefinition(opened.lockfile, opened.project, opened.position, uriOf), places);
}

async function checkReferences(text: string, places: readonly string[]): Promise<void> {
  const opened = await openLockfile(text);
  checkPlaces(opened, lockfileReferences(opened.lockfile, opened.project, opened.position, uriOf), places);
}

function checkPlaces({ test: { marked } }: OpenedLockfile, found: Location[], places: readonly string[]): void {
  expect(found.map((location) => describePlace(marked.files, location))).toEqual(places);
}

const NPM = `-- package.json --
{ "workspaces": ["web"], "dependencies": { "top": "^1.0.0" } }
-- web/package.json --
{ "dependencies": { "top": "^1.0.0", "deep": "^1.0.0" } }
-- package-lock.json --
{
  "lockfileVersion": 3,
  "packages": {
    "": { "workspaces": ["web"], "dependencies": { "top": "^1.0.0" } },
    "web": {
      "dependencies": { "top": "^1.0.0", "deep": "^1.0.0" }
    },
    "node_modules/web": { "resolved": "web", "link": true },
    "node_modules/deep": { "version": "1.0.1" },
    "node_modules/last": { "version": "3.0.0", "dependencies": { "deep": "2" } },
    "node_modules/last/node_modules/deep": { "version": "2.0.0" },
    "node_modules/top": { "version": "1.0.0", "dependencies": { "deep": "1", "last": "3" } }
  }
}
`;

test('an entry leads to the lines of all manifests that name it', () =>
  checkDefinition(NPM.replace('"node_modules/top"', '"node_mod$0ules/top"'), [
    'package.json:1:45 top',
    'web/package.json:1:22 top',
  ]));

test('a line in an entry leads to the entry that it means there, not to another version', async () => {
  await checkDefinition(NPM.replace('{ "deep": "2" }', '{ "deep": "$02" }'), [
    'package-lock.json:11:6 node_modules/last/node_modules/deep',
  ]);
  await checkDefinition(NPM.replace('{ "deep": "1"', '{ "de$0ep": "1"'), ['package-lock.json:9:6 node_modules/deep']);
});

test('an entry that no manifest names leads to itself', () =>
  checkDefinition(NPM.replace('"node_modules/last"', '"node_mod$0ules/last"'), [
    'package-lock.json:10:6 node_modules/last',
  ]));

test('nothing leads nowhere', () => checkDefinition(NPM.replace('"lockfileVersion"', '"lockfile$0Version"'), []));

test('a line of a manifest leads to its entry in the lockfile', async () => {
  const { manifest, project, cursor, marked } = await projectOf(NPM.replace('{ "top": "^1', '{ "to$0p": "^1'));
  const found = definition(manifest(), project, cursor(), uriOf);
  expect(found.map((location) => describePlace(marked.files, location))).toEqual([
    'package-lock.json:12:6 node_modules/top',
  ]);
});

test('the references of an entry are the lines of manifests, members and packages that ask for it', () =>
  checkReferences(NPM.replace('"node_modules/deep"', '"node_mod$0ules/deep"'), [
    'web/package.json:1:39 deep',
    'package-lock.json:6:43 deep": "^1.0.0',
    'package-lock.json:12:66 deep": "1',
  ]));

test('the references of a line are those of what it means', () =>
  checkReferences(NPM.replace('{ "deep": "2" }', '{ "deep": "$02" }'), ['package-lock.json:10:67 deep": "2']));

const PNPM = `-- package.json --
{ "dependencies": { "a": "catalog:" } }
-- pnpm-workspace.yaml --
catalog:
  a: ^1.0.0
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
catalogs:
  default:
    a:
      specifier: ^1.0.0
      version: 1.0.0
importers:
  .:
    dependencies:
      a:
        specifier: 'catalog:'
        version: 1.0.0
packages:
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
  b@2.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  a@1.0.0:
    dependencies:
      b: 2.0.0
  b@2.0.0: {}
`;

test('pnpm: a version leads to its snapshot, and back to the lines that ask', async () => {
  await checkDefinition(PNPM.replace('b: 2.0.0', 'b: 2$0.0.0'), ['pnpm-lock.yaml:22:3 b@2.0.0']);
  await checkReferences(PNPM.replace('b@2.0.0: {}', 'b@2.0$0.0: {}'), ['pnpm-lock.yaml:21:7 b: 2.0.0']);
  await checkReferences(PNPM.replace('  a@1.0.0:\n    dep', '  a@1$0.0.0:\n    dep'), [
    'package.json:1:22 a',
    'pnpm-workspace.yaml:2:3 a',
    "pnpm-lock.yaml:10:7 a:\n        specifier: 'catalog:'\n        version: 1.0.0",
  ]);
});

test('pnpm: a line that points at a catalog leads to the catalog and to the entry', async () => {
  const { manifest, project, cursor, marked } = await projectOf(PNPM.replace('"catalog:"', '"cat$0alog:"'));
  const found = definition(manifest(), project, cursor(), uriOf);
  expect(found.map((location) => describePlace(marked.files, location))).toEqual([
    'pnpm-workspace.yaml:2:3 a',
    'pnpm-lock.yaml:19:3 a@1.0.0',
  ]);
});

const BERRY = `-- package.json --
{ "name": "app", "workspaces": ["web"], "dependencies": { "a": "^1.0.0" }, "devDependencies": { "b": "^2.0.0" } }
-- yarn.lock --
__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.0.0
  resolution: "a@npm:1.0.0"
  dependencies:
    b: "npm:^2.0.0"
  languageName: node
  linkType: hard

"app@workspace:.":
  version: 0.0.0-use.local
  resolution: "app@workspace:."
  dependencies:
    a: "npm:^1.0.0"
    b: "npm:^2.0.0"
  languageName: unknown
  linkType: soft

"b@npm:^2.0.0":
  version: 2.1.0
  resolution: "b@npm:2.1.0"
  languageName: node
  linkType: hard
`;

test('berry: members ask from entries of their own', async () => {
  await checkDefinition(
    BERRY.replace('    b: "npm:^2.0.0"\n  languageName: unk', '    b: "npm:^2$0.0.0"\n  languageName: unk'),
    ['yarn.lock:21:2 b@npm:^2.0.0'],
  );
  await checkReferences(BERRY.replace('"b@npm:^2.0.0":', '"b@npm$0:^2.0.0":'), [
    'package.json:1:98 b',
    'yarn.lock:8:5 b: "npm:^2.0.0',
    'yarn.lock:17:5 b: "npm:^2.0.0',
  ]);
});

test('the outline has members and entries by name and version, each with its block', async () => {
  const { lockfile, project } = await openLockfile(PNPM);
  const lines = lockfileSymbols(lockfile, project).map(
    ({ name, detail, range }) =>
      `${name} (${detail ?? ''}) ${String(range.start.line + 1)}-${String(range.end.line + 1)}`,
  );
  expect(lines).toEqual(['. () 8-12', 'a@1.0.0 (prod) 19-21', 'b@2.0.0 (prod) 22-22']);
});

test('blocks fold by their indentation, the outer ones first', async () => {
  const { lockfile } = await openLockfile(BERRY);
  const lines = lockfileFolding(lockfile).map(
    ({ startLine, endLine }) => `${String(startLine + 1)}-${String(endLine + 1)}`,
  );
  expect(lines).toEqual(['1-2', '4-10', '12-19', '21-25', '7-8', '15-17']);
});

test('an entry leads to the page of its version, when it is from the public registry', async () => {
  const text = `-- package.json --
{}
-- .npmrc --
@corp:registry=https://corp.example/
-- package-lock.json --
{ "lockfileVersion": 3, "packages": { "": {},
  "node_modules/@corp/p": { "version": "1.0.0" },
  "node_modules/a": { "version": "1.2.3" },
  "node_modules/l": { "resolved": "../l", "link": true }
} }
`;
  const { lockfile, project } = await openLockfile(text);
  expect(lockfileLinks(lockfile, project).map(({ target }) => target)).toEqual([npmRegistry.page('a', '1.2.3')]);
});

test('every cursor in every prefix of a lockfile gets an answer without a fault', async () => {
  for (const [path, text] of [
    ['package-lock.json', NPM],
    ['pnpm-lock.yaml', PNPM],
    ['yarn.lock', BERRY],
  ] as const) {
    const [before = '', content = ''] = text.split(`-- ${path} --\n`);
    for (let cut = 0; cut <= content.length; cut += 7) {
      const { lockfile, project } = await openLockfile(`${before}-- ${path} --\n${content.slice(0, cut)}`);
      const at = lockfile.document.lines.positionAt(Math.max(0, cut - 20));
      for (const { range } of [
        ...lockfileDefinition(lockfile, project, at, uriOf),
        ...lockfileReferences(lockfile, project, at, uriOf),
        ...lockfileSymbols(lockfile, project),
      ]) {
        expect(lockfile.document.lines.offsetAt(range.end)).toBeLessThanOrEqual(Math.max(cut, 200));
      }
    }
  }
});
