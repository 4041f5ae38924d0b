/** Why something is not known. Each becomes a sentence on every surface. */
export type UnknownCode =
  | 'not-asked'
  | 'pending'
  | 'offline'
  | 'withheld'
  | 'not-in-sample'
  | 'not-found'
  | 'not-registry'
  | 'no-lockfile'
  | 'no-version'
  | 'dns'
  | 'timeout'
  | 'tls'
  | 'connection'
  | 'rate-limited'
  | 'server-error'
  | 'refused'
  | 'bad-answer'
  | 'too-large'
  | 'disabled';

/** A value with its source and date, or the reason why there is none. A failed look-up never looks like safety. */
export type Evidence<T> =
  | {
      readonly known: true;
      readonly value: T;
      readonly source: string;
      /** Milliseconds since the epoch. */
      readonly asOf: number;
    }
  | { readonly known: false; readonly code: UnknownCode; readonly reason: string };

export function unknown(code: UnknownCode, reason: string): Evidence<never> {
  return { known: false, code, reason };
}

export function known<T>(value: T, source: string, asOf: number): Evidence<T> {
  return { known: true, value, source, asOf };
}

/** A look-up that the world made fail. It becomes the verdict unknown; it is never a bug of ours. */
export class SourceError extends Error {
  readonly code: UnknownCode;
  /** Milliseconds to wait before the next try, when the server said so. */
  readonly retryAfterMs: number | undefined;

  constructor(code: UnknownCode, message: string, options: { cause?: unknown; retryAfterMs?: number } = {}) {
    super(message, { cause: options.cause });
    this.name = 'SourceError';
    this.code = code;
    this.retryAfterMs = options.retryAfterMs;
  }
}

/** The verdict on a registry signature, computed here against the lockfile's hash. */
export type SignatureVerdict =
  'signed' | 'signed-weak-pin' | 'unsigned' | 'invalid' | 'unverifiable' | 'registry-unsigned' | 'not-registry';

export interface SignatureEvidence {
  readonly verdict: SignatureVerdict;
  /** A machine-readable reason, `hash-mismatch` for one. */
  readonly code: string;
  /** One sentence for people. */
  readonly message: string;
}

/** OpenSSF Scorecard of the source repository. */
export interface Scorecard {
  /** 0.0 to 10.0, Scorecard's own aggregate. */
  readonly score: number;
  /** ISO date of the scan. */
  readonly date: string;
  readonly repository: string;
  readonly checks: readonly { readonly name: string; readonly score: number; readonly reason: string }[];
}
