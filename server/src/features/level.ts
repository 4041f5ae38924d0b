import type { SignatureVerdict } from '../core/evidence.ts';
import type { Finding } from '../core/finding.ts';
import type { HygieneCode } from '../core/hygiene.ts';
import { isDevelopmentOnly } from '../core/package.ts';
import { isExploited } from '../core/rank-findings.ts';
import type { Level, LevelKey, Settings } from '../core/settings.ts';

/** The level at which a finding is shown: what the settings say for the first key that applies, else the usual level. */
export function levelOf(finding: Finding, settings: Settings): Level {
  const { key, level } = usualLevel(finding);
  return settings.severity[key] ?? level;
}

/** The level of what is out of order between the documents of a project. */
export function hygieneLevel(code: HygieneCode, { severity }: Settings): Level {
  switch (code) {
    case 'waiting-for-install':
      return severity.pending ?? 'information';
    case 'override-unused':
    case 'override-affected':
    case 'override-unneeded':
      return severity.override ?? 'hint';
    case 'decision-unclear':
    case 'decision-untrusted':
      return severity.decided ?? 'hint';
    default:
      return severity.drift ?? 'information';
  }
}

/** A key that we do not know says nothing against a package. */
const SIGNATURE_LEVELS: Readonly<Partial<Record<SignatureVerdict, Level>>> = {
  invalid: 'error',
  unverifiable: 'information',
};

function usualLevel(finding: Finding): { key: LevelKey; level: Level } {
  if (finding.kind === 'malware') return { key: 'malware', level: 'error' };
  if (finding.kind === 'signature') {
    return { key: 'signature', level: SIGNATURE_LEVELS[finding.signature.verdict] ?? 'warning' };
  }
  if (isExploited(finding)) return { key: 'exploited', level: finding.direct ? 'error' : 'warning' };
  if (finding.kind === 'deprecated') return { key: 'deprecated', level: 'hint' };
  if (isDevelopmentOnly(finding.scopes)) return { key: 'development', level: 'hint' };
  if (!finding.direct) {
    return finding.severity === 'critical'
      ? { key: 'critical', level: 'warning' }
      : { key: 'transitive', level: 'information' };
  }
  switch (finding.severity) {
    case 'malware':
    case 'critical':
      return { key: 'critical', level: 'error' };
    case 'high':
      return { key: 'high', level: 'warning' };
    case 'medium':
      return { key: 'medium', level: 'information' };
    case 'low':
      return { key: 'low', level: 'hint' };
    case 'unknown':
      return { key: 'unknown', level: 'warning' };
  }
}
