import { reaches, type Severity } from '../core/severity.ts';
import type { CheckResult } from './check-result.ts';

/** 1 for findings at or above the threshold, which beats 3 for a strict check that was not complete; else 0. */
export function exitCode(
  result: Pick<CheckResult, 'findings' | 'problems' | 'coverage'>,
  { failOn, strict }: { readonly failOn: Severity; readonly strict: boolean },
): 0 | 1 | 3 {
  if (result.findings.some(({ finding }) => reaches(finding.severity, failOn))) return 1;
  return strict && isIncomplete(result) ? 3 : 0;
}

/** True when something could not be checked. What was left out on purpose does not count. */
export function isIncomplete({ problems, coverage }: Pick<CheckResult, 'problems' | 'coverage'>): boolean {
  return coverage.unknown.length > 0 || problems.length > 0;
}
