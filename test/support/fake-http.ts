import { SourceError } from '../../server/src/core/evidence.ts';
import type { Http, HttpRequest, HttpResponse } from '../../server/src/core/ports.ts';

export interface FakeAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text as it is; anything else as JSON. */
  readonly body?: unknown;
}

type Handler = (request: HttpRequest) => FakeAnswer | SourceError | Promise<FakeAnswer | SourceError>;

export interface FakeHttp extends Http {
  readonly requests: readonly HttpRequest[];
  /** The most that were under way at a time. */
  readonly mostAtOnce: number;
}

/** A network of one function. A SourceError that it returns is thrown, as by a network that fails. */
export function fakeHttp(handler: Handler): FakeHttp {
  const requests: HttpRequest[] = [];
  let running = 0;
  let mostAtOnce = 0;
  return {
    requests,
    get mostAtOnce() {
      return mostAtOnce;
    },
    async send(request, signal) {
      signal.throwIfAborted();
      requests.push(request);
      mostAtOnce = Math.max(mostAtOnce, ++running);
      const aborted = new Promise<never>((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
      try {
        return response(await Promise.race([handler(request), aborted]));
      } finally {
        running--;
      }
    },
  };
}

function response(answer: FakeAnswer | SourceError): HttpResponse {
  if (answer instanceof SourceError) throw answer;
  const { status = 200, headers = {}, body = '' } = answer;
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return { status, headers, body: Buffer.from(text, 'utf8') };
}
