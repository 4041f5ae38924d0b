import {
  ABSENT,
  type AttestationPart,
  type CertificateClaims,
  unverifiable,
  VERIFIED,
} from '../attestations-outcome.ts';
import type { VerifiedBundle } from './check-bundle.ts';

/** One attestation that passed, or the part that it makes. */
export type AttestationCheck = PassedAttestation | AttestationPart;

export interface PassedAttestation {
  readonly bundle: VerifiedBundle;
  readonly claims?: CertificateClaims | undefined;
}

export interface CombinedChecks {
  readonly part: AttestationPart;
  /** Empty unless all passed. */
  readonly passed: readonly PassedAttestation[];
}

/** The part that attestations of one kind make together: one that is wrong decides. */
export function combineChecks(checks: readonly AttestationCheck[]): CombinedChecks {
  if (checks.length === 0) return { part: ABSENT, passed: [] };
  const passed = checks.filter((check) => 'bundle' in check);
  const faults = checks.filter((check) => 'verdict' in check);
  const worst = faults.find(({ verdict }) => verdict === 'invalid') ?? faults[0] ?? disagreement(passed);
  return worst === undefined ? { part: VERIFIED, passed } : { part: worst, passed: [] };
}

/** Anybody can attest that they built these bytes: of several builds it cannot be told which one it was. */
function disagreement(passed: readonly PassedAttestation[]): AttestationPart | undefined {
  const builds = new Set(passed.map(({ claims }) => `${claims?.repository ?? ''} ${claims?.workflowRef ?? ''}`));
  if (builds.size <= 1) return undefined;
  return unverifiable('several-sources', 'Several attestations say that different builds made it');
}
