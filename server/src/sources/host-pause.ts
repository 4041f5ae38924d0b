import { SourceError, type UnknownCode } from '../core/evidence.ts';
import type { Clock } from '../core/ports.ts';

/** So many failures in a row pause a host. */
const FAILURES_BEFORE_PAUSE = 5;

const FIRST_PAUSE_MS = 30_000;

const LONGEST_PAUSE_MS = 10 * 60_000;

/** A server that asks for more patience than this gets this much. */
const LONGEST_RETRY_AFTER_MS = 60 * 60_000;

/** Keeps us from asking a host that is down or that has asked for a pause. One for each host. */
export interface HostPause {
  /** Throws while the host is paused: `rate-limited` when it asked for it, else the code of what failed last. */
  check(): void;
  succeeded(): void;
  /** Counts a failure of a request that was sent at that time. */
  failed(error: SourceError, sentAt: number): void;
}

export function createHostPause(host: string, clock: Clock): HostPause {
  let failuresInARow = 0;
  let nextPauseMs = FIRST_PAUSE_MS;
  let pause: { readonly until: number; readonly code: UnknownCode; readonly because: string } | undefined;

  function start(durationMs: number, code: UnknownCode, because: string): void {
    const until = Math.max(clock.now() + durationMs, pause?.until ?? 0);
    pause = { until, code, because };
  }

  function backOff(): number {
    const durationMs = nextPauseMs;
    nextPauseMs = Math.min(nextPauseMs * 2, LONGEST_PAUSE_MS);
    return durationMs;
  }

  return {
    check() {
      if (pause === undefined) return;
      const leftMs = pause.until - clock.now();
      if (leftMs <= 0) return;
      throw new SourceError(pause.code, `${pause.because}; ${host} is asked again in ${inWords(leftMs)}`, {
        retryAfterMs: leftMs,
      });
    },
    succeeded() {
      failuresInARow = 0;
      nextPauseMs = FIRST_PAUSE_MS;
    },
    failed(error, sentAt) {
      // Requests that were under way together fail together: they are one failure, not many.
      const underWay = pause !== undefined && sentAt < pause.until;
      if (error.code === 'rate-limited') {
        const asked = error.retryAfterMs ?? (underWay ? 0 : backOff());
        start(Math.min(asked, LONGEST_RETRY_AFTER_MS), 'rate-limited', error.message);
        return;
      }
      failuresInARow++;
      if (underWay || failuresInARow < FAILURES_BEFORE_PAUSE) return;
      start(backOff(), error.code, error.message);
    },
  };
}

function inWords(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return seconds < 90 ? `${seconds} s` : `${Math.ceil(seconds / 60)} min`;
}
