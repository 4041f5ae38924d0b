import { readFile, rm } from 'node:fs/promises';

import { SourceError, type UnknownCode } from '../core/evidence.ts';
import type { Clock, Http, HttpRequest, HttpResponse } from '../core/ports.ts';
import type { FetchParams, FetchResult } from '../protocol.ts';
import { connectionError, connectionSentence, sourceCodeOf } from './connection-error.ts';
import { withDeadline } from './deadline.ts';
import { followRedirects } from './redirects.ts';
import { tooLarge } from './too-large.ts';

export interface ClientHttpOptions {
  readonly clock: Clock;
  /** Sends `provender/fetch` to the editor's client; the signal becomes a cancellation. */
  readonly sendRequest: (params: FetchParams, signal: AbortSignal) => Promise<FetchResult>;
  /** For requests with connection options of their own, which the editor's network stack cannot take. */
  readonly straight: Http;
}

/** The way to the network through the editor: its proxies, its certificates, its authentication. */
export function createClientHttp(options: ClientHttpOptions): Http {
  return {
    send(request, signal) {
      if (request.connection !== undefined) return options.straight.send(request, signal);
      return withDeadline(options.clock, request, signal, async (inner) => {
        try {
          return await followRedirects((one, until) => sendOnce(options, one, until), request, inner);
        } catch (error) {
          inner.throwIfAborted();
          throw connectionError(error, request.url);
        }
      });
    },
  };
}

async function sendOnce(options: ClientHttpOptions, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse> {
  const result = await options.sendRequest(fetchParams(request), signal);
  if ('error' in result) throw fetchError(result.error, request.url);
  const body = 'bodyFile' in result ? await takeFile(result.bodyFile, signal) : Buffer.from(result.body, 'utf8');
  if (body.length > request.maxBytes) throw tooLarge(request);
  return { status: result.status, headers: lowerCased(result.headers), body };
}

function fetchParams(request: HttpRequest): FetchParams {
  const { method, url, headers, body, timeoutMs, maxBytes } = request;
  return { method, url, headers, timeoutMs, maxBytes, ...(body !== undefined && { body }) };
}

/** The client left a long body in a file, which is ours to remove. */
async function takeFile(path: string, signal: AbortSignal): Promise<Uint8Array> {
  try {
    return await readFile(path, { signal });
  } finally {
    await rm(path, { force: true });
  }
}

/** Codes of ours that a client may answer with; any other is taken for a code of Node's. */
const OWN_CODES: ReadonlyMap<string, UnknownCode> = new Map(
  (['dns', 'timeout', 'tls', 'connection', 'refused', 'bad-answer', 'too-large', 'offline'] as const).map((code) => [
    code,
    code,
  ]),
);

function fetchError(error: { readonly code: string; readonly message: string }, url: string): SourceError {
  const code = OWN_CODES.get(error.code) ?? sourceCodeOf(error.code);
  // What the system calls an unknown name says no more than the sentence.
  return new SourceError(code, connectionSentence(code, url, code === 'dns' ? '' : error.message));
}

function lowerCased(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
}
