import type { AnswerStore, Clock, StoredAnswer } from '../core/ports.ts';
import { RecentlyUsed } from './recently-used.ts';

const KEPT_ANSWERS = 2_000;

/** Answers for the lifetime of this process, where there is no SQLite or no disk to write to. */
export class MemoryAnswerStore implements AnswerStore {
  readonly #clock: Pick<Clock, 'now'>;
  readonly #answers = new RecentlyUsed<string, StoredAnswer>(KEPT_ANSWERS);
  readonly #leases = new Map<string, number>();

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock;
  }

  get isEmpty(): boolean {
    return this.#answers.size === 0;
  }

  get(source: string, key: string): StoredAnswer | undefined {
    return this.#answers.get(answerKey(source, key));
  }

  put(source: string, key: string, answer: StoredAnswer): void {
    this.#answers.set(answerKey(source, key), answer);
  }

  forget(source: string, key: string): void {
    this.#answers.delete(answerKey(source, key));
  }

  lease(name: string, durationMs: number): Promise<boolean> {
    const now = this.#clock.now();
    if (durationMs > 0 && (this.#leases.get(name) ?? now) > now) return Promise.resolve(false);
    this.#leases.set(name, now + durationMs);
    return Promise.resolve(true);
  }

  flush(): Promise<void> {
    return Promise.resolve();
  }

  clear(): Promise<void> {
    this.#answers.clear();
    this.#leases.clear();
    return Promise.resolve();
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** One string for a source and a key. */
export function answerKey(source: string, key: string): string {
  return `${source}\0${key}`;
}
