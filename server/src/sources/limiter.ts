/** Lets at most so many tasks run at a time; the others wait in the order they came. */
export interface Limiter {
  /** Rejects with the signal's reason when it aborts while the task waits. A running task ends itself. */
  run<T>(task: () => Promise<T>, signal: AbortSignal): Promise<T>;
}

export function createLimiter(concurrency: number): Limiter {
  const waiting = new Set<() => void>();
  let running = 0;

  function release(): void {
    running--;
    const [next] = waiting;
    if (next === undefined) return;
    waiting.delete(next);
    next();
  }

  function slot(signal: AbortSignal): Promise<void> {
    if (running < concurrency) {
      running++;
      return Promise.resolve();
    }
    return new Promise((resolve, reject) => {
      const onAbort = (): void => {
        waiting.delete(start);
        reject(signal.reason instanceof Error ? signal.reason : new Error('aborted', { cause: signal.reason }));
      };
      const start = (): void => {
        signal.removeEventListener('abort', onAbort);
        running++;
        resolve();
      };
      signal.addEventListener('abort', onAbort, { once: true });
      waiting.add(start);
    });
  }

  return {
    async run(task, signal) {
      signal.throwIfAborted();
      await slot(signal);
      try {
        return await task();
      } finally {
        release();
      }
    },
  };
}
