import { expect, test } from 'vitest';

import { excludeMatcher } from '../../server/src/core/exclude-matcher.ts';

test.each([
  ['**/fixtures/**', '/project/fixtures', true],
  ['**/fixtures/**', '/project/test/fixtures/a/package.json', true],
  ['**/fixtures/**', '/project/fixtures-of-mine', false],
  ['examples', '/project/examples', true],
  ['examples/**', '/project/packages/examples', false],
  ['*.tmp', '/project/a.tmp', true],
  ['{examples/old,tmp}/**', '/project/tmp/a', true],
  ['packages/*/old', '/project/packages/a/old', true],
  ['packages/*/old', '/project/packages/a/new', false],
  ['a/x', '/project/a', true],
])('%s leaves out %s: %s', (pattern, path, expected) => {
  expect(excludeMatcher('/project', [pattern])(path)).toBe(expected);
});

test('the folder itself and what lies outside of it are never left out', () => {
  const isExcluded = excludeMatcher('/project/fixtures', ['**']);
  expect(isExcluded('/project/fixtures')).toBe(false);
  expect(isExcluded('/project/other')).toBe(false);
  expect(isExcluded('/project/fixtures/a')).toBe(true);
});

test('without a pattern nothing is left out', () => {
  expect(excludeMatcher('/project', [])('/project/a')).toBe(false);
});
