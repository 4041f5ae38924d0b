/** How long an attempt counts as recent, in milliseconds. */
const RECENT_MS = 60_000;
const MAX_KEPT = 1_000;

/** Remembers what was tried a moment ago, so that it is not tried at every movement of the cursor. */
export class RecentAttempts {
  readonly #now: () => number;
  readonly #attempts = new Map<string, number>();

  /** `now` tells the time in milliseconds. */
  constructor(now: () => number) {
    this.#now = now;
  }

  /** True when the last attempt is not recent; this is one then. */
  isDue(key: string): boolean {
    const now = this.#now();
    const last = this.#attempts.get(key);
    if (last !== undefined && now - last < RECENT_MS) return false;
    if (this.#attempts.size >= MAX_KEPT) this.#attempts.clear();
    this.#attempts.set(key, now);
    return true;
  }
}
