import { expect, test } from 'vitest';

import { lockfileHover } from '../../../server/src/features/lockfile/lockfile-hover.ts';
import { LEARNED_AT } from '../../support/fake-knowledge.ts';
import { openLockfile } from '../../support/open-lockfile.ts';
import { uriOf } from '../../support/project-of.ts';
import type { ProjectFacts } from '../../support/project-of.ts';

/** The whole card at the cursor, without empty lines; undefined where there is none. */
async function cardAt(text: string, facts: ProjectFacts = {}): Promise<string[] | undefined> {
  const { lockfile, project, position } = await openLockfile(text, facts);
  const shown = lockfileHover(lockfile, project, position, LEARNED_AT, uriOf);
  if (shown === undefined) return undefined;
  const { contents } = shown;
  if (typeof contents === 'string' || !('kind' in contents)) throw new Error('the card is not marked up');
  return contents.value.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trimEnd()]));
}

/** These lines stand in the card at the cursor, in this order and without others between the first and the last. */
async function checkWhy(text: string, lines: readonly string[], facts?: ProjectFacts): Promise<void> {
  const card = (await cardAt(text, facts)) ?? [];
  const from = card.indexOf(lines[0] ?? '');
  expect(from === -1 ? card : card.slice(from, from + lines.length)).toEqual(lines);
}

const lockfile = (deep = '"node_modules/deep"', need = '"deep": "1"'): string => `-- package.json --
{ "workspaces": ["packages/*"], "dependencies": { "top": "^1.0.0" } }
-- packages/web/package.json --
{ "name": "web", "devDependencies": { "other": "^2.0.0" } }
-- package-lock.json --
{
  "lockfileVersion": 3,
  "packages": {
    "": { "workspaces": ["packages/*"], "dependencies": { "top": "^1.0.0" } },
    "packages/web": { "devDependencies": { "other": "^2.0.0" } },
    "node_modules/web": { "resolved": "packages/web", "link": true },
    ${deep}: { "version": "1.0.1" },
    "node_modules/mid": { "version": "1.0.0", "dependencies": { ${need} } },
    "node_modules/top": { "version": "1.0.0", "dependencies": { "mid": "1", "gone": "1" } },
    "node_modules/other": { "version": "2.0.0", "dev": true, "dependencies": { "deep": "^1" } }
  }
}
`;

test('an entry tells the shortest chain from each direct dependency, and who asks for it', () =>
  checkWhy(lockfile('"node_$0modules/deep"'), [
    '**Why is this here**: production',
    '- other \\> deep · packages/web',
    '- top \\> mid \\> deep · the root',
    '**Asked for by** 2 packages: mid 1\\.0\\.0, other 2\\.0\\.0',
  ]));

test('below its title the card of an entry says why it is here, then what the card of a line says', async () => {
  const card = await cardAt(lockfile('"node_$0modules/deep"'), {
    advisories: [{ id: 'GHSA-deep', package: 'deep', versions: '>=0 <1.0.2', summary: 'leaks' }],
    registry: { deep: ['1.0.1', '1.0.2'] },
  });
  expect(card?.slice(0, 2)).toEqual(['**deep 1\\.0\\.1** · installed', '**Why is this here**: production']);
  expect(card?.slice(5, 9)).toEqual([
    '**Advisories**: **1, high** as of 2026-01-15 from OSV\\.dev',
    '**Signature**: unknown, because the registry has not been asked yet',
    '**Health**: Scorecard unknown, because no source repository is known · age unknown, because the registry sends no publication dates',
    'installed 1\\.0\\.1 → no known advisory 1\\.0\\.2 → latest 1\\.0\\.2',
  ]);
});

test('a line that asks for a package has the card of what it means', async () => {
  const text = lockfile(undefined, '"de$0ep": "1"');
  await checkWhy(text, ['mid 1\\.0\\.0 asks for deep 1', '**deep 1\\.0\\.1** · installed']);
  await checkWhy(text, ['**Why is this here**: production', '- other \\> deep · packages/web']);
});

test('a line of the root is asked for by the root', () =>
  checkWhy(lockfile().replace('"dependencies": { "top": "^1.0.0" } },', '"dependencies": { "top": "$0^1.0.0" } },'), [
    'The root asks for top ^1\\.0\\.0'.replace('^', '\\^'),
    '**top 1\\.0\\.0** · installed',
  ]));

test('what a line asks for and nobody installed is said so', async () => {
  const card = await cardAt(lockfile().replace('"gone": "1"', '"go$0ne": "1"'));
  expect(card).toEqual(['top 1\\.0\\.0 asks for gone 1', 'The lockfile has no entry for gone']);
});

test('development only, and direct, are told', () =>
  checkWhy(lockfile().replace('"node_modules/other"', '"node_$0modules/other"'), [
    '**Why is this here**: development only',
    '- other \\(direct\\) · packages/web'.replaceAll('\\(', '(').replaceAll('\\)', ')'),
  ]));

test('elsewhere there is no card', async () => {
  expect(await cardAt(lockfile().replace('"version": "1.0.1"', '"ver$0sion": "1.0.1"'))).toBeUndefined();
  expect(await cardAt(lockfile().replace('"lockfileVersion"', '"lock$0fileVersion"'))).toBeUndefined();
});

test('very many chains and members are cut, with their number', async () => {
  const names = Array.from({ length: 9 }, (_, at) => `p${String(at)}`);
  const all = Object.fromEntries(names.map((name) => [name, '1.0.0']));
  const packages = Object.fromEntries(
    names.map((name) => [`node_modules/${name}`, { version: '1.0.0', dependencies: { deep: '1' } }]),
  );
  const text = JSON.stringify({
    lockfileVersion: 3,
    packages: { '': { dependencies: all }, ...packages, 'node_$0modules/deep': { version: '1.0.0' } },
  });
  const card = await cardAt(
    `-- package.json --\n${JSON.stringify({ dependencies: all })}\n-- package-lock.json --\n${text}\n`,
  );
  expect(card).toContain('- and 3 more');
  expect(card).toContainEqual(expect.stringMatching(/^\*\*Asked for by\*\* 9 packages: .* and 3 more$/));
});

const PNPM = `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0(b@2.0.0)
packages:
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
  b@2.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  a@1.0.0(b@2.0.0):
    dependencies:
      b: 2.0.0
  b@2.0.0: {}
`;

test.each([
  ['the key in `packages`', PNPM.replace('packages:\n  a@1', 'packages:\n  a@$01'), 'a 1\\.0\\.0'],
  ['the key of a snapshot', PNPM.replace('a@1.0.0(b', 'a@1.$00.0(b'), 'a 1\\.0\\.0'],
  ['the version of an importer', PNPM.replace('version: 1.0.0(b', 'version: 1.0$0.0(b'), 'a 1\\.0\\.0'],
  ['a dependency of a snapshot', PNPM.replace('b: 2.0.0', 'b: 2.$00.0'), 'b 2\\.0\\.0'],
])('pnpm: %s has a card', async (_, text, title) => {
  expect(await cardAt(text)).toContain(`**${title}** · installed`);
});

const YARN = `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }
-- yarn.lock --
# yarn lockfile v1


a@^1.0.0:
  version "1.0.0"
  dependencies:
    b "^2.0.0"
    b-old "npm:b@^1.0.0"

"b-old@npm:b@^1.0.0":
  version "1.5.0"

b@^2.0.0, b@^2.1.0:
  version "2.1.0"
`;

test.each([
  ['a key with many ranges', YARN.replace('b@^2.1', 'b@$0^2.1'), '**b 2\\.1\\.0** · installed'],
  ['a dependency', YARN.replace('b "^2', 'b$0 "^2'), '**b 2\\.1\\.0** · installed'],
  ['an alias', YARN.replace('b-old "npm', 'b-$0old "npm'), '**b 1\\.5\\.0** · installed'],
])('yarn: %s has a card', async (_, text, title) => {
  expect(await cardAt(text)).toContain(title);
});

const BUN = `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }
-- bun.lock --
{
  "lockfileVersion": 1,
  "workspaces": { "": { "name": "app", "dependencies": { "a": "^1.0.0" } } },
  "packages": {
    "a": ["a@1.0.0", "", { "dependencies": { "b": "^2" } }, "sha512-a"],
    "b": ["b@1.0.0", "", {}, "sha512-b"],
    "a/b": ["b@2.0.0", "", {}, "sha512-c"],
  }
}
`;

test.each([
  ['a package', BUN.replace('"a/b"', '"a/$0b"'), '**b 2\\.0\\.0** · installed'],
  ['a dependency', BUN.replace('"b": "^2"', '"b": "$0^2"'), '**b 2\\.0\\.0** · installed'],
  [
    'a dependency of a member',
    BUN.replace('"a": "^1.0.0" } } }', '"a": "^$01.0.0" } } }'),
    '**a 1\\.0\\.0** · installed',
  ],
])('bun: %s has a card', async (_, text, title) => {
  expect(await cardAt(text)).toContain(title);
});

test('hostile names of a lockfile show as the text that they are', async () => {
  const name = '[x](command:evil)<img>';
  const text = JSON.stringify({
    lockfileVersion: 3,
    packages: { '': { dependencies: { [name]: '1' } }, [`node_$0modules/${name}`]: { version: '1.0.0' } },
  });
  const card = await cardAt(`-- package.json --\n{}\n-- package-lock.json --\n${text}\n`);
  expect(card?.join('\n')).not.toMatch(/(?<!\\)\]\(command|<img/);
});
