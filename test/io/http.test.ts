import { brotliCompressSync, gzipSync } from 'node:zlib';

import { afterEach, beforeEach, describe, expect, test } from 'vitest';

import { SourceError } from '../../server/src/core/evidence.ts';
import type { HttpRequest } from '../../server/src/core/ports.ts';
import { createHttp } from '../../server/src/io/http.ts';
import { systemClock } from '../../server/src/io/system-clock.ts';
import { testAuthority } from '../support/certificate.ts';
import { fakeClock, type FakeClock } from '../support/fake-clock.ts';
import { startFaultServer, type Behavior, type CapturedRequest, type FaultServer } from '../support/fault-server.ts';

const NEVER = new AbortController().signal;

const closers: (() => Promise<unknown>)[] = [];
let http: ReturnType<typeof createHttp>;

beforeEach(() => {
  http = createHttp({ clock: systemClock, environment: {} });
  closers.push(() => http.close());
});

afterEach(async () => {
  await Promise.all(closers.splice(0).map((close) => close()));
});

async function serve(
  behave: (request: CapturedRequest) => Behavior,
  ...rest: [] | [Parameters<typeof startFaultServer>[1]]
): Promise<FaultServer> {
  const server = await startFaultServer(behave, ...rest);
  closers.push(() => server.close());
  return server;
}

function get(url: string, changes: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url, headers: {}, timeoutMs: 20_000, maxBytes: 1_000_000, ...changes };
}

async function failure(promise: Promise<unknown>): Promise<SourceError> {
  const error: unknown = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (error instanceof SourceError) return error;
  throw new Error('expected a SourceError', { cause: error });
}

function text(body: Uint8Array): string {
  return Buffer.from(body).toString('utf8');
}

describe('an answer', () => {
  test('any status is one, with header names in lower case', async () => {
    const server = await serve(() => ({
      kind: 'answer',
      status: 418,
      headers: { ETag: '"x"' },
      body: 'short and stout',
    }));
    const response = await http.send(get(server.base), NEVER);
    expect({ status: response.status, etag: response.headers['etag'], body: text(response.body) }).toEqual({
      status: 418,
      etag: '"x"',
      body: 'short and stout',
    });
  });

  test('a POST carries its body and headers', async () => {
    const server = await serve(() => ({ kind: 'answer' }));
    await http.send(
      get(`${server.base}q`, { method: 'POST', body: '{"a":1}', headers: { 'content-type': 'application/json' } }),
      NEVER,
    );
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/q', body: '{"a":1}' });
    expect(server.requests[0]?.headers['content-type']).toBe('application/json');
  });

  test.each([
    ['gzip', gzipSync('packed')],
    ['br', brotliCompressSync('packed')],
  ])('a body in %s is unpacked', async (encoding, body) => {
    const server = await serve(() => ({ kind: 'answer', headers: { 'content-encoding': encoding }, body }));
    expect(text((await http.send(get(server.base), NEVER)).body)).toBe('packed');
  });

  test('one connection serves request after request', async () => {
    const narrow = createHttp({ clock: systemClock, environment: {}, connectionsPerOrigin: 1 });
    closers.push(() => narrow.close());
    const server = await serve(() => ({ kind: 'answer', body: 'x' }));
    for (let count = 0; count < 5; count++) await narrow.send(get(server.base), NEVER);
    expect(server.connections).toBe(1);
  });

  test('no more connections are opened to an origin than allowed', async () => {
    const narrow = createHttp({ clock: systemClock, environment: {}, connectionsPerOrigin: 2 });
    closers.push(() => narrow.close());
    const server = await serve(() => ({ kind: 'answer', body: 'x' }));
    await Promise.all(Array.from({ length: 10 }, () => narrow.send(get(server.base), NEVER)));
    expect(server.connections).toBeLessThanOrEqual(2);
    expect(server.requests).toHaveLength(10);
  });
});

describe('a body without bounds', () => {
  test('an endless one is cut at the limit', async () => {
    const server = await serve(() => ({ kind: 'endless' }));
    const error = await failure(http.send(get(server.base), NEVER));
    expect(error.code).toBe('too-large');
    // What lies in the sockets' buffers was written too, but not a hundred megabytes.
    expect(server.written).toBeLessThan(50_000_000);
  });

  test('one that says beforehand that it is too long is not read', async () => {
    const server = await serve(() => ({ kind: 'answer', body: Buffer.alloc(2_000_000) }));
    expect((await failure(http.send(get(server.base), NEVER))).code).toBe('too-large');
  });

  test('the limit holds for the unpacked bytes', async () => {
    const bomb = gzipSync(Buffer.alloc(20_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const server = await serve(() => ({ kind: 'answer', headers: { 'content-encoding': 'gzip' }, body: bomb }));
    expect((await failure(http.send(get(server.base), NEVER))).code).toBe('too-large');
  });
});

describe('a world that fails', () => {
  test('a broken gzip body is a bad answer', async () => {
    const body = gzipSync('packed').subarray(0, 12);
    const server = await serve(() => ({ kind: 'answer', headers: { 'content-encoding': 'gzip' }, body }));
    expect((await failure(http.send(get(server.base), NEVER))).code).toBe('bad-answer');
  });

  test('an encoding that nobody asked for is a bad answer', async () => {
    const server = await serve(() => ({ kind: 'answer', headers: { 'content-encoding': 'zstd' }, body: 'x' }));
    expect((await failure(http.send(get(server.base), NEVER))).code).toBe('bad-answer');
  });

  test.each<Behavior>([{ kind: 'reset' }, { kind: 'truncated', body: '{"a"' }])(
    'a connection that breaks ($kind) is told as such',
    async (behavior) => {
      const server = await serve(() => behavior);
      expect((await failure(http.send(get(server.base), NEVER))).code).toBe('connection');
    },
  );

  test('a port where nobody listens is a failed connection', async () => {
    const server = await startFaultServer(() => ({ kind: 'answer' }));
    await server.close();
    expect((await failure(http.send(get(server.base), NEVER))).code).toBe('connection');
  });

  test.each<Behavior>([{ kind: 'drip' }, { kind: 'gate', gate: new Promise(() => undefined) }])(
    'a server that takes its time ($kind) is cut',
    async (behavior) => {
      const clock = fakeClock();
      const own = createHttp({ clock, environment: {} });
      closers.push(() => own.close());
      const server = await serve(() => behavior);
      const answer = failure(own.send(get(server.base, { timeoutMs: 5_000 }), NEVER));
      await received(server);
      await clock.advance(5_000);
      expect(await answer).toMatchObject({ code: 'timeout', message: expect.stringContaining('5 seconds') as string });
    },
  );

  test('an abort reaches the socket and rejects with its reason', async () => {
    const server = await serve(() => ({ kind: 'endless' }));
    const controller = new AbortController();
    const answer = http.send(get(server.base, { maxBytes: 1e12 }), controller.signal);
    await received(server);
    const reason = new Error('the document was closed');
    controller.abort(reason);
    await expect(answer).rejects.toBe(reason);
  });

  test('the message names the host and nothing of the path', async () => {
    const server = await serve(() => ({ kind: 'reset' }));
    const { message } = await failure(http.send(get(`${server.base}secret-path`), NEVER));
    expect(message).toContain('127.0.0.1');
    expect(message).not.toContain('secret-path');
  });

  test('no timer is left behind', async () => {
    const clock: FakeClock = fakeClock();
    const own = createHttp({ clock, environment: {} });
    closers.push(() => own.close());
    const server = await serve(() => ({ kind: 'answer' }));
    await own.send(get(server.base), NEVER);
    expect(clock.pending).toBe(0);
  });
});

describe('TLS', () => {
  const authority = testAuthority();

  test('a certificate of an authority that nobody trusts is refused as such', async () => {
    const server = await serve(() => ({ kind: 'answer' }), authority.issue('server'));
    expect((await failure(http.send(get(server.base), NEVER))).code).toBe('tls');
    expect(server.requests).toHaveLength(0);
  });

  test('a private authority of the user’s own is trusted where it is named', async () => {
    const server = await serve(() => ({ kind: 'answer', body: 'inside' }), authority.issue('server'));
    const response = await http.send(get(server.base, { connection: { ca: authority.ca } }), NEVER);
    expect(text(response.body)).toBe('inside');
  });

  test('another authority is not', async () => {
    const server = await serve(() => ({ kind: 'answer' }), authority.issue('server'));
    const connection = { ca: testAuthority().ca };
    expect((await failure(http.send(get(server.base, { connection }), NEVER))).code).toBe('tls');
  });

  test('strict-ssl=false accepts any certificate', async () => {
    const server = await serve(() => ({ kind: 'answer', body: 'any' }), authority.issue('server'));
    const response = await http.send(get(server.base, { connection: { rejectUnauthorized: false } }), NEVER);
    expect(text(response.body)).toBe('any');
  });

  test('https never goes on as http', async () => {
    const plain = await serve(() => ({ kind: 'answer' }));
    const secure = await serve(
      () => ({ kind: 'answer', status: 302, headers: { location: plain.base } }),
      authority.issue('server'),
    );
    const connection = { ca: authority.ca };
    expect((await failure(http.send(get(secure.base, { connection }), NEVER))).code).toBe('refused');
    expect(plain.requests).toHaveLength(0);
  });
});

describe('proxies', () => {
  test('one from the environment is used, and left out for the hosts of NO_PROXY', async () => {
    const closed = await startFaultServer(() => ({ kind: 'answer' }));
    await closed.close();
    const server = await serve(() => ({ kind: 'answer', body: 'direct' }));
    const proxied = createHttp({ clock: systemClock, environment: { http_proxy: closed.base } });
    const direct = createHttp({ clock: systemClock, environment: { HTTP_PROXY: closed.base, NO_PROXY: '127.0.0.1' } });
    closers.push(
      () => proxied.close(),
      () => direct.close(),
    );
    expect((await failure(proxied.send(get(server.base), NEVER))).code).toBe('connection');
    expect(text((await direct.send(get(server.base), NEVER)).body)).toBe('direct');
  });
});

/** Resolves when a request has reached the server. */
async function received(server: FaultServer): Promise<void> {
  while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
}
