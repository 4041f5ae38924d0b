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

/**
 * The verdict on a package's registry signature and attestations, computed here against the lockfile's hash. In order of
 * precedence: where several apply, the first is the verdict.
 */
export const SIGNATURE_VERDICTS = [
  'invalid',
  'unverifiable',
  'downgrade',
  'provenance-warning',
  'unsigned',
  'signed-weak-pin',
  'provenance-verified',
  'signed',
  'registry-unsigned',
  'not-registry',
] as const;

export type SignatureVerdict = (typeof SIGNATURE_VERDICTS)[number];

export interface SignatureEvidence {
  readonly verdict: SignatureVerdict;
  /** A machine-readable reason, `hash-mismatch` for one: that of the first of the reasons. */
  readonly code: string;
  /** One sentence for people, with remote text in it as it came: escape it. */
  readonly message: string;
  /** All that was seen, what decided the verdict first. */
  readonly reasons: readonly VerdictReason[];
  /** What a verified provenance says of how it was built; undefined when there is none. */
  readonly source?: ProvenanceSource | undefined;
}

export interface VerdictReason {
  readonly code: string;
  /** One sentence, with remote text in it as it came: escape it. */
  readonly message: string;
}

/** Who built a package from what, out of a certificate that was verified. Texts as they came: escape them. */
export interface ProvenanceSource {
  /** `https://github.com/owner/name`. */
  readonly repository: string;
  readonly ref: string | undefined;
  readonly commit: string | undefined;
  /** The path in the repository, `.github/workflows/release.yml` for one. */
  readonly workflow: string | undefined;
  /** The OIDC issuer in words: `GitHub Actions`, `GitLab CI/CD`, or the issuer's URL. */
  readonly builder: string;
  /** The run's page. */
  readonly run: string | undefined;
  readonly trigger: string | undefined;
  /** The host's own number of the repository, which a renamed one keeps. */
  readonly repositoryId: string | undefined;
  /** When the transparency log took it up, in milliseconds since the epoch; undefined when the log gives no time. */
  readonly loggedAt: number | undefined;
  /** The entry's number in the transparency log. */
  readonly logIndex: string | undefined;
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
