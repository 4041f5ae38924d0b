import { packageKey } from '../core/package.ts';
import { whyNotLocked } from '../features/words.ts';
import type { Coverage, UncheckedPackage } from '../workspace/coverage.ts';
import { DECLARED } from '../workspace/declared-lockfile.ts';
import { coverageOf } from '../workspace/project-coverage.ts';
import type { ProjectView } from '../workspace/snapshot.ts';

/**
 * The coverage of several projects, each name and version counted once. What one project could not have checked counts as
 * unknown, though another had an answer.
 */
export function mergeCoverage(projects: readonly ProjectView[]): Coverage {
  const checked = new Set<string>();
  const unknown = new Map<string, UncheckedPackage>();
  const skipped = new Map<string, UncheckedPackage>();
  for (const project of projects) {
    const coverage = coverageOf(project);
    const isDeclared = project.installed.lockfile.format === DECLARED;
    const open = new Map<string, number>();
    for (const { subject } of project.installed.packages) bump(open, packageKey(subject.name, subject.version), 1);
    for (const item of coverage.unknown) {
      bump(open, packageKey(item.name, item.version), -1);
      // Nothing says which version of it there is, so whether it is affected cannot be said either.
      const reason = isDeclared && item.version === '' ? whyNotLocked(project) : item.reason;
      unknown.set(packageKey(item.name, item.version), { ...item, reason });
    }
    for (const item of coverage.skipped) {
      bump(open, packageKey(item.name, item.version), -1);
      skipped.set(packageKey(item.name, item.version), item);
    }
    for (const [key, count] of open) if (count > 0) checked.add(key);
  }
  for (const key of unknown.keys()) checked.delete(key);
  return { checked: checked.size, unknown: [...unknown.values()], skipped: [...skipped.values()] };
}

function bump(counts: Map<string, number>, key: string, by: number): void {
  counts.set(key, (counts.get(key) ?? 0) + by);
}
