import { expect, test } from 'vitest';

import { DecisionFiles } from '../../server/src/workspace/decision-files.ts';
import { memoryFiles } from '../support/memory-files.ts';

const IGNORE = '{ "ignore": [{ "advisory": "GHSA-1" }] }';

/** The paths of the files that decide for a project. */
async function check(
  texts: Readonly<Record<string, string>>,
  root: string,
  folder: string,
  expected: readonly string[],
): Promise<void> {
  const { files } = await new DecisionFiles(memoryFiles(texts)).read(root, folder, true, undefined);
  expect(files.map(({ path }) => path)).toEqual(expected);
}

const NESTED = {
  '/.provender.jsonc': IGNORE,
  '/repository/.provender.jsonc': IGNORE,
  '/repository/packages/a/.provender.jsonc': IGNORE,
  '/repository/packages/a/package.json': '{}',
};

test('the nearest folder comes first, and the repository ends the way', () =>
  check({ ...NESTED, '/repository/.git/HEAD': '' }, '/repository/packages/a', '/repository/packages/a', [
    '/repository/packages/a/.provender.jsonc',
    '/repository/.provender.jsonc',
  ]));

test('a worktree has a file of that name', () =>
  check({ ...NESTED, '/repository/.git': 'gitdir: elsewhere' }, '/repository/packages/a', '/repository/packages/a', [
    '/repository/packages/a/.provender.jsonc',
    '/repository/.provender.jsonc',
  ]));

test('without a repository the folder that is open ends the way', () =>
  check(NESTED, '/repository/packages/a', '/repository', [
    '/repository/packages/a/.provender.jsonc',
    '/repository/.provender.jsonc',
  ]));

test('a single file that is checked takes nothing from above its own project', () =>
  check(NESTED, '/repository/packages/a', '/repository/packages/a/package.json', [
    '/repository/packages/a/.provender.jsonc',
  ]));

test('a folder of VEX documents counts, whatever their names', () =>
  check(
    {
      '/p/.vex/release.json':
        '{ "@context": "https://openvex.dev/ns", "statements": [{ "vulnerability": { "name": "CVE-1" }, "products": [{ "@id": "pkg:npm/a@1" }], "status": "fixed" }] }',
      '/p/.vex/notes.txt': 'no JSON',
    },
    '/p',
    '/p',
    ['/p/.vex/release.json'],
  ));

test('what is too big, and what is too much, is named', async () => {
  const texts: Record<string, string> = {
    '/p/.provender.jsonc': ' '.repeat(4_000_001),
    '/p/.trivyignore.yaml': ' '.repeat(400_001),
  };
  for (let number = 100; number < 160; number++) texts[`/p/.vex/${String(number)}.json`] = '{}';
  const reader = new DecisionFiles(memoryFiles(texts));
  const first = await reader.read('/p', '/p', true, undefined);
  expect(first.files.flatMap(({ problems }) => problems.map(({ message }) => message))).toEqual([
    'it is bigger than 4000 kB, and decides nothing',
    'it is bigger than 400 kB, and decides nothing',
    'this and 11 more files of decisions are not read: there are more than 50',
  ]);
  expect(await reader.read('/p', '/p', true, first)).toBe(first);
});
