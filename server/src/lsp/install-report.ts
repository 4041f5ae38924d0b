import { isAdvisoryFinding } from '../core/finding.ts';
import type { LockEntry } from '../core/lockfile.ts';
import type { Assessment } from '../workspace/assess-packages.ts';
import type { ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { count } from '../features/words.ts';

/** What was said of a project the last time. */
interface Seen {
  readonly entries: readonly LockEntry[];
  readonly assessment: Assessment;
  /** Set while the answers about a changed lockfile are still coming in. */
  readonly change: Change | undefined;
}

interface Change {
  /** As it was before the lockfile changed. */
  readonly problems: ReadonlySet<string>;
  readonly unknown: number;
  /** Milliseconds since the epoch. */
  readonly until: number;
  readonly report: string;
}

/** How long a report may be corrected by answers that come later, in milliseconds. */
const SETTLING_MS = 60_000;

/** Says what a changed lockfile mended and brought: "3 fixed, 0 new". */
export class InstallReport {
  readonly #seen = new Map<string, Seen>();

  /** The sentence for a lockfile that changed, or about which more is known now; undefined when there is nothing to say. */
  compare(snapshot: Snapshot): string | undefined {
    let report: string | undefined;
    for (const project of snapshot.projects) {
      const key = `${project.layout.root}\n${project.layout.lockfile ?? ''}`;
      const { assessment, installed } = project;
      const before = this.#seen.get(key);
      if (before?.assessment === assessment) continue;
      const change = project.lockfile && before && changeOf(before, project, snapshot.takenAt);
      if (change && change.report !== before.change?.report) report = change.report;
      const isSettled = change === undefined || assessment.coverage.unknown.length <= change.unknown;
      this.#seen.set(key, { entries: installed.lockfile.entries, assessment, change: isSettled ? undefined : change });
    }
    return report;
  }
}

function changeOf(before: Seen, project: ProjectView, now: number): Change | undefined {
  const isNew = before.entries !== project.installed.lockfile.entries;
  if (!isNew && (before.change === undefined || now > before.change.until)) return undefined;
  const base =
    !isNew && before.change
      ? before.change
      : {
          problems: problemsOf(before.assessment),
          unknown: before.assessment.coverage.unknown.length,
          until: now + SETTLING_MS,
        };
  return { ...base, report: reportOf(base, project) };
}

function reportOf(before: Pick<Change, 'problems' | 'unknown'>, project: ProjectView): string {
  const problems = problemsOf(project.assessment);
  const fixed = [...before.problems].filter((item) => !problems.has(item)).length;
  const added = [...problems].filter((item) => !before.problems.has(item)).length;
  const unchecked = project.assessment.coverage.unknown.length - before.unknown;
  // What was not looked at yet is neither fixed nor free of new findings.
  const open = unchecked > 0 ? `, ${count(unchecked, 'package')} not checked yet` : '';
  return `Lockfile changed: ${String(fixed)} fixed, ${String(added)} new${open}${stillWaiting(project)}`;
}

/** Without the version: an advisory that also affects the new version is neither fixed nor new. */
function problemsOf({ findings }: Assessment): Set<string> {
  return new Set(findings.filter(isAdvisoryFinding).map(({ package: { name }, ruleId }) => `${name} ${ruleId}`));
}

function stillWaiting({ manifests }: ProjectView): string {
  const waiting = manifests
    .flatMap(({ lines }) => lines)
    .filter(({ pending }) => pending !== undefined && pending.madeFor === undefined);
  const first = waiting[0];
  if (first?.pending === undefined) return '';
  const { written, locked } = first.pending;
  const state = locked === '' ? 'is not in the lockfile' : `is ${locked} in the lockfile`;
  const more = waiting.length > 1 ? ` and ${String(waiting.length - 1)} more` : '';
  return `; ${first.dependency.name} ${written} ${state}${more}`;
}
