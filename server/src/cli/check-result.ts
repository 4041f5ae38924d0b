import { Baseline } from '../core/baseline.ts';
import { compareSeverity, type Severity } from '../core/severity.ts';
import type { PlacedFinding } from '../core/finding.ts';
import { packageKey } from '../core/package.ts';
import type { Coverage } from '../workspace/coverage.ts';
import type { BaseCommit } from '../workspace/find-base.ts';
import { placeFindings } from '../workspace/place-findings.ts';
import type { ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { broughtInRemedies } from './brought-in.ts';
import { mergeCoverage } from './check-coverage.ts';
import { shownIssues, type ShownIssue } from './check-hygiene.ts';
import { documentProblems, type DocumentProblem } from './check-problems.ts';
import type { CheckedFinding } from './checked-finding.ts';
import { decidedFindings, type CheckedDecision } from './decided-findings.ts';
import { FindingMerger } from './merge-findings.ts';
import { shownPath } from './shown-path.ts';

export interface SourceAge {
  readonly name: string;
  /** Milliseconds since the epoch; undefined when it did not answer. */
  readonly asOf: number | undefined;
  /** True when its silence on a package means that it knows of nothing. */
  readonly complete: boolean;
  readonly trouble: string | undefined;
}

/** What a project was compared with. */
export interface ComparedWith extends BaseCommit {
  /** Undefined when there was no commit yet. */
  readonly projects: readonly ProjectView[] | undefined;
}

/** All that a check has found out. */
export interface CheckResult {
  /** Worst first; where the project was compared, those that are new. */
  readonly findings: readonly CheckedFinding[];
  /** Worst first: what the base had as well. It makes no check fail. */
  readonly known: readonly CheckedFinding[];
  /** Undefined when nothing was compared. */
  readonly base: BaseCommit | undefined;
  /** Worst first: they make no check fail. */
  readonly decided: readonly CheckedDecision[];
  readonly problems: readonly DocumentProblem[];
  /** What is out of order between the documents. It fails no check. */
  readonly hygiene: readonly ShownIssue[];
  readonly coverage: Coverage;
  readonly sources: readonly SourceAge[];
  /** The lowest severity that the project's files fail for; undefined when they do not say. */
  readonly failOn: Severity | undefined;
  /** The commands that bring lockfiles up to date where a manifest's line is to change. */
  readonly installs: readonly { readonly folder: string; readonly command: string }[];
}

export function checkResult(snapshot: Snapshot, cwd: string, base?: ComparedWith): CheckResult {
  const merger = new FindingMerger(cwd);
  const installs: CheckResult['installs'][number][] = [];
  for (const project of snapshot.projects) {
    const broughtIn = broughtInRemedies(project);
    const placed = placeFindings(project).map((item) => withRemedies(item, broughtIn));
    merger.add(placed, project);
    if (placed.some(({ remedies }) => remedies.some(({ command }) => command === undefined)) || isPending(project)) {
      installs.push({ folder: shownPath(project.layout.root, cwd), command: project.layout.installCommand });
    }
  }
  const all = merger.result();
  const isNew = newnessOf(all, base);
  return {
    findings: all.filter(isNew),
    known: all.filter((item) => !isNew(item)),
    base: base && { name: base.name, commit: base.commit },
    decided: decidedFindings(snapshot.projects, all, cwd),
    problems: documentProblems(snapshot.projects, cwd),
    hygiene: shownIssues(snapshot.projects, cwd),
    coverage: mergeCoverage(snapshot.projects),
    sources: snapshot.sources.map(({ name, asOf, complete, trouble }) => ({
      name,
      asOf,
      complete: complete && asOf !== undefined,
      trouble,
    })),
    installs,
    failOn: lowest(snapshot.projects.flatMap(({ settings }) => settings.failOn ?? [])),
  };
}

/** Where several projects are checked at once, the one that fails for the most decides. */
function lowest(severities: readonly Severity[]): Severity | undefined {
  return severities.toSorted(compareSeverity).at(-1);
}

function newnessOf(all: readonly CheckedFinding[], base: ComparedWith | undefined): (item: CheckedFinding) => boolean {
  if (base?.projects === undefined) return () => true;
  const before = base.projects.flatMap(({ assessment }) => assessment.findings);
  const baseline = new Baseline(
    before,
    all.map(({ finding }) => finding),
  );
  return ({ finding }) => baseline.isNew(finding);
}

/** What others bring in has no line whose upgrade would mend it. */
function withRemedies(item: PlacedFinding, broughtIn: ReturnType<typeof broughtInRemedies>): PlacedFinding {
  const { ruleId, package: affected } = item.finding;
  const own = broughtIn.get(packageKey(affected.name, affected.version)) ?? [];
  return { ...item, remedies: [...item.remedies, ...own.filter(({ clears }) => clears.includes(ruleId))] };
}

/** True when a line that is affected asks for another version than the lockfile holds. */
function isPending({ manifests }: ProjectView): boolean {
  return manifests.some(({ lines }) =>
    lines.some(({ own, pending }) => own.length > 0 && pending !== undefined && pending.madeFor === undefined),
  );
}
