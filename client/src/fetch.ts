import { randomUUID } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FetchParams, FetchResult } from '../../server/src/protocol.ts';

/** Larger bodies go to the server by a file, because a message is read and written as a whole. */
const MAX_INLINE_BYTES = 1024 * 1024;

/** Why there is no answer. */
type FailureCode = 'dns' | 'timeout' | 'tls' | 'connection' | 'too-large' | 'aborted';

/** How the body travels is said anew by the message to the server, which gets it decoded. */
const TRAVEL_HEADERS: readonly string[] = ['content-encoding', 'content-length', 'transfer-encoding'];

/** Sends requests for the server through the extension host, whose `fetch` knows the user's proxies and certificates. */
export class Fetcher {
  readonly #send: typeof fetch;
  #folder: Promise<string> | undefined;

  constructor(send: typeof fetch) {
    this.#send = send;
  }

  /** Any status is an answer; a failure is answered as an error with a code. Never rejects. */
  async answer(params: FetchParams, cancelled: AbortSignal): Promise<FetchResult> {
    const timeout = AbortSignal.timeout(params.timeoutMs);
    const signal = AbortSignal.any([timeout, cancelled]);
    try {
      const response = await this.#send(params.url, {
        method: params.method,
        headers: params.headers,
        redirect: 'manual',
        signal,
        ...(params.body !== undefined && { body: params.body }),
      });
      if (response.type === 'opaqueredirect') return failure('connection', 'The redirect cannot be read');
      const body = await readAtMost(response, params.maxBytes);
      if (body === undefined) return failure('too-large', `The answer is larger than ${params.maxBytes} bytes`);
      return await this.#pack(response, body);
    } catch (error) {
      if (cancelled.aborted) return failure('aborted', 'The request was cancelled');
      if (timeout.aborted) return failure('timeout', `No complete answer within ${params.timeoutMs} ms`);
      return failure(codeOfError(error), messageOfError(error));
    }
  }

  /** Removes what the server did not fetch. */
  async dispose(): Promise<void> {
    const folder = await this.#folder?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  }

  async #pack(response: Response, body: Uint8Array): Promise<FetchResult> {
    const head = { status: response.status, headers: headersOf(response) };
    if (body.byteLength <= MAX_INLINE_BYTES) return { ...head, body: decodeText(body) };
    this.#folder ??= mkdtemp(join(tmpdir(), 'provender-fetch-'));
    const bodyFile = join(await this.#folder, randomUUID());
    await writeFile(bodyFile, body, { mode: 0o600 });
    return { ...head, bodyFile };
  }
}

/** The bytes of the body; undefined when there are more than allowed, in which case the rest is not fetched. */
async function readAtMost(response: Response, maxBytes: number): Promise<Uint8Array | undefined> {
  if (response.body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  const body: AsyncIterable<Uint8Array> = response.body;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

function headersOf(response: Response): Record<string, string> {
  return Object.fromEntries([...response.headers].filter(([name]) => !TRAVEL_HEADERS.includes(name)));
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

function failure(code: FailureCode, message: string): FetchResult {
  return { error: { code, message } };
}

/**
 * What kind of failure a rejected `fetch` was. Node's own gives error codes of the operating system, of OpenSSL and
 * of undici; the editor's may give Chromium's (`net::ERR_…`). The telling one may be some causes down.
 */
function codeOfError(error: unknown): FailureCode {
  const text = causesOf(error)
    .map((cause) => `${cause.code} ${cause.message}`)
    .join(' ');
  if (/ENOTFOUND|EAI_AGAIN|EAI_FAIL|ERR_NAME_NOT_RESOLVED|ERR_DNS_/.test(text)) return 'dns';
  if (/ETIMEDOUT|UND_ERR_\w*TIMEOUT|ERR_TIMED_OUT|ERR_CONNECTION_TIMED_OUT/.test(text)) return 'timeout';
  if (/CERT|ERR_TLS|ERR_SSL|EPROTO|UNABLE_TO_|SELF_SIGNED/.test(text)) return 'tls';
  return 'connection';
}

function messageOfError(error: unknown): string {
  const causes = causesOf(error);
  const last = causes.at(-1);
  return last === undefined ? String(error) : last.message || last.code || 'The connection failed';
}

function causesOf(error: unknown): { readonly code: string; readonly message: string }[] {
  const causes: { code: string; message: string }[] = [];
  let current = error;
  // The bound keeps a cause that names itself from going round for ever.
  while (current instanceof Error && causes.length < 8) {
    const code = 'code' in current && typeof current.code === 'string' ? current.code : '';
    causes.push({ code, message: current.message });
    const firstOfMany: unknown = current instanceof AggregateError ? current.errors[0] : undefined;
    current = current.cause ?? firstOfMany;
  }
  return causes;
}
