import type { CommandLineIo } from './command-line-io.ts';
import { printable } from './printable.ts';

/** Shorter work shows no progress. Milliseconds. */
const QUIET_MS = 1000;
const BETWEEN_MS = 100;
const CLEAR_LINE = '\r\u001b[2K';

/** One line on standard error that says how far long work is. Only on a terminal, and gone when the work is done. */
export class ProgressLine {
  readonly #io: Pick<CommandLineIo, 'stderr' | 'clock'>;
  readonly #startedAt: number;
  #shownAt: number | undefined;

  constructor(io: Pick<CommandLineIo, 'stderr' | 'clock'>) {
    this.#io = io;
    this.#startedAt = io.clock.now();
  }

  report(message: string): void {
    const { stderr, clock } = this.#io;
    if (!stderr.isTerminal) return;
    const now = clock.now();
    if (now - (this.#shownAt ?? this.#startedAt) < (this.#shownAt === undefined ? QUIET_MS : BETWEEN_MS)) return;
    this.#shownAt = now;
    void stderr.write(`${CLEAR_LINE}${printable(message, 78)}`).catch(() => undefined);
  }

  /** Call it before anything else is written. */
  clear(): void {
    if (this.#shownAt === undefined) return;
    this.#shownAt = undefined;
    void this.#io.stderr.write(CLEAR_LINE).catch(() => undefined);
  }
}
