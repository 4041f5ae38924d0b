import type { Clock } from '../core/ports.ts';
import type { Snapshot } from '../workspace/snapshot.ts';

/** How long nothing must have happened, in milliseconds. */
const REST_MS = 1_000;

/** Gives memory back at rest after lockfiles were read, which leaves several times their size behind. */
export class MemoryKeeper {
  readonly #clock: Clock;
  readonly #release: () => void;
  #read: readonly unknown[] = [];
  #isDue = false;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, release: () => void) {
    this.#clock = clock;
    this.#release = release;
  }

  snapshotTaken({ projects }: Snapshot): void {
    const read = projects.map(({ installed }) => installed);
    const isSame = read.length === this.#read.length && read.every((item, at) => item === this.#read[at]);
    this.#read = read;
    if (!isSame) this.#isDue = true;
    if (!this.#isDue) return;
    this.#cancel?.();
    this.#cancel = this.#clock.after(REST_MS, () => {
      this.#isDue = false;
      this.#release();
    });
  }

  dispose(): void {
    this.#cancel?.();
  }
}
