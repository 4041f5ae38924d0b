import type { Connection } from 'vscode-languageserver';

import type { Clock } from '../core/ports.ts';

/** Shorter rounds show no progress. */
const SHOW_AFTER_MS = 1000;

type Reporter = Awaited<ReturnType<Connection['window']['createWorkDoneProgress']>>;

/** Shows how far a round of look-ups is, once it takes over a second, and lets the user cancel it. */
export class RoundProgress {
  readonly #connection: Connection;
  readonly #clock: Clock;
  readonly #isSupported: boolean;
  #cancelTimer: (() => void) | undefined;
  #reporter: Reporter | undefined;
  #isRunning = false;
  #done = 0;
  #total = 0;

  constructor(connection: Connection, clock: Clock, isSupported: boolean) {
    this.#connection = connection;
    this.#clock = clock;
    this.#isSupported = isSupported;
  }

  begin(onCancel: () => void): void {
    this.end();
    if (!this.#isSupported) return;
    this.#isRunning = true;
    this.#cancelTimer = this.#clock.after(SHOW_AFTER_MS, () => void this.#show(onCancel));
  }

  report(done: number, total: number): void {
    this.#done = done;
    this.#total = total;
    this.#reporter?.report(this.#percent(), `${String(done)} of ${String(total)}`);
  }

  end(): void {
    this.#isRunning = false;
    this.#cancelTimer?.();
    this.#cancelTimer = undefined;
    this.#reporter?.done();
    this.#reporter = undefined;
  }

  async #show(onCancel: () => void): Promise<void> {
    const reporter = await this.#connection.window.createWorkDoneProgress();
    if (!this.#isRunning) return;
    this.#reporter = reporter;
    reporter.begin('Provender: looking up dependencies', this.#percent(), undefined, true);
    reporter.token.onCancellationRequested(onCancel);
  }

  #percent(): number {
    return this.#total === 0 ? 0 : Math.min(100, Math.round((100 * this.#done) / this.#total));
  }
}
