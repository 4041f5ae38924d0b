import { describe, expect, test } from 'vitest';

import type { HttpRequest, HttpResponse } from '../../server/src/core/ports.ts';
import { followRedirects } from '../../server/src/io/redirects.ts';

const SIGNAL = new AbortController().signal;

const SECRETS = {
  authorization: 'Bearer secret',
  cookie: 'session=secret',
  'npm-otp': 'secret',
  'x-registry-key': 'secret',
};

/** Runs a request against a table from URL to the place it redirects to, and keeps what was sent. */
async function follow(
  request: Partial<HttpRequest> & { readonly url: string },
  redirects: Readonly<Record<string, string>>,
  status = 302,
): Promise<{ readonly sent: readonly HttpRequest[]; readonly status: number | string }> {
  const sent: HttpRequest[] = [];
  const send = (one: HttpRequest): Promise<HttpResponse> => {
    sent.push(one);
    const location = redirects[one.url];
    const body = new Uint8Array();
    return Promise.resolve(
      location === undefined ? { status: 200, headers: {}, body } : { status, headers: { location }, body },
    );
  };
  const whole: HttpRequest = { method: 'GET', headers: {}, timeoutMs: 1000, maxBytes: 1000, ...request };
  const outcome = await followRedirects(send, whole, SIGNAL).then(
    (response) => response.status,
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'thrown'),
  );
  return { sent, status: outcome };
}

describe('a redirect', () => {
  test('within an origin keeps the headers', async () => {
    const { sent, status } = await follow(
      { url: 'https://registry.example/a', headers: SECRETS },
      { 'https://registry.example/a': '/b' },
    );
    expect(status).toBe(200);
    expect(sent[1]).toMatchObject({ url: 'https://registry.example/b', headers: SECRETS });
  });

  test.each([
    ['another host', 'https://cdn.example/a'],
    ['another port', 'https://registry.example:8443/a'],
  ])('to %s: a token is not sent to the host a redirect points to', async (_case, location) => {
    const headers = { ...SECRETS, Accept: 'application/json' };
    const { sent } = await follow(
      { url: 'https://registry.example/a', headers },
      { 'https://registry.example/a': location },
    );
    expect(sent[1]).toMatchObject({ url: location });
    expect(sent[1]?.headers).toEqual({ Accept: 'application/json' });
  });

  test('does not bring the token back when it returns', async () => {
    const { sent } = await follow(
      { url: 'https://registry.example/a', headers: SECRETS },
      { 'https://registry.example/a': 'https://cdn.example/x', 'https://cdn.example/x': 'https://registry.example/b' },
    );
    expect(sent[2]).toMatchObject({ url: 'https://registry.example/b', headers: {} });
  });

  test('leaves the client certificate with its host, and keeps authorities and proxy', async () => {
    const connection = { ca: 'ca', cert: 'cert', key: 'key', proxy: 'http://proxy.example' };
    const { sent } = await follow(
      { url: 'https://registry.example/a', connection },
      { 'https://registry.example/a': 'https://cdn.example/' },
    );
    expect(sent[1]?.connection).toEqual({ ca: 'ca', proxy: 'http://proxy.example' });
  });

  test('with a credential in its URL is followed without it', async () => {
    const { sent } = await follow(
      { url: 'https://registry.example/a' },
      { 'https://registry.example/a': 'https://user:pass@cdn.example/x' },
    );
    expect(sent[1]?.url).toBe('https://cdn.example/x');
  });

  test.each([
    ['to http', 'http://registry.example/b', 'refused'],
    ['to a file', 'file:///etc/hosts', 'refused'],
    ['to no URL', 'https://', 'bad-answer'],
  ])('from https %s is refused', async (_case, location, code) => {
    const { sent, status } = await follow(
      { url: 'https://registry.example/a' },
      { 'https://registry.example/a': location },
    );
    expect({ requests: sent.length, status }).toEqual({ requests: 1, status: code });
  });

  test('is followed five times and no more', async () => {
    const chain = (length: number): Record<string, string> =>
      Object.fromEntries(
        Array.from({ length }, (_none, at) => [`https://a.example/${at}`, `https://a.example/${at + 1}`]),
      );
    expect((await follow({ url: 'https://a.example/0' }, chain(5))).status).toBe(200);
    const { sent, status } = await follow({ url: 'https://a.example/0' }, chain(6));
    expect({ requests: sent.length, status }).toEqual({ requests: 6, status: 'refused' });
  });
});

describe('a question', () => {
  const question = { method: 'POST', url: 'https://osv.example/q', body: '{"names":[]}' } as const;

  test('keeps its body within an origin', async () => {
    const { sent } = await follow(question, { 'https://osv.example/q': '/v2' }, 307);
    expect(sent[1]).toMatchObject({ method: 'POST', url: 'https://osv.example/v2', body: question.body });
  });

  test.each([302, 303, 307, 308])('is not put to another host (%i)', async (status) => {
    const result = await follow(question, { 'https://osv.example/q': 'https://elsewhere.example/q' }, status);
    expect({ requests: result.sent.length, status: result.status }).toEqual({ requests: 1, status: 'refused' });
  });
});
