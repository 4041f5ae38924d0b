import { expect, test } from 'vitest';

import { createSingleFlight } from '../../server/src/sources/single-flight.ts';

const NEVER = new AbortController().signal;

test('those who ask the same at the same time share one request', async () => {
  const flights = createSingleFlight<number>();
  let started = 0;
  const start = () => Promise.resolve(++started);
  expect(
    await Promise.all([flights.run('a', NEVER, start), flights.run('a', NEVER, start), flights.run('b', NEVER, start)]),
  ).toEqual([1, 1, 2]);
  expect(await flights.run('a', NEVER, start)).toBe(3);
});

test('a failure is everybody’s, and is not kept', async () => {
  const flights = createSingleFlight<string>();
  const fail = () => Promise.reject(new Error('down'));
  const both = await Promise.allSettled([flights.run('a', NEVER, fail), flights.run('a', NEVER, fail)]);
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await flights.run('a', NEVER, () => Promise.resolve('up'))).toBe('up');
});

test('the request goes on while somebody waits for it, and is aborted when nobody does', async () => {
  const flights = createSingleFlight<string>();
  const gate = Promise.withResolvers<string>();
  let shared: AbortSignal | undefined;
  const start = (signal: AbortSignal) => {
    shared = signal;
    return gate.promise;
  };
  const [first, second] = [new AbortController(), new AbortController()];
  const answers = [flights.run('a', first.signal, start), flights.run('a', second.signal, start)];
  first.abort(new Error('first left'));
  await expect(answers[0]).rejects.toThrow('first left');
  expect(shared?.aborted).toBe(false);
  second.abort(new Error('second left'));
  await expect(answers[1]).rejects.toThrow('second left');
  expect(shared?.aborted).toBe(true);
  expect(await flights.run('a', NEVER, () => Promise.resolve('anew'))).toBe('anew');
});
