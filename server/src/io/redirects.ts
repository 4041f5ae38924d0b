import { SourceError } from '../core/evidence.ts';
import type { ConnectionOptions, HttpRequest, HttpResponse } from '../core/ports.ts';
import { hostOf } from './connection-error.ts';

/** Sends one request and gives back whatever answer comes, a redirect included. */
export type SendOnce = (request: HttpRequest, signal: AbortSignal) => Promise<HttpResponse>;

const MAXIMUM_REDIRECTS = 5;

const REDIRECT_STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/**
 * The headers that may follow a redirect to another origin. It is a list of what is harmless, not of what is secret:
 * registries take credentials in headers of many names.
 */
const HARMLESS_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'if-none-match',
  'user-agent',
]);

/** Sends a request and follows redirects, at most five. Credentials stay with the origin that they were meant for. */
export async function followRedirects(
  sendOnce: SendOnce,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  let current = request;
  for (let count = 0; count <= MAXIMUM_REDIRECTS; count++) {
    const response = await sendOnce(current, signal);
    const location = response.headers['location'];
    if (!REDIRECT_STATUSES.has(response.status) || location === undefined) return response;
    current = redirected(current, response.status, location);
  }
  throw new SourceError('refused', `${hostOf(request.url)} redirects more than ${MAXIMUM_REDIRECTS} times`);
}

function redirected(request: HttpRequest, status: number, location: string): HttpRequest {
  const host = hostOf(request.url);
  if (!URL.canParse(location, request.url)) {
    throw new SourceError('bad-answer', `${host} redirects to something that is not a URL`);
  }
  const from = new URL(request.url);
  const to = new URL(location, request.url);
  if (to.protocol !== 'https:' && to.protocol !== 'http:') {
    throw new SourceError('refused', `${host} redirects to a ${to.protocol} URL`);
  }
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new SourceError('refused', `${host} redirects to an unencrypted URL of ${to.host}`);
  }
  to.username = '';
  to.password = '';
  to.hash = '';
  const sameOrigin = to.origin === from.origin;
  if (request.method === 'POST') {
    // The body says which packages are in use. It was meant for one host, and goes to no other.
    if (!sameOrigin || (status !== 307 && status !== 308)) {
      throw new SourceError('refused', `${host} redirects a question to ${to.host}, which was not meant to see it`);
    }
  }
  return sameOrigin ? { ...request, url: to.href } : elsewhere(request, to.href);
}

function elsewhere(request: HttpRequest, url: string): HttpRequest {
  const { connection, headers, ...rest } = request;
  const harmless = Object.entries(headers).filter(([name]) => HARMLESS_HEADERS.has(name.toLowerCase()));
  return {
    ...rest,
    url,
    headers: Object.fromEntries(harmless),
    ...(connection !== undefined && { connection: withoutClientCertificate(connection) }),
  };
}

/** A client certificate is a credential of one host; the authorities to trust and the proxy hold for all. */
function withoutClientCertificate(connection: ConnectionOptions): ConnectionOptions {
  const kept = Object.entries(connection).filter(([name]) => name !== 'cert' && name !== 'key');
  return Object.fromEntries(kept);
}
