import { isAdvisoryFinding, type Finding } from './finding.ts';
import { isDevelopmentOnly } from './package.ts';
import { compareSeverity } from './severity.ts';

/**
 * What to look at first: malware, known exploited, likely to be exploited, severity, what is imported before what never is,
 * production before development, direct before transitive, name.
 */
export function compareFindings(a: Finding, b: Finding): number {
  return (
    Number(b.kind === 'malware') - Number(a.kind === 'malware') ||
    Number(isExploited(b)) - Number(isExploited(a)) ||
    likelihood(b) - likelihood(a) ||
    compareSeverity(a.severity, b.severity) ||
    Number(isNeverImported(a)) - Number(isNeverImported(b)) ||
    Number(isDevelopmentOnly(a.scopes)) - Number(isDevelopmentOnly(b.scopes)) ||
    Number(b.direct) - Number(a.direct) ||
    compareText(a.package.name, b.package.name) ||
    compareText(a.package.version, b.package.version) ||
    compareText(a.ruleId, b.ruleId)
  );
}

/**
 * In steps of ten: over a tenth, over a hundredth, and the rest, which has no score as well. A smaller difference says less than
 * the severity.
 */
function likelihood(finding: Finding): number {
  const probability = isAdvisoryFinding(finding) ? (finding.epss?.probability ?? 0) : 0;
  return probability >= 0.1 ? 2 : probability >= 0.01 ? 1 : 0;
}

/** True when CISA's catalog lists the vulnerability as exploited. */
export function isExploited(finding: Finding): boolean {
  return isAdvisoryFinding(finding) && finding.kev !== undefined;
}

/** True when no source imports what brings it in. Malware acts when it is installed, whoever imports it. */
export function isNeverImported({ kind, imported }: Finding): boolean {
  return imported === 'never' && kind !== 'malware';
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
