import { expect, test } from 'vitest';

import { RecentAttempts } from '../../server/src/lsp/recent-attempts.ts';

test('what was tried a moment ago is not due, and later it is', () => {
  let now = 0;
  const attempts = new RecentAttempts(() => now);
  expect([attempts.isDue('a'), attempts.isDue('a'), attempts.isDue('b')]).toEqual([true, false, true]);
  now = 59_999;
  expect(attempts.isDue('a')).toBe(false);
  now = 60_000;
  expect(attempts.isDue('a')).toBe(true);
});
