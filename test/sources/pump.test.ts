import { describe, expect, test } from 'vitest';

import { SourceError } from '../../server/src/core/evidence.ts';
import type { HttpRequest } from '../../server/src/core/ports.ts';
import { createPump } from '../../server/src/sources/pump.ts';
import { fakeClock, settle } from '../support/fake-clock.ts';
import { fakeHttp, type FakeAnswer } from '../support/fake-http.ts';
import { recordingLog } from '../support/recording-log.ts';

const NEVER = new AbortController().signal;
const OSV = { label: 'OSV.dev' };

type Answers = (request: HttpRequest, count: number) => FakeAnswer | SourceError | Promise<FakeAnswer>;

function setUp(answers: Answers) {
  const clock = fakeClock();
  let count = 0;
  const http = fakeHttp((request) => answers(request, count++));
  const pump = createPump({ http, clock, log: recordingLog() });
  return { clock, http, pump, ask: (path = '', signal = NEVER) => pump.ask(OSV, get(path), signal) };
}

function get(path: string, host = 'https://api.example'): HttpRequest {
  return { method: 'GET', url: `${host}/${path}`, headers: {}, timeoutMs: 1000, maxBytes: 1000 };
}

/** The outcome as `status` or `code`. */
async function outcome(promise: Promise<{ readonly status: number }>): Promise<number | string> {
  return promise.then(
    ({ status }) => status,
    (error: unknown) => (error instanceof SourceError ? error.code : 'thrown'),
  );
}

describe('statuses', () => {
  test.each([
    [200, 200],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'not-found'],
    [410, 'not-found'],
    [400, 'refused'],
    [304, 'bad-answer'],
  ])('%i becomes %s', async (status, expected) => {
    const { ask } = setUp(() => ({ status }));
    expect(await outcome(ask())).toBe(expected);
  });

  test('what a source calls an answer is one', async () => {
    const { pump } = setUp(() => ({ status: 404 }));
    expect((await pump.ask({ label: 'Scorecard', accepts: [404] }, get(''), NEVER)).status).toBe(404);
  });
});

describe('a retry', () => {
  test('is made once after a server error, a second later', async () => {
    const { ask, clock, http } = setUp((_request, count) => ({ status: count === 0 ? 502 : 200 }));
    const answer = outcome(ask());
    await settle();
    expect(http.requests).toHaveLength(1);
    await clock.advance(1000);
    expect(await answer).toBe(200);
    expect(http.requests).toHaveLength(2);
  });

  test('is made once only', async () => {
    const { ask, clock, http } = setUp(() => ({ status: 500 }));
    const answer = outcome(ask());
    await settle();
    await clock.advance(60_000);
    expect(await answer).toBe('server-error');
    expect(http.requests).toHaveLength(2);
  });

  test.each(['dns', 'timeout', 'tls'] as const)('is not made after %s', async (code) => {
    const { ask, http } = setUp(() => new SourceError(code, 'failed'));
    expect(await outcome(ask())).toBe(code);
    expect(http.requests).toHaveLength(1);
  });

  test('is given up when the caller leaves', async () => {
    const { ask, clock, http } = setUp(() => ({ status: 500 }));
    const controller = new AbortController();
    const answer = ask('', controller.signal);
    await settle();
    controller.abort(new Error('left'));
    await expect(answer).rejects.toThrow('left');
    await clock.advance(60_000);
    expect(http.requests).toHaveLength(1);
  });
});

describe('a host that asks for a pause', () => {
  test.each([429, 503])('gets it (%i with Retry-After), and those who ask meanwhile hear how long', async (status) => {
    const { ask, clock, http } = setUp((_request, count) =>
      count === 0 ? { status, headers: { 'retry-after': '120' } } : { status: 200 },
    );
    await expect(ask('a')).rejects.toMatchObject({ code: 'rate-limited', retryAfterMs: 120_000 });
    await clock.advance(60_000);
    await expect(ask('b')).rejects.toMatchObject({
      code: 'rate-limited',
      retryAfterMs: 60_000,
      message: expect.stringContaining('60 s') as string,
    });
    expect(http.requests).toHaveLength(1);
    await clock.advance(60_000);
    expect(await outcome(ask('b'))).toBe(200);
  });

  test('may give a date', async () => {
    const { ask, clock } = setUp(() => ({
      status: 429,
      headers: { 'retry-after': new Date(clock.now() + 90_000).toUTCString() },
    }));
    await expect(ask()).rejects.toMatchObject({ retryAfterMs: 90_000 });
  });

  test('for a year gets an hour', async () => {
    const { ask, clock } = setUp((_request, count) =>
      count === 0 ? { status: 429, headers: { 'retry-after': '31536000' } } : {},
    );
    expect(await outcome(ask())).toBe('rate-limited');
    await clock.advance(60 * 60_000);
    expect(await outcome(ask())).toBe(200);
  });

  test('does not pause others', async () => {
    const { pump } = setUp((request) => (request.url.startsWith('https://api.example') ? { status: 429 } : {}));
    expect(await outcome(pump.ask(OSV, get(''), NEVER))).toBe('rate-limited');
    expect(await outcome(pump.ask(OSV, get('', 'https://other.example'), NEVER))).toBe(200);
  });
});

describe('a host that is down', () => {
  async function fail(set: ReturnType<typeof setUp>, times: number): Promise<void> {
    for (let count = 0; count < times; count++) await outcome(set.ask());
  }

  test('is left alone after five failures in a row: 30 s, a minute, and so on to 10 min', async () => {
    const set = setUp(() => new SourceError('dns', 'not found by name'));
    await fail(set, 5);
    for (const pauseMs of [30_000, 60_000, 120_000, 240_000, 480_000, 600_000, 600_000]) {
      const before = set.http.requests.length;
      await set.clock.advance(pauseMs - 1);
      await expect(set.ask()).rejects.toMatchObject({ code: 'dns', retryAfterMs: 1 });
      expect(set.http.requests).toHaveLength(before);
      await set.clock.advance(1);
      await fail(set, 1);
      expect(set.http.requests).toHaveLength(before + 1);
    }
  });

  test('is well again after one answer', async () => {
    let down = true;
    const set = setUp(() => (down ? new SourceError('dns', 'down') : {}));
    await fail(set, 5);
    down = false;
    await set.clock.advance(30_000);
    expect(await outcome(set.ask())).toBe(200);
    down = true;
    await fail(set, 4);
    expect(set.http.requests).toHaveLength(10);
  });

  test('questions without an answer do not count against it', async () => {
    const set = setUp(() => ({ status: 404 }));
    await fail(set, 20);
    expect(set.http.requests).toHaveLength(20);
  });

  test('failures that come together pause it once', async () => {
    const set = setUp(() => new SourceError('dns', 'down'));
    await Promise.all(Array.from({ length: 16 }, (_none, at) => outcome(set.ask(String(at)))));
    await set.clock.advance(30_000);
    await fail(set, 1);
    expect(set.http.requests).toHaveLength(17);
  });
});

describe('many questions', () => {
  test('are put to a host sixteen at a time', async () => {
    const set = setUp(async () => {
      await settle();
      return {};
    });
    await Promise.all(Array.from({ length: 50 }, (_none, at) => set.ask(String(at))));
    expect({ sent: set.http.requests.length, most: set.http.mostAtOnce }).toEqual({ sent: 50, most: 16 });
  });

  test('that are the same are one request', async () => {
    const set = setUp(async () => {
      await settle();
      return { body: 'x' };
    });
    const answers = await Promise.all([set.ask('a'), set.ask('a')]);
    expect(set.http.requests).toHaveLength(1);
    expect(answers[0]).toBe(answers[1]);
  });

  test('that differ in a credential are not', async () => {
    const set = setUp(async () => {
      await settle();
      return {};
    });
    await Promise.all([
      set.pump.ask(OSV, { ...get('a'), headers: { authorization: 'one' } }, NEVER),
      set.pump.ask(OSV, { ...get('a'), headers: { authorization: 'two' } }, NEVER),
    ]);
    expect(set.http.requests).toHaveLength(2);
  });
});

test('what is no failure of the world is passed on', async () => {
  const pump = createPump({
    http: { send: () => Promise.reject(new TypeError('a bug')) },
    clock: fakeClock(),
    log: recordingLog(),
  });
  await expect(pump.ask(OSV, get(''), NEVER)).rejects.toThrow(TypeError);
});
