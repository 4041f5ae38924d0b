import { SourceError } from '../core/evidence.ts';
import type { Clock } from '../core/ports.ts';
import { hostOf } from './connection-error.ts';

/**
 * Runs a request within a total time: a server that sends a byte now and then is cut like one that is silent.
 * Rejects with the caller's reason when its signal aborts, and with `timeout` when the time has run out.
 */
export async function withDeadline<T>(
  clock: Clock,
  request: { readonly url: string; readonly timeoutMs: number },
  signal: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const controller = new AbortController();
  const { promise: cut, reject } = Promise.withResolvers<never>();
  const stop = (reason: unknown): void => {
    controller.abort(reason);
    reject(reason instanceof Error ? reason : new Error('aborted', { cause: reason }));
  };
  const onAbort = (): void => stop(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  const cancelTimer = clock.after(request.timeoutMs, () => {
    stop(new SourceError('timeout', `${hostOf(request.url)} did not answer within ${seconds(request.timeoutMs)}`));
  });
  try {
    return await Promise.race([run(controller.signal), cut]);
  } finally {
    cancelTimer();
    signal.removeEventListener('abort', onAbort);
  }
}

function seconds(milliseconds: number): string {
  const value = Math.round(milliseconds / 100) / 10;
  return `${value} second${value === 1 ? '' : 's'}`;
}
