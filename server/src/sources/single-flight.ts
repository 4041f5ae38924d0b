/** Gives those who ask the same thing at the same time the answer of one request. */
export interface SingleFlight<T> {
  /** The shared request is aborted when every caller's signal has aborted, and no sooner. */
  run(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Flight<T> {
  readonly answer: Promise<T>;
  readonly controller: AbortController;
  callers: number;
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function join(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const existing = flights.get(key);
    if (existing !== undefined) return existing;
    const controller = new AbortController();
    const answer = start(controller.signal).finally(() => {
      if (flights.get(key) === flight) flights.delete(key);
    });
    // A caller that left does not hear of the failure; those that stayed do.
    answer.catch(() => undefined);
    const flight: Flight<T> = { answer, controller, callers: 0 };
    flights.set(key, flight);
    return flight;
  }

  function leave(key: string, flight: Flight<T>, reason: unknown): void {
    flight.callers--;
    if (flight.callers > 0) return;
    // A caller that comes now starts anew instead of joining a request that is being aborted.
    if (flights.get(key) === flight) flights.delete(key);
    flight.controller.abort(reason);
  }

  return {
    async run(key, signal, start) {
      signal.throwIfAborted();
      const flight = join(key, start);
      flight.callers++;
      const { promise: aborted, reject } = Promise.withResolvers<never>();
      const onAbort = (): void => {
        leave(key, flight, signal.reason);
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
      };
      signal.addEventListener('abort', onAbort, { once: true });
      try {
        return await Promise.race([flight.answer, aborted]);
      } finally {
        signal.removeEventListener('abort', onAbort);
      }
    },
  };
}
