import { expect, it } from 'vitest';
import { MemoryAnswerStore } from '../../server/src/store/memory-answer-store.ts';

it('keeps answers and leases for as long as the process lives', async () => {
  let now = 1_000;
  const store = new MemoryAnswerStore({ now: () => now });
  const answer = { body: '1', etag: 'e', fetchedAt: now };
  store.put('osv', 'a', answer);
  expect(store.get('osv', 'a')).toEqual(answer);
  expect(store.get('npm', 'a')).toBeUndefined();
  expect([await store.lease('kev', 10), await store.lease('kev', 10)]).toEqual([true, false]);
  now += 10;
  expect(await store.lease('kev', 10)).toBe(true);
  await store.clear();
  expect(store.get('osv', 'a')).toBeUndefined();
});

it('forgets what was used longest ago', () => {
  const store = new MemoryAnswerStore({ now: () => 0 });
  const answer = { body: '1', etag: undefined, fetchedAt: 0 };
  for (let index = 0; index < 2_000; index += 1) store.put('osv', String(index), answer);
  store.get('osv', '0');
  store.put('osv', 'one more', answer);
  expect(store.get('osv', '0')).toEqual(answer);
  expect(store.get('osv', '1')).toBeUndefined();
});
