import type { Clock, Log } from '../core/ports.ts';
import { describeUpdate } from '../sources/describe-update.ts';
import type { World } from './world.ts';

/** How often a database that follows the export of OSV is brought up to date, in milliseconds. */
const EVERY_MS = 15 * 60_000;

/** Follows the export while the server runs: reports of malware come several times a day. Never at the start. */
export class AdvisoryFollower {
  readonly #world: World;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #onUpdated: () => void;
  readonly #abort = new AbortController();
  #cancel: (() => void) | undefined;

  constructor(world: World, log: Log, onUpdated: () => void) {
    this.#world = world;
    this.#clock = world.clock;
    this.#log = log;
    this.#onUpdated = onUpdated;
    this.#wait();
  }

  dispose(): void {
    this.#cancel?.();
    this.#abort.abort(new DOMException('closed', 'AbortError'));
  }

  #wait(): void {
    this.#cancel = this.#clock.after(EVERY_MS, () => {
      void this.#update().finally(() => {
        if (!this.#abort.signal.aborted) this.#wait();
      });
    });
  }

  async #update(): Promise<void> {
    if (!this.#world.isOnline() || !this.#world.followsExport()) return;
    try {
      const { signal } = this.#abort;
      const outcome = await this.#world.updateAdvisories({ signal, onProgress: () => undefined });
      this.#log.info(describeUpdate(outcome));
      if (outcome !== undefined && outcome.kind !== 'current') this.#onUpdated();
    } catch (error) {
      if (!this.#abort.signal.aborted) this.#log.warn(`the advisory database was not updated: ${String(error)}`);
    }
  }
}
