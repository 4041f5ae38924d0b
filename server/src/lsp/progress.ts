import type { Connection } from 'vscode-languageserver';

import type { Clock, Log } from '../core/ports.ts';

/** Shorter rounds show no progress. */
const SHOW_AFTER_MS = 1000;

type Reporter = Awaited<ReturnType<Connection['window']['createWorkDoneProgress']>>;

export interface RoundProgressOptions {
  /** What is going on, with the product's name. */
  readonly title: string;
  readonly connection: Connection;
  readonly clock: Clock;
  readonly log: Log;
  /** False for a client that shows no progress. */
  readonly isSupported: boolean;
}

/** Shows how far a round of look-ups is, once it takes over a second, and lets the user cancel it. */
export class RoundProgress {
  readonly #options: RoundProgressOptions;
  #cancelTimer: (() => void) | undefined;
  #reporter: Reporter | undefined;
  #isRunning = false;
  #done = 0;
  #total = 0;

  constructor(options: RoundProgressOptions) {
    this.#options = options;
  }

  begin(onCancel: () => void): void {
    this.end();
    const { clock, log, isSupported } = this.#options;
    if (!isSupported) return;
    this.#isRunning = true;
    this.#done = 0;
    this.#total = 0;
    this.#cancelTimer = clock.after(SHOW_AFTER_MS, () => {
      this.#show(onCancel).catch((error: unknown) => log.debug(`the client shows no progress: ${String(error)}`));
    });
  }

  report(done: number, total: number): void {
    this.#done = done;
    this.#total = total;
    this.#reporter?.report(this.#percent(), `${String(done)} of ${String(total)}`);
  }

  /** Where there is nothing to count. */
  say(message: string): void {
    this.#reporter?.report(message);
  }

  end(): void {
    this.#isRunning = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#reporter?.done();
    this.#reporter = undefined;
  }

  async #show(onCancel: () => void): Promise<void> {
    const round = this.#cancelTimer;
    const reporter = await this.#options.connection.window.createWorkDoneProgress();
    if (!this.#isRunning || this.#cancelTimer !== round) return;
    this.#reporter = reporter;
    reporter.begin(this.#options.title, this.#percent(), undefined, true);
    reporter.token.onCancellationRequested(onCancel);
  }

  #percent(): number {
    return this.#total === 0 ? 0 : Math.min(100, Math.round((100 * this.#done) / this.#total));
  }
}
