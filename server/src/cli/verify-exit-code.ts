import type { SignatureVerdict } from '../core/evidence.ts';
import type { VerifiedPackage, VerifyResult } from './verify-result.ts';

/** What makes a verification fail. */
export const VERIFY_THRESHOLDS = ['invalid', 'warning'] as const;

export type VerifyThreshold = (typeof VERIFY_THRESHOLDS)[number];

const WARNINGS: ReadonlySet<SignatureVerdict | 'unknown'> = new Set(['downgrade', 'provenance-warning', 'unsigned']);

/** 1 for what reaches the threshold and nobody accepted, which beats 3 for a strict look that was not complete; else 0. */
export function verifyExitCode(
  { packages, coverage }: VerifyResult,
  { failOn, strict }: { readonly failOn: VerifyThreshold; readonly strict: boolean },
): 0 | 1 | 3 {
  const reaches = ({ verdict, accepted }: VerifiedPackage): boolean =>
    verdict === 'invalid' || (failOn === 'warning' && WARNINGS.has(verdict) && accepted === undefined);
  if (packages.some(reaches)) return 1;
  const isIncomplete = coverage.unknown.length > 0 || packages.some(({ verdict }) => verdict === 'unverifiable');
  return strict && isIncomplete ? 3 : 0;
}
