import { createServer, type RequestListener, type Server } from 'node:http';
import { readFile, stat } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, test } from 'vitest';
import { Fetcher } from '../../client/src/fetch.ts';
import type { FetchParams, FetchResult } from '../../server/src/protocol.ts';

const MEGABYTE = 1024 * 1024;
const servers: Server[] = [];
const fetchers: Fetcher[] = [];

afterEach(async () => {
  for (const fetcher of fetchers.splice(0)) await fetcher.dispose();
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

describe('a request that the server of the extension hands to the editor', () => {
  test('is sent with its method, headers and body, and answered with status, headers and body', async () => {
    const base = await listen((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        response.writeHead(404, {
          'X-Seen': `${String(request.method)} ${String(request.url)} ${String(request.headers['x-ask'])}`,
        });
        response.end(`got ${body}`);
      });
    });
    const result = await answer({ method: 'POST', url: `${base}/v1?a=b`, headers: { 'X-Ask': 'yes' }, body: 'ping' });
    expect(result).toMatchObject({ status: 404, headers: { 'x-seen': 'POST /v1?a=b yes' }, body: 'got ping' });
  });

  test('is answered with a redirect instead of following it', async () => {
    const asked: (string | undefined)[] = [];
    const base = await listen((request, response) => {
      asked.push(request.url);
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const result = await answer({ url: `${base}/here` });
    expect(result).toMatchObject({ status: 302, headers: { location: '/elsewhere' } });
    expect(asked).toEqual(['/here']);
  });

  test('is answered with the decoded body, and no header says that it is encoded', async () => {
    const base = await listen((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync('{"a":"ü"}'));
    });
    const result = await answer({ url: base });
    expect(result).toMatchObject({ status: 200, body: '{"a":"ü"}' });
    expect('headers' in result && Object.keys(result.headers)).not.toContain('content-encoding');
  });

  test('is answered with a file that only the user can read when the body is larger than a megabyte', async () => {
    const base = await listen((_request, response) => response.end(Buffer.alloc(MEGABYTE + 1, 'x')));
    const result = await answer({ url: base });
    if (!('bodyFile' in result)) throw new Error('There is no file');
    expect((await readFile(result.bodyFile)).length).toBe(MEGABYTE + 1);
    expect((await stat(result.bodyFile)).mode & 0o077).toBe(0);
    await fetchers[0]?.dispose();
    await expect(stat(result.bodyFile)).rejects.toThrow('ENOENT');
  });

  test('is given up as soon as the body is larger than allowed, however it is compressed', async () => {
    const base = await listen((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(Buffer.alloc(5 * MEGABYTE)));
    });
    expect(await answer({ url: base, maxBytes: MEGABYTE })).toMatchObject({ error: { code: 'too-large' } });
  });

  test('is given up when a body that drips is not complete in time', async () => {
    const base = await listen((_request, response) => {
      response.writeHead(200);
      response.write('{');
    });
    expect(await answer({ url: base, timeoutMs: 50 })).toMatchObject({ error: { code: 'timeout' } });
  });

  test('is given up, down to the socket, when it is cancelled', async () => {
    const arrived = Promise.withResolvers<undefined>();
    const closed = Promise.withResolvers<undefined>();
    const base = await listen((request) => {
      arrived.resolve(undefined);
      request.socket.on('close', () => closed.resolve(undefined));
    });
    const abort = new AbortController();
    const result = answer({ url: base }, abort.signal);
    await arrived.promise;
    abort.abort();
    expect(await result).toMatchObject({ error: { code: 'aborted' } });
    await closed.promise;
  });

  test.each([
    ['dns', 'ENOTFOUND', ''],
    ['dns', '', 'net::ERR_NAME_NOT_RESOLVED'],
    ['timeout', 'UND_ERR_CONNECT_TIMEOUT', ''],
    ['tls', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', ''],
    ['tls', '', 'net::ERR_CERT_AUTHORITY_INVALID'],
    ['connection', 'ECONNRESET', ''],
    ['connection', '', 'other side closed'],
  ])('fails with %s when the cause has the code "%s" and the message "%s"', async (code, systemCode, message) => {
    const cause = Object.assign(new Error(message), { code: systemCode });
    const failing = new Fetcher(() => Promise.reject(new TypeError('fetch failed', { cause })));
    const result = await failing.answer(params({ url: 'http://registry.example/' }), new AbortController().signal);
    expect(result).toMatchObject({ error: { code } });
  });
});

function params(partial: Partial<FetchParams>): FetchParams {
  return { method: 'GET', url: '', headers: {}, timeoutMs: 10_000, maxBytes: 10 * MEGABYTE, ...partial };
}

function answer(partial: Partial<FetchParams>, signal = new AbortController().signal): Promise<FetchResult> {
  const fetcher = new Fetcher(fetch);
  fetchers.push(fetcher);
  return fetcher.answer(params(partial), signal);
}

async function listen(handler: RequestListener): Promise<string> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port');
  return `http://127.0.0.1:${address.port}`;
}
