import type { SignatureEvidence } from '../core/evidence.ts';
import { unverifiable, type AttestationsOutcome } from '../evidence/attestations-outcome.ts';
import type { TrustMaterial } from '../evidence/trust/trust-material.ts';
import type { TrustedKey } from '../evidence/trust/trusted-keys.ts';
import type { AttestationsCase, KeylessCase } from '../sources/signature-verifier.ts';

/** What a thread is asked to check. */
export type VerifyJob =
  | { readonly kind: 'signatures'; readonly cases: readonly KeylessCase[]; readonly keys: readonly TrustedKey[] }
  | { readonly kind: 'attestations'; readonly given: AttestationsCase; readonly trustDigest: string };

/** What it answers. */
export type VerifyAnswer =
  | { readonly kind: 'signatures'; readonly verdicts: readonly SignatureEvidence[] }
  | { readonly kind: 'attestations'; readonly outcome: AttestationsOutcome };

/** Trust material comes before the jobs that rest on it, and once. */
export type ToVerifier = { readonly trust: TrustMaterial } | { readonly id: number; readonly job: VerifyJob };

export interface FromVerifier {
  readonly id: number;
  /** Undefined when the thread could not do it. */
  readonly answer: VerifyAnswer | undefined;
}

/** The answer to a job that no thread did: nothing is verified, and nothing called false. */
export function undone(job: VerifyJob, reason: string): VerifyAnswer {
  if (job.kind === 'attestations') {
    const part = unverifiable('runtime', reason);
    return { kind: 'attestations', outcome: { publish: part, provenance: part, ignored: [] } };
  }
  const message = `The signature could not be checked: ${reason}`;
  const verdict: SignatureEvidence = {
    verdict: 'unverifiable',
    code: 'runtime',
    message,
    reasons: [{ code: 'runtime', message }],
  };
  return { kind: 'signatures', verdicts: job.cases.map(() => verdict) };
}
