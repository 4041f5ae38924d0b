import { SourceError, type UnknownCode } from '../core/evidence.ts';
import type { Clock, Http, HttpRequest, HttpResponse, Log } from '../core/ports.ts';
import { createHostPause, type HostPause } from './host-pause.ts';
import { createLimiter, type Limiter } from './limiter.ts';
import { createSingleFlight } from './single-flight.ts';

/** Who is asked, in words for people, and which statuses besides 2xx are answers to it. */
export interface SourceSpec {
  readonly label: string;
  /** For one 304 where an ETag was sent, 404 where absence is an answer. */
  readonly accepts?: readonly number[];
}

/** The one place that sends requests. */
export interface Pump {
  /**
   * Sends a request when the host has a slot for it. Rejects with a SourceError, or with the signal's reason.
   * The body is shared between those who ask the same at the same time: it is not to be changed.
   */
  ask(source: SourceSpec, request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Something will be asked soon. */
  prepare(): void;
}

export interface PumpOptions {
  readonly http: Http;
  readonly clock: Clock;
  readonly log: Log;
  readonly concurrencyPerHost?: number;
}

const RETRY_DELAY_MS = 1_000;

const WORTH_A_RETRY: ReadonlySet<UnknownCode> = new Set(['server-error', 'connection']);

/** What says that the host is down, rather than that this one question has no answer. */
const HOST_FAILURES: ReadonlySet<UnknownCode> = new Set([
  'dns',
  'timeout',
  'tls',
  'connection',
  'server-error',
  'rate-limited',
]);

export function createPump(options: PumpOptions): Pump {
  const hosts = new Map<string, HostState>();
  const flights = createSingleFlight<HttpResponse>();

  function hostOf(url: string): HostState {
    const origin = new URL(url).origin;
    const existing = hosts.get(origin);
    if (existing !== undefined) return existing;
    const pause = createHostPause(new URL(url).host, options.clock);
    const host = { pause, limiter: createLimiter(options.concurrencyPerHost ?? 16) };
    hosts.set(origin, host);
    return host;
  }

  return {
    prepare: () => options.http.prepare?.(),
    async ask(source, request, signal) {
      const host = hostOf(request.url);
      const response = await flights.run(flightKey(request), signal, (shared) =>
        sendWithRetry(options, host, source, request, shared),
      );
      return response;
    },
  };
}

interface HostState {
  readonly limiter: Limiter;
  readonly pause: HostPause;
}

/** Requests that differ in anything, a credential for one, are different questions. */
function flightKey(request: HttpRequest): string {
  return JSON.stringify([request.method, request.url, request.headers, request.body, request.connection]);
}

async function sendWithRetry(
  options: PumpOptions,
  host: HostState,
  source: SourceSpec,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  try {
    return await sendOnce(options, host, source, request, signal);
  } catch (error) {
    if (!(error instanceof SourceError) || !WORTH_A_RETRY.has(error.code)) throw error;
    options.log.debug(`${error.message}; trying once more`);
  }
  // The slot is free while we wait.
  await pauseFor(options.clock, RETRY_DELAY_MS, signal);
  return sendOnce(options, host, source, request, signal);
}

function sendOnce(
  options: PumpOptions,
  host: HostState,
  source: SourceSpec,
  request: HttpRequest,
  signal: AbortSignal,
): Promise<HttpResponse> {
  return host.limiter.run(async () => {
    host.pause.check();
    const sentAt = options.clock.now();
    try {
      const response = await options.http.send(request, signal);
      const error = statusError(source, response, options.clock.now());
      if (error !== undefined) throw error;
      host.pause.succeeded();
      return response;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof SourceError)) throw error;
      if (HOST_FAILURES.has(error.code)) host.pause.failed(error, sentAt);
      else host.pause.succeeded();
      options.log.warn(error.message);
      throw error;
    }
  }, signal);
}

/** Waits through the clock port. */
export function pauseFor(clock: Clock, delayMs: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const cancel = clock.after(delayMs, () => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
    const onAbort = (): void => {
      cancel();
      reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
    };
    signal.addEventListener('abort', onAbort, { once: true });
  });
}

function statusError(source: SourceSpec, response: HttpResponse, now: number): SourceError | undefined {
  const { status } = response;
  if ((status >= 200 && status < 300) || source.accepts?.includes(status) === true) return undefined;
  const says = `${source.label} answered ${status}`;
  const retryAfterMs = retryAfter(response.headers['retry-after'], now);
  if (status === 429 || (status === 503 && retryAfterMs !== undefined)) {
    return new SourceError('rate-limited', `${source.label} asks for a pause (${status})`, {
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  if (status >= 500) return new SourceError('server-error', says);
  if (status === 401 || status === 403 || status === 407) {
    return new SourceError('refused', `${source.label} refused access (${status})`);
  }
  if (status === 404 || status === 410)
    return new SourceError('not-found', `${source.label} does not know it (${status})`);
  if (status === 408) return new SourceError('timeout', says);
  return new SourceError(status >= 400 ? 'refused' : 'bad-answer', says);
}

/** Milliseconds of a Retry-After header, which is a number of seconds or a date. */
function retryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d{1,9}$/.test(text)) return Math.max(Number(text), 1) * 1000;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(date - now, 1000);
}
