import type { Clock } from '../../server/src/core/ports.ts';

export interface FakeClock extends Clock {
  /** Moves the time on, calls back what is due in order, and lets what waits on it run. */
  advance(milliseconds: number): Promise<void>;
  /** How many calls are waiting for their time. */
  readonly pending: number;
  /** Milliseconds until the first of them is due; Infinity when there is none. */
  readonly dueInMs: number;
}

/** A clock that stands still until a test moves it. */
export function fakeClock(start = Date.parse('2026-01-15T12:00:00Z')): FakeClock {
  let now = start;
  const timers = new Set<{ readonly at: number; readonly callback: () => void }>();
  const due = (until: number) => [...timers].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => now,
    after(delayMs, callback) {
      const timer = { at: now + delayMs, callback };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    get pending() {
      return timers.size;
    },
    get dueInMs() {
      return Math.min(...[...timers].map(({ at }) => at - now));
    },
    async advance(milliseconds) {
      const until = now + milliseconds;
      for (let timer = due(until); timer !== undefined; timer = due(until)) {
        timers.delete(timer);
        now = Math.max(now, timer.at);
        timer.callback();
        await settle();
      }
      now = until;
      await settle();
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
