import type { AttestationPart } from '../../server/src/evidence/attestations-outcome.ts';

/** `verified`, `absent`, or the verdict with its code: `invalid: other-bytes`. */
export function wordOf({ verdict, code }: AttestationPart): string {
  return verdict === code ? verdict : `${verdict}: ${code}`;
}
