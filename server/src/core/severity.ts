/** How bad a finding is, worst first. `malware` is a class of its own above every score. */
export const SEVERITIES = ['malware', 'critical', 'high', 'medium', 'low', 'unknown'] as const;

export type Severity = (typeof SEVERITIES)[number];

const RANK: ReadonlyMap<string, number> = new Map(SEVERITIES.map((severity, index) => [severity, index]));

/** Negative when `a` is worse than `b`. */
export function compareSeverity(a: Severity, b: Severity): number {
  return (RANK.get(a) ?? SEVERITIES.length) - (RANK.get(b) ?? SEVERITIES.length);
}

export function worstSeverity(severities: Iterable<Severity>): Severity | undefined {
  let worst: Severity | undefined;
  for (const severity of severities) if (worst === undefined || compareSeverity(severity, worst) < 0) worst = severity;
  return worst;
}

/** True when a finding of this severity counts for `--fail-on threshold`. An unknown severity counts from `high` down. */
export function reaches(severity: Severity, threshold: Severity): boolean {
  const effective = severity === 'unknown' ? 'high' : severity;
  return compareSeverity(effective, threshold) <= 0;
}

/** The word that a source uses (`MODERATE`, `Important`) as one of ours. */
export function severityFromWord(word: unknown): Severity {
  switch (typeof word === 'string' ? word.toLowerCase() : '') {
    case 'critical':
      return 'critical';
    case 'high':
    case 'important':
      return 'high';
    case 'medium':
    case 'moderate':
      return 'medium';
    case 'low':
    case 'info':
    case 'none':
      return 'low';
    default:
      return 'unknown';
  }
}
