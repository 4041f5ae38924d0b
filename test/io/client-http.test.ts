import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { describe, expect, test } from 'vitest';

import type { HttpRequest } from '../../server/src/core/ports.ts';
import { createClientHttp } from '../../server/src/io/client-http.ts';
import type { FetchParams, FetchResult } from '../../server/src/protocol.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { fakeHttp } from '../support/fake-http.ts';

const NEVER = new AbortController().signal;

function setUp(answer: (params: FetchParams) => FetchResult | Promise<FetchResult>) {
  const asked: FetchParams[] = [];
  const clock = fakeClock();
  const straight = fakeHttp(() => ({ body: 'straight' }));
  const http = createClientHttp({
    clock,
    straight,
    sendRequest: async (params) => {
      asked.push(params);
      return answer(params);
    },
  });
  return { http, clock, straight, asked };
}

function get(changes: Partial<HttpRequest> = {}): HttpRequest {
  return { method: 'GET', url: 'https://osv.example/', headers: {}, timeoutMs: 1000, maxBytes: 1000, ...changes };
}

describe('a request through the editor', () => {
  test('comes back with its body and lower-case header names', async () => {
    const { http, asked } = setUp(() => ({ status: 200, headers: { ETag: 'x' }, body: 'grüezi' }));
    const response = await http.send(get({ headers: { accept: 'a' } }), NEVER);
    expect(Buffer.from(response.body).toString('utf8')).toBe('grüezi');
    expect(response.headers).toEqual({ etag: 'x' });
    expect(asked[0]).toMatchObject({ url: 'https://osv.example/', headers: { accept: 'a' }, maxBytes: 1000 });
  });

  test('whose body lies in a file is read from it, and the file is removed', async () => {
    const path = join(mkdtempSync(join(tmpdir(), 'provender-')), 'body');
    writeFileSync(path, 'from a file');
    const { http } = setUp(() => ({ status: 200, headers: {}, bodyFile: path }));
    const response = await http.send(get(), NEVER);
    expect(Buffer.from(response.body).toString('utf8')).toBe('from a file');
    expect(existsSync(path)).toBe(false);
  });

  test('with connection options of its own goes straight', async () => {
    const { http, asked, straight } = setUp(() => ({ status: 200, headers: {}, body: '' }));
    await http.send(get({ connection: { ca: 'pem' } }), NEVER);
    expect({ asked: asked.length, straight: straight.requests.length }).toEqual({ asked: 0, straight: 1 });
  });

  test('that is redirected is followed here, without the token', async () => {
    const { http, asked } = setUp(({ url }) =>
      url === 'https://osv.example/'
        ? { status: 302, headers: { Location: 'https://other.example/' }, body: '' }
        : { status: 200, headers: {}, body: 'there' },
    );
    await http.send(get({ headers: { authorization: 'Bearer secret' } }), NEVER);
    expect(asked[1]).toMatchObject({ url: 'https://other.example/', headers: {} });
  });

  test.each([
    ['timeout', 'timeout'],
    ['ENOTFOUND', 'dns'],
    ['CERT_HAS_EXPIRED', 'tls'],
    ['ECONNREFUSED', 'connection'],
    ['too-large', 'too-large'],
    ['something new', 'connection'],
  ])('that fails with %s is told as %s', async (code, expected) => {
    const { http } = setUp(() => ({ error: { code, message: 'failed' } }));
    await expect(http.send(get(), NEVER)).rejects.toMatchObject({ name: 'SourceError', code: expected });
  });

  test('with a body over the limit is refused', async () => {
    const { http } = setUp(() => ({ status: 200, headers: {}, body: 'x'.repeat(1001) }));
    await expect(http.send(get(), NEVER)).rejects.toMatchObject({ code: 'too-large' });
  });

  test('that the editor never answers ends in time', async () => {
    const { http, clock } = setUp(() => new Promise(() => undefined));
    const answer = expect(http.send(get(), NEVER)).rejects.toMatchObject({ code: 'timeout' });
    await clock.advance(1000);
    await answer;
  });
});
