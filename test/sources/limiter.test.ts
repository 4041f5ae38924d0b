import { expect, test } from 'vitest';

import { createLimiter } from '../../server/src/sources/limiter.ts';
import { settle } from '../support/fake-clock.ts';

const NEVER = new AbortController().signal;

test('at most so many tasks run at a time, in the order they came', async () => {
  const limiter = createLimiter(2);
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const tasks = [0, 1, 2, 3].map((id) =>
    limiter.run(() => {
      started.push(id);
      return new Promise<void>((resolve) => ends.push(resolve));
    }, NEVER),
  );
  await settle();
  expect(started).toEqual([0, 1]);
  ends[1]?.();
  await settle();
  expect(started).toEqual([0, 1, 2]);
  ends[0]?.();
  ends[2]?.();
  await settle();
  ends[3]?.();
  await Promise.all(tasks);
  expect(started).toEqual([0, 1, 2, 3]);
});

test('a task that fails gives its slot back', async () => {
  const limiter = createLimiter(1);
  await expect(limiter.run(() => Promise.reject(new Error('failed')), NEVER)).rejects.toThrow('failed');
  expect(await limiter.run(() => Promise.resolve('next'), NEVER)).toBe('next');
});

test('a task that is aborted while it waits never runs, and those behind it do', async () => {
  const limiter = createLimiter(1);
  const gate = Promise.withResolvers<undefined>();
  const first = limiter.run(() => gate.promise, NEVER);
  const controller = new AbortController();
  let ran = false;
  const second = limiter.run(() => {
    ran = true;
    return Promise.resolve();
  }, controller.signal);
  const third = limiter.run(() => Promise.resolve('third'), NEVER);
  controller.abort(new Error('closed'));
  await expect(second).rejects.toThrow('closed');
  gate.resolve(undefined);
  await first;
  expect(await third).toBe('third');
  expect(ran).toBe(false);
});
