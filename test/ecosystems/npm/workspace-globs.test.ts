import { expect, test } from 'vitest';
import { memberMatcher } from '../../../server/src/ecosystems/npm/project/workspace-globs.ts';

test.each([
  ['packages/*', 'packages/a', true],
  ['packages/*', 'packages/a/b', false],
  ['packages/*', 'packages', false],
  ['./packages/*/', 'packages/a', true],
  ['packages/**', 'packages/a/b', true],
  ['packages/**', 'packages', true],
  ['**', 'a/b/c', true],
  ['**/a', 'a', true],
  ['a/**/z', 'a/b/c/z', true],
  ['a/**/z', 'a/z', true],
  ['a/**/y/**/z', 'a/y/b/y/z', true],
  ['packages/a*', 'packages/abc', true],
  ['packages/*-b-*', 'packages/a-b-c', true],
  ['packages/?', 'packages/a', true],
  ['packages/?', 'packages/ab', false],
  ['packages/{a,b}', 'packages/b', true],
  ['{apps,libs/{x,y}}/*', 'libs/y/z', true],
  ['packages/*', 'packages/.hidden', false],
  ['**', '.hidden/a', false],
  ['.config/*', '.config/a', true],
  ['packages/[a]', 'packages/a', false],
])('%s names %s: %s', (pattern, folder, isMember) => {
  expect(memberMatcher([pattern], 'in-order')(folder)).toBe(isMember);
  expect(memberMatcher([pattern], 'always')(folder)).toBe(isMember);
});

test('for npm the last pattern that matches decides', () => {
  const isMember = memberMatcher(['a/*', '!a/x', 'a/x'], 'in-order');
  expect([isMember('a/x'), isMember('a/y')]).toEqual([true, true]);
});

test('for pnpm a negated pattern wins wherever it stands', () => {
  const isMember = memberMatcher(['!**/test/**', 'a/**'], 'always');
  expect([isMember('a/test'), isMember('a/test/b'), isMember('a/b')]).toEqual([false, false, true]);
});

test('hostile patterns are matched in no time', () => {
  const started = performance.now();
  const isMember = memberMatcher(['*a'.repeat(200), '**/a/'.repeat(80), '{a,b}'.repeat(60), '{'.repeat(400)], 'always');
  isMember(`${'a'.repeat(5_000)}b`);
  isMember(`${'a/'.repeat(2_000)}b`);
  expect(performance.now() - started).toBeLessThan(1_000);
});
