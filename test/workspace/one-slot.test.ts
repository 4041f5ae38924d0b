import { expect, test } from 'vitest';

import { OneSlot } from '../../server/src/workspace/one-slot.ts';
import { settle } from '../support/fake-clock.ts';

/** A slot whose runs end when the test says so. */
function heldSlot() {
  const running: PromiseWithResolvers<undefined>[] = [];
  let begun = 0;
  let most = 0;
  const slot = new OneSlot(async () => {
    const run = Promise.withResolvers<undefined>();
    running.push(run);
    begun++;
    most = Math.max(most, running.length);
    try {
      await run.promise;
    } finally {
      running.splice(running.indexOf(run), 1);
    }
  });
  return {
    slot,
    counts: () => ({ begun, most }),
    end: async () => {
      running[0]?.resolve(undefined);
      await settle();
    },
    fail: async () => {
      running[0]?.reject(new Error('the job failed'));
      await settle();
    },
  };
}

test('a call while nothing runs begins at once', () => {
  const { slot, counts } = heldSlot();
  void slot.run();
  expect(counts().begun).toBe(1);
});

test('any number of calls during a run share the next one', async () => {
  const { slot, counts, end } = heldSlot();
  const first = slot.run();
  const others = [slot.run(), slot.run(), slot.run()];
  expect(counts().begun).toBe(1);
  await end();
  await first;
  expect(counts().begun).toBe(2);
  await end();
  await Promise.all(others);
  expect(counts()).toEqual({ begun: 2, most: 1 });
});

test('a call in the moment between two runs does not begin a third beside them', async () => {
  const jobs: PromiseWithResolvers<undefined>[] = [];
  const slot = new OneSlot(() => {
    const job = Promise.withResolvers<undefined>();
    jobs.push(job);
    return job.promise;
  });
  const first = slot.run();
  const second = slot.run();
  // The job has ended, and the next one is not begun before a few turns.
  const late = jobs[0]?.promise.then(() => slot.run());
  jobs[0]?.resolve(undefined);
  await first;
  await settle();
  expect(jobs).toHaveLength(2);
  jobs[1]?.resolve(undefined);
  await Promise.all([second, late]);
  expect(jobs).toHaveLength(2);
});

test('a run that fails fails for those who wait for it, and the next one runs', async () => {
  const { slot, counts, fail, end } = heldSlot();
  const first = slot.run();
  const second = slot.run();
  const failed = expect(first).rejects.toThrow('the job failed');
  await fail();
  await failed;
  await end();
  await second;
  expect(counts()).toEqual({ begun: 2, most: 1 });
});

test('the run that goes on can be waited for without asking for another', async () => {
  const gate = Promise.withResolvers<undefined>();
  let runs = 0;
  const slot = new OneSlot(async () => {
    runs++;
    await gate.promise;
    throw new Error('it failed');
  });
  expect(slot.current).toBeUndefined();
  const run = slot.run();
  const waited = slot.current;
  gate.resolve(undefined);
  await expect(waited).resolves.toBeUndefined();
  await expect(run).rejects.toThrow('it failed');
  expect(slot.current).toBeUndefined();
  expect(runs).toBe(1);
});
