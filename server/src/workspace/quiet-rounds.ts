import type { Clock } from '../core/ports.ts';
import { OneSlot } from './one-slot.ts';

export interface QuietRoundsOptions {
  readonly clock: Clock;
  /** How long a round waits after it is wanted, in milliseconds. */
  readonly quietMs: number;
  /** Does what is due. Its signal is aborted when nobody wants it any more. */
  readonly round: (signal: AbortSignal) => Promise<void>;
  /** A round has failed. */
  readonly onTrouble: (error: unknown) => void;
}

/** Work that can wait until the first findings are on the screen: at most one round runs, and at most one waits. */
export class QuietRounds {
  readonly #options: QuietRoundsOptions;
  readonly #slot: OneSlot;
  readonly #end = new AbortController();
  #cancel: (() => void) | undefined;

  constructor(options: QuietRoundsOptions) {
    this.#options = options;
    this.#slot = new OneSlot(() => options.round(this.#end.signal));
  }

  /** Has a round run a moment later where something is due. While one waits, nobody needs to know. */
  consider(isDue: () => boolean): void {
    if (this.#cancel !== undefined || this.#end.signal.aborted || !isDue()) return;
    const { clock, quietMs, onTrouble } = this.#options;
    this.#cancel = clock.after(quietMs, () => {
      this.#cancel = undefined;
      this.#slot.run().catch((error: unknown) => {
        if (!this.#end.signal.aborted) onTrouble(error);
      });
    });
  }

  /** No round begins any more, and the one that runs is told to end. */
  dispose(): void {
    this.#end.abort();
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
