import type { Evidence } from '../core/evidence.ts';

/** One object for each reason why something is not known, which thousands of packages may share. */
export class SharedAnswers {
  readonly #byReason = new Map<string, Evidence<never>>();

  of(answer: Evidence<never>): Evidence<never> {
    if (answer.known) return answer;
    const key = `${answer.code}\n${answer.reason}`;
    const before = this.#byReason.get(key);
    if (before !== undefined) return before;
    if (this.#byReason.size >= MAXIMUM) this.#byReason.clear();
    this.#byReason.set(key, answer);
    return answer;
  }
}

const MAXIMUM = 100;
