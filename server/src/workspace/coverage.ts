import type { Subject } from '../core/knowledge.ts';

/** How many packages were checked against advisories, and which were not, and why. */
export interface Coverage {
  readonly checked: number;
  readonly unknown: readonly UncheckedPackage[];
  /** Left out on purpose: local, from git, private. */
  readonly skipped: readonly UncheckedPackage[];
}

export interface UncheckedPackage {
  readonly name: string;
  readonly version: string;
  readonly reason: string;
}

export const NO_COVERAGE: Coverage = { checked: 0, unknown: [], skipped: [] };

/** Counts while packages are looked up. */
export class CoverageCounter {
  #checked = 0;
  readonly #unknown: UncheckedPackage[] = [];
  readonly #skipped: UncheckedPackage[] = [];

  check(): void {
    this.#checked++;
  }

  unknown(subject: Subject, reason: string): void {
    this.#unknown.push({ name: subject.name, version: subject.version, reason });
  }

  skip(subject: Subject, reason: string): void {
    this.#skipped.push({ name: subject.name, version: subject.version, reason });
  }

  result(): Coverage {
    return { checked: this.#checked, unknown: this.#unknown, skipped: this.#skipped };
  }
}

export function addCoverage(parts: Iterable<Coverage>): Coverage {
  const all = [...parts];
  return {
    checked: all.reduce((sum, { checked }) => sum + checked, 0),
    unknown: all.flatMap(({ unknown }) => unknown),
    skipped: all.flatMap(({ skipped }) => skipped),
  };
}

/** "812 checked, 3 could not be, 4 left out". */
export function countCoverage({ checked, unknown, skipped }: Coverage): string {
  const parts = [`${String(checked)} checked`];
  if (unknown.length > 0) parts.push(`${String(unknown.length)} could not be`);
  if (skipped.length > 0) parts.push(`${String(skipped.length)} left out`);
  return parts.join(', ');
}

/** "812 checked, 3 could not be (2: offline; 1: not in the sample), 4 left out (from git)". */
export function describeCoverage(coverage: Coverage): string {
  const parts = [`${String(coverage.checked)} checked`];
  if (coverage.unknown.length > 0) {
    parts.push(`${String(coverage.unknown.length)} could not be (${describeReasons(coverage.unknown)})`);
  }
  if (coverage.skipped.length > 0) {
    parts.push(`${String(coverage.skipped.length)} left out (${describeReasons(coverage.skipped)})`);
  }
  return parts.join(', ');
}

function describeReasons(items: readonly UncheckedPackage[]): string {
  const counts = new Map<string, number>();
  for (const { reason } of items) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, 4)
    .map(([reason, count]) => (counts.size === 1 ? reason : `${String(count)}: ${reason}`))
    .join('; ');
}
