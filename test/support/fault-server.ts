import { createServer as createPlain, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecure } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';

import type { TestCertificate } from './certificate.ts';

export interface CapturedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** What happens to a request. Each is a way in which the world fails, but for the first. */
export type Behavior =
  | {
      readonly kind: 'answer';
      readonly status?: number;
      readonly headers?: Record<string, string>;
      readonly body?: string | Buffer;
    }
  /** The answer waits until the gate is opened. */
  | { readonly kind: 'gate'; readonly gate: Promise<unknown>; readonly body?: string }
  | { readonly kind: 'reset' }
  /** Promises more bytes than come, and hangs up. */
  | { readonly kind: 'truncated'; readonly body: string }
  /** Sends chunks for as long as somebody reads. */
  | { readonly kind: 'endless' }
  /** Sends the head and a first byte, and then nothing. */
  | { readonly kind: 'drip' };

export interface FaultServer {
  /** With a slash at its end. */
  readonly base: string;
  readonly requests: readonly CapturedRequest[];
  /** How many bytes of endless bodies were written. */
  readonly written: number;
  /** Connections that were opened. */
  readonly connections: number;
  close(): Promise<void>;
}

/** A server on loopback that does what `behave` says for each request. Close it when the test is over. */
export async function startFaultServer(
  behave: (request: CapturedRequest) => Behavior,
  certificate?: TestCertificate,
): Promise<FaultServer> {
  const requests: CapturedRequest[] = [];
  const counts = { written: 0, connections: 0 };
  const handle = async (incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> => {
    const request = await capture(incoming);
    requests.push(request);
    await perform(behave(request), outgoing, (bytes) => (counts.written += bytes));
  };
  const listener = (incoming: IncomingMessage, outgoing: ServerResponse): void => {
    handle(incoming, outgoing).catch(() => outgoing.destroy());
  };
  const server = certificate === undefined ? createPlain(listener) : createSecure(certificate, listener);
  server.on('connection', () => counts.connections++);
  const { port } = await listen(server);
  return {
    base: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${String(port)}/`,
    requests,
    get written() {
      return counts.written;
    },
    get connections() {
      return counts.connections;
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server): Promise<AddressInfo> {
  return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server.address() as AddressInfo)));
}

async function capture(incoming: IncomingMessage): Promise<CapturedRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    headers: incoming.headers,
    body: Buffer.concat(chunks).toString('utf8'),
  };
}

async function perform(behavior: Behavior, outgoing: ServerResponse, count: (bytes: number) => void): Promise<void> {
  switch (behavior.kind) {
    case 'answer':
      outgoing.writeHead(behavior.status ?? 200, behavior.headers).end(behavior.body ?? '');
      return;
    case 'gate':
      await behavior.gate;
      outgoing.end(behavior.body ?? '');
      return;
    case 'reset':
      outgoing.socket?.resetAndDestroy();
      return;
    case 'truncated':
      outgoing.writeHead(200, { 'content-length': String(behavior.body.length + 100) });
      outgoing.write(behavior.body, () => outgoing.socket?.destroy());
      return;
    case 'endless': {
      // Ends with an error when the reader has enough.
      await pipeline(endless(count), outgoing);
      return;
    }
    case 'drip':
      outgoing.writeHead(200);
      outgoing.write('{');
  }
}

function* endless(count: (bytes: number) => void): Generator<Buffer> {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  for (;;) {
    count(chunk.length);
    yield chunk;
  }
}
