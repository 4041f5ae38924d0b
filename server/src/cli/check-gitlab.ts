import { fingerprintOf } from '../core/fingerprint.ts';
import type { Severity } from '../core/severity.ts';
import type { CheckResult } from './check-result.ts';
import { describeFinding } from './describe-finding.ts';
import { jsonText } from './json.ts';

const LEVELS: Readonly<Record<Severity, string>> = {
  malware: 'blocker',
  critical: 'critical',
  high: 'major',
  medium: 'minor',
  low: 'info',
  unknown: 'major',
};

/** A code quality report of GitLab. It has no place for what was not checked; `--strict` tells by the exit code. */
export function checkGitlab({ findings }: CheckResult): string {
  return jsonText(
    findings.flatMap((item) => {
      const [place] = item.places;
      if (place === undefined) return [];
      return {
        description: describeFinding(item),
        check_name: item.finding.ruleId,
        fingerprint: fingerprintOf(item.finding),
        severity: LEVELS[item.finding.severity],
        location: { path: place.document, lines: { begin: place.line } },
      };
    }),
  );
}
