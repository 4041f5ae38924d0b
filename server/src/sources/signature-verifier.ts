import type { SignatureEvidence } from '../core/evidence.ts';
import type { AttestationsOutcome } from '../evidence/attestations-outcome.ts';
import type { SignatureCase } from '../evidence/npm-signature.ts';
import type { TrustMaterial } from '../evidence/trust/trust-material.ts';
import type { TrustedKey } from '../evidence/trust/trusted-keys.ts';

/** What the attestations of one package are checked against. */
export interface AttestationsCase {
  readonly name: string;
  readonly version: string;
  /** One sha512 hash, as evidence/integrity.ts writes it. */
  readonly integrity: string;
  /** The registry's answer. */
  readonly response: string;
}

/** The keys are the same for many, and come apart. */
export type KeylessCase = Omit<SignatureCase, 'keys'>;

/** Runs the checks of `evidence/` where they hold nobody up. Rejects only with the signal's reason. */
export interface SignatureVerifier {
  /** In the order of the cases. */
  signatures(
    cases: readonly KeylessCase[],
    keys: readonly TrustedKey[],
    signal: AbortSignal,
  ): Promise<readonly SignatureEvidence[]>;
  attestations(given: AttestationsCase, trust: TrustMaterial, signal: AbortSignal): Promise<AttestationsOutcome>;
}
