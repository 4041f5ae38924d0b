import type * as Tls from 'node:tls';
import type { SecureContext, SecureContextOptions } from 'node:tls';

import type { Dispatcher } from 'undici';

import type { ConnectionOptions, HttpRequest } from '../core/ports.ts';
import type { SendOnce } from './redirects.ts';
import { ACCEPTED_ENCODINGS, readBody } from './bounded-body.ts';
import { tooLarge } from './too-large.ts';

/** The proxies to use where a request's own connection options name none. Empty for none. */
export interface ProxyEnvironment {
  readonly httpProxy: string;
  readonly httpsProxy: string;
  readonly noProxy: string;
}

export interface UndiciOptions {
  readonly proxies: ProxyEnvironment;
  readonly connectionsPerOrigin: number;
}

/** Sends single requests over keep-alive connections, one pool for each way to connect. */
export interface UndiciSender {
  readonly sendOnce: SendOnce;
  close(): Promise<void>;
}

/** Loads undici, which a start without a request does not pay for. */
export async function createUndiciSender(options: UndiciOptions): Promise<UndiciSender> {
  const [undici, tls] = await Promise.all([import('./undici-parts.ts'), import('node:tls')]);
  const dispatchers = new Map<string, Dispatcher>();

  function dispatcherFor(request: HttpRequest): Dispatcher {
    const encrypted = request.url.startsWith('https:');
    const key = JSON.stringify([encrypted, request.connection]);
    const existing = dispatchers.get(key);
    if (existing !== undefined) return existing;
    const dispatcher = makeDispatcher(encrypted, request.connection ?? {});
    dispatchers.set(key, dispatcher);
    return dispatcher;
  }

  function makeDispatcher(encrypted: boolean, connection: ConnectionOptions): Dispatcher {
    const httpProxy = connection.proxy ?? options.proxies.httpProxy;
    const httpsProxy = connection.proxy ?? options.proxies.httpsProxy;
    const proxyEncrypted = httpProxy.startsWith('https:') || httpsProxy.startsWith('https:');
    const authorities = encrypted || proxyEncrypted ? trustedAuthorities(tls, connection) : undefined;
    const rejectUnauthorized = connection.rejectUnauthorized ?? true;
    // One secure context for all connections: parsing some hundred certificates for each would take longer than to connect.
    const requestTls = {
      rejectUnauthorized,
      ...(encrypted && secured(tls, { ...authorities, ...client(connection) })),
    };
    const proxyTls = { rejectUnauthorized, ...(proxyEncrypted && secured(tls, { ...authorities })) };
    return new undici.EnvHttpProxyAgent({
      httpProxy,
      httpsProxy,
      noProxy: options.proxies.noProxy,
      connections: options.connectionsPerOrigin,
      connect: requestTls,
      requestTls,
      proxyTls,
      // The total time is ours to keep: see deadline.ts.
      headersTimeout: 0,
      bodyTimeout: 0,
    });
  }

  return {
    async sendOnce(request, signal) {
      const { origin, pathname, search } = new URL(request.url);
      const response = await undici.request.call(dispatcherFor(request), {
        origin,
        path: pathname + search,
        method: request.method,
        headers: { 'accept-encoding': ACCEPTED_ENCODINGS, ...request.headers },
        ...(request.body !== undefined && { body: request.body }),
        signal,
      });
      const headers = flatHeaders(response.headers);
      const encoding = headers['content-encoding'];
      if (encoding === undefined && Number(headers['content-length'] ?? 0) > request.maxBytes) {
        response.body.on('error', () => undefined).destroy();
        throw tooLarge(request);
      }
      return { status: response.statusCode, headers, body: await readBody(response.body, encoding, request) };
    },
    async close() {
      await Promise.all([...dispatchers.values()].map((dispatcher) => dispatcher.destroy()));
      dispatchers.clear();
    },
  };
}

function secured(tls: typeof Tls, options: SecureContextOptions): { readonly secureContext: SecureContext } {
  return { secureContext: tls.createSecureContext(options) };
}

function client(connection: ConnectionOptions): SecureContextOptions {
  return {
    ...(connection.cert !== undefined && { cert: connection.cert }),
    ...(connection.key !== undefined && { key: connection.key }),
  };
}

/** The user's own authorities where there are some, else those that come with Node together with the system's. */
function trustedAuthorities(tls: typeof Tls, connection: ConnectionOptions): SecureContextOptions {
  if (connection.ca !== undefined) return { ca: connection.ca };
  // Node before 22.15 cannot read the system's.
  if (!('getCACertificates' in tls)) return {};
  return { ca: [...new Set([...tls.getCACertificates('default'), ...tls.getCACertificates('system')])] };
}

function flatHeaders(headers: Readonly<Record<string, string | string[] | undefined>>): Record<string, string> {
  const flat: [string, string][] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (value !== undefined) flat.push([name.toLowerCase(), Array.isArray(value) ? value.join(', ') : value]);
  }
  return Object.fromEntries(flat);
}
