import { describe, expect, test } from 'vitest';

import { SourceError } from '../../server/src/core/evidence.ts';
import type { OsvQuery } from '../../server/src/sources/osv.ts';
import { queryOsv, type OsvAnswer } from '../../server/src/sources/osv-query.ts';
import { createPump } from '../../server/src/sources/pump.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakeHttp, type FakeAnswer } from '../support/fake-http.ts';
import { recordingLog } from '../support/recording-log.ts';

interface Asked {
  readonly package: { readonly ecosystem: string; readonly name: string };
  readonly version?: string;
  readonly page_token?: string;
}

type Answer = FakeAnswer | SourceError;

/** Asks for packages `p0`, `p1`, … and gives what came for each: the ids, or the code. */
async function ask(count: number, answer: (queries: readonly Asked[], request: number) => Answer) {
  const batches: (readonly Asked[])[] = [];
  const http = fakeHttp((request) => {
    const { queries } = JSON.parse(request.body ?? '') as { queries: readonly Asked[] };
    batches.push(queries);
    return answer(queries, batches.length - 1);
  });
  const pump = createPump({ http, clock: fakeClock(), log: recordingLog() });
  const queries = Array.from({ length: count }, (_none, at): OsvQuery => ({
    ecosystem: 'npm',
    name: `p${at}`,
    version: '1.0.0',
  }));
  const answers = new Map<string, OsvAnswer>();
  let deliveries = 0;
  await queryOsv(pump, 'https://osv.example/', queries, new AbortController().signal, (pairs) => {
    deliveries++;
    for (const [query, one] of pairs) answers.set(query.name, one);
  });
  const of = (name: string): readonly string[] | string => {
    const one = answers.get(name);
    if (one === undefined) return 'nothing';
    return one instanceof SourceError ? one.code : one.map(({ id }) => id);
  };
  return { batches, of, deliveries, answers, requests: http.requests };
}

function none(queries: readonly Asked[]): Answer {
  return { body: { results: queries.map(() => ({})) } };
}

function named(id: string): object {
  return { id, modified: '2026-01-01T00:00:00Z' };
}

test('the question has the form that OSV wants', async () => {
  const { requests } = await ask(1, none);
  expect(requests[0]).toMatchObject({ method: 'POST', url: 'https://osv.example/v1/querybatch' });
  expect(JSON.parse(requests[0]?.body ?? '')).toEqual({
    queries: [{ package: { ecosystem: 'npm', name: 'p0' }, version: '1.0.0' }],
  });
});

test('answers come in the order of the questions', async () => {
  const { of } = await ask(3, () => ({
    body: { results: [{ vulns: [named('GHSA-a')] }, {}, { vulns: [named('GHSA-b'), named('MAL-c')] }] },
  }));
  expect([of('p0'), of('p1'), of('p2')]).toEqual([['GHSA-a'], [], ['GHSA-b', 'MAL-c']]);
});

test('a batch holds a thousand questions at most', async () => {
  const { batches, deliveries } = await ask(1800, none);
  expect(batches.map((batch) => batch.length)).toEqual([1000, 800]);
  expect(deliveries).toBe(2);
});

describe('paging', () => {
  test('only the questions with more pages are asked again, until there is no token', async () => {
    const { batches, of } = await ask(2, (queries, request) => {
      if (request === 0) return { body: { results: [{ vulns: [named('GHSA-a')], next_page_token: 'two' }, {}] } };
      if (request === 1) return { body: { results: [{ next_page_token: 'three' }] } };
      return { body: { results: queries.map(() => ({ vulns: [named('GHSA-b')] })) } };
    });
    expect(batches.map((batch) => batch.map(({ package: { name }, page_token }) => [name, page_token]))).toEqual([
      [
        ['p0', undefined],
        ['p1', undefined],
      ],
      [['p0', 'two']],
      [['p0', 'three']],
    ]);
    expect([of('p0'), of('p1')]).toEqual([['GHSA-a', 'GHSA-b'], []]);
  });

  test('a page that fails makes the whole answer unknown', async () => {
    const { of } = await ask(1, (_queries, request) =>
      request === 0
        ? { body: { results: [{ vulns: [named('GHSA-a')], next_page_token: 'two' }] } }
        : new SourceError('timeout', 'too slow'),
    );
    expect(of('p0')).toBe('timeout');
  });

  test('an answer without end is given up', async () => {
    const { of, batches } = await ask(1, () => ({ body: { results: [{ next_page_token: 'again' }] } }));
    expect({ answer: of('p0'), requests: batches.length }).toEqual({ answer: 'bad-answer', requests: 50 });
  });
});

describe('a rejected batch', () => {
  const bad =
    (...names: readonly string[]) =>
    (queries: readonly Asked[]): Answer =>
      queries.some((query) => names.includes(query.package.name))
        ? { status: 400, body: { message: 'invalid' } }
        : none(queries);

  test('one bad query does not lose the batch', async () => {
    const { answers, of, batches } = await ask(1000, bad('p617'));
    expect([...answers.values()].filter((answer) => answer instanceof SourceError)).toHaveLength(1);
    expect(of('p617')).toBe('refused');
    expect(of('p616')).toEqual([]);
    expect(batches.length).toBeLessThanOrEqual(21);
  });

  test('two bad queries do not either', async () => {
    const { answers, of } = await ask(1000, bad('p3', 'p999'));
    expect([...answers.values()].filter((answer) => answer instanceof SourceError)).toHaveLength(2);
    expect([of('p3'), of('p999')]).toEqual(['refused', 'refused']);
  });

  test('a host that rejects everything is not asked a thousand times', async () => {
    const { of, batches } = await ask(1000, () => ({ status: 400 }));
    expect(of('p0')).toBe('refused');
    expect(batches.length).toBeLessThanOrEqual(100);
  });
});

describe('an answer that is none', () => {
  test.each<[string, Answer, string]>([
    ['truncated JSON', { body: '{"results":[{' }, 'bad-answer'],
    ['a login page', { body: '<html>' }, 'bad-answer'],
    ['another document', { body: { ok: true } }, 'bad-answer'],
    ['too few results', { body: { results: [{}] } }, 'bad-answer'],
    ['a result that is null', { body: { results: [null, {}] } }, 'bad-answer'],
    ['an advisory without an id', { body: { results: [{ vulns: [{}] }, {}] } }, 'bad-answer'],
    ['an advisory that is no object', { body: { results: [{ vulns: [null] }, {}] } }, 'bad-answer'],
    ['advisories that are no list', { body: { results: [{ vulns: 'GHSA-1' }, {}] } }, 'bad-answer'],
    ['an error in place of a result', { body: { results: [{ code: 3, message: 'no' }, {}] } }, 'bad-answer'],
    ['no network', new SourceError('dns', 'not found'), 'dns'],
    ['a refusal', { status: 403 }, 'refused'],
  ])('%s is unknown, never "no advisory"', async (_case, answer, code) => {
    const { of } = await ask(2, () => answer);
    expect([of('p0'), of('p1')]).toEqual([code, code]);
  });

  test('one batch that fails does not lose the others', async () => {
    const { of } = await ask(1001, (queries) =>
      queries.length === 1000 ? new SourceError('timeout', 'too slow') : none(queries),
    );
    expect([of('p0'), of('p1000')]).toEqual(['timeout', []]);
  });
});
