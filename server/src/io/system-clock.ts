import type { Clock } from '../core/ports.ts';

/** The machine's clock. A pending call keeps the process alive, since somebody waits for it. */
export const systemClock: Clock = {
  now: () => Date.now(),
  after(delayMs, callback) {
    const timer = setTimeout(callback, delayMs);
    return () => clearTimeout(timer);
  },
};
