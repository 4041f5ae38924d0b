import type { AnswerStore, Clock, StoredAnswer } from '../../server/src/core/ports.ts';

/** What stores that play several processes have in common. */
export interface SharedAnswers {
  readonly answers: Map<string, StoredAnswer>;
  /** By name, until when. */
  readonly leases: Map<string, number>;
}

export interface MemoryAnswers extends AnswerStore {
  /** By source and key, a line break between them. */
  readonly answers: ReadonlyMap<string, StoredAnswer>;
}

/** A store of answers without a disk and without limits. */
export function memoryAnswers(clock: Pick<Clock, 'now'>, shared: SharedAnswers = sharedAnswers()): MemoryAnswers {
  return {
    answers: shared.answers,
    get: (source, key) => shared.answers.get(`${source}\n${key}`),
    put: (source, key, answer) => void shared.answers.set(`${source}\n${key}`, answer),
    lease(name, durationMs) {
      if (durationMs > 0 && (shared.leases.get(name) ?? 0) > clock.now()) return Promise.resolve(false);
      shared.leases.set(name, clock.now() + durationMs);
      return Promise.resolve(true);
    },
    flush: () => Promise.resolve(),
    clear() {
      shared.answers.clear();
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  };
}

export function sharedAnswers(): SharedAnswers {
  return { answers: new Map(), leases: new Map() };
}
