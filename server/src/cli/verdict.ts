import { SEVERITIES } from '../core/severity.ts';
import { baseText, count, countAdvisories } from '../features/words.ts';
import type { AffectedPackage } from './affected-packages.ts';
import type { CheckResult } from './check-result.ts';
import { isKind, type CheckedFinding } from './checked-finding.ts';
import { isIncomplete } from './exit-code.ts';
import { printable } from './printable.ts';

export interface Verdict {
  readonly text: string;
  /** How good it is: affected packages, something open, or nothing found. */
  readonly tone: 'affected' | 'open' | 'clear' | 'empty';
}

/** A sentence that never sounds better than what was looked at. */
export function verdictOf(result: CheckResult, packages: readonly AffectedPackage[]): Verdict {
  const { checked, unknown, skipped } = result.coverage;
  const doubtful = `${knownWords(result)}${decidedWords(result)}${signatureWords(result.findings)}`;
  if (packages.length > 0) {
    const advisories = packages.reduce((sum, item) => sum + item.advisories.length, 0);
    const found = `${countAdvisories(advisories)} ${sinceWords(result)}in ${count(packages.length, 'package')}: ${severityCounts(packages)}`;
    return {
      tone: 'affected',
      text: `${found}${doubtful}${isIncomplete(result) ? '. Not everything could be checked' : ''}`,
    };
  }
  if (checked === 0 && unknown.length > 0) {
    return {
      tone: 'open',
      text: `Not checked: nothing is known of any of the ${count(unknown.length, 'package')}${doubtful}`,
    };
  }
  if (checked === 0 && isIncomplete(result)) {
    return { tone: 'open', text: `Not checked: not every document could be read${doubtful}` };
  }
  if (isIncomplete(result)) {
    const rest =
      unknown.length > 0
        ? `, and ${count(unknown.length, 'package')} could not be checked`
        : ', and not every document could be read';
    const found = `Incomplete: ${nothingWords(result)} for the ${count(checked, 'package')} that could be checked`;
    return { tone: 'open', text: `${found}${rest}${doubtful}` };
  }
  if (checked === 0 && skipped.length > 0) {
    return {
      tone: 'open',
      text: `Not checked: ${count(skipped.length, 'package')} left out, for the reasons below${doubtful}`,
    };
  }
  if (checked === 0) return { tone: 'empty', text: 'Nothing to check: no package of a registry is installed' };
  const nothing = nothingWords(result);
  const found = `${nothing.charAt(0).toUpperCase()}${nothing.slice(1)} for the ${count(checked, 'package')} that were checked${doubtful}`;
  return { tone: doubtful === '' ? 'clear' : 'open', text: found };
}

function nothingWords({ base, decided }: CheckResult): string {
  if (base !== undefined) return `nothing new since ${printable(baseText(base))}`;
  return decided.length === 0 ? 'no known advisory' : 'nothing open';
}

function sinceWords({ base }: CheckResult): string {
  return base === undefined ? '' : `new since ${printable(baseText(base))} `;
}

/** What the base had as well does not count, and is not gone either. */
function knownWords({ base, known }: CheckResult): string {
  return base === undefined ? '' : `; ${countAdvisories(known.length)} known before`;
}

/** What was decided about is no longer open, and not unknown either. */
function decidedWords({ decided }: CheckResult): string {
  return decided.length === 0 ? '' : `; ${countAdvisories(decided.length)} decided`;
}

function signatureWords(findings: readonly CheckedFinding[]): string {
  const number = findings.filter((item) => isKind(item, 'signature')).length;
  return number === 0 ? '' : `; the signature of ${count(number, 'package')} is invalid or missing`;
}

function severityCounts(packages: readonly AffectedPackage[]): string {
  const findings = packages.flatMap(({ advisories }) => advisories);
  return SEVERITIES.flatMap((severity) => {
    const number = findings.filter((finding) => finding.severity === severity).length;
    return number > 0 ? [`${String(number)} ${severity}`] : [];
  }).join(', ');
}
