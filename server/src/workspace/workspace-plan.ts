import { isAdvisoryFinding, type AdvisoryFinding } from '../core/finding.ts';
import { identityOf } from '../core/fingerprint.ts';
import { compareFindings } from '../core/rank-findings.ts';
import type { Remedy } from '../core/remedy.ts';
import type { LateEdit } from '../core/transitive-dialect.ts';
import { planAll, type Candidate } from '../planner/plan-all.ts';
import { broughtInPackages } from './brought-in-packages.ts';
import { lookupKey, type Lookup } from './look-up.ts';
import { placeFindings } from './place-findings.ts';
import type { ProjectView } from './snapshot.ts';
import { entryRemedies, unknownOfEntry, type TransitiveRemedy } from './transitive-remedies.ts';
import { linesThatBring } from './view-entry.ts';

/** One change of the plan. */
export interface PlanStep {
  /** The same for the same change as long as nothing it rests on changes. */
  readonly id: string;
  readonly project: ProjectView;
  readonly remedy: Remedy;
  /** Edits of documents whose text is read when the step is taken. */
  readonly late: readonly LateEdit[];
  /** The command that does it, where no edit does. */
  readonly command: string | undefined;
  /** What this step clears, worst first. */
  readonly clears: readonly AdvisoryFinding[];
}

export interface WorkspacePlan {
  /** The one whose worst finding is the worst comes first. */
  readonly steps: readonly PlanStep[];
  /** How many findings all steps clear together. */
  readonly cleared: number;
  /** How many findings are open. */
  readonly open: number;
}

/** Packages of a project that others bring in and fixes are planned for, the worst first. */
const MAX_BROUGHT_IN = 200;

/**
 * The fewest edits that clear the most findings of all projects, of those that should break nothing. It rests on what is
 * known: {@link unknownOfPlan} names what a look-up would add.
 */
export function planWorkspace(projects: readonly ProjectView[]): WorkspacePlan {
  const candidates = projects.flatMap((project) => [...upgradesOf(project), ...broughtInOf(project)]);
  const steps = planAll(candidates.filter(({ change }) => isOffered(change))).map(({ change }) => change);
  const keys = new Set(steps.flatMap(({ project, clears }) => clears.map((finding) => keyOf(project, finding))));
  return {
    steps: steps.sort(compareSteps),
    cleared: keys.size,
    open: projects.reduce((sum, { assessment }) => sum + assessment.findings.filter(isAdvisoryFinding).length, 0),
  };
}

/** What must be looked up before all steps are known. */
export function unknownOfPlan(projects: readonly ProjectView[]): Lookup[] {
  const lookups = new Map<string, Lookup>();
  for (const project of projects) {
    const { policy } = project;
    for (const { lines } of project.manifests) {
      for (const { subject, own } of lines) {
        if (subject !== undefined && own.some(isAdvisoryFinding)) lookups.set(lookupKey(subject), { subject, policy });
      }
    }
    for (const { index, item } of broughtInPackages(project, MAX_BROUGHT_IN)) {
      for (const subject of unknownOfEntry(index, linesThatBring(item.entries, project), project)) {
        lookups.set(lookupKey(subject), { subject, policy });
      }
    }
  }
  return [...lookups.values()];
}

/** A rule that nobody has verified may force what a fresh version would have mended. */
function isOffered({ remedy }: PlanStep): boolean {
  return !remedy.breaking && (remedy.kind !== 'override' || remedy.state === 'verified');
}

const RISKS: Readonly<Record<Remedy['kind'], number>> = {
  lock: 0,
  refresh: 0,
  upgrade: 1,
  parent: 2,
  override: 3,
  remove: 4,
};

function candidateOf(step: PlanStep, findings: readonly AdvisoryFinding[]): Candidate<PlanStep> {
  const clears = findings.toSorted(compareFindings);
  return {
    change: { ...step, clears },
    clears: new Set(clears.map((finding) => keyOf(step.project, finding))),
    edits: Math.max(1, step.remedy.edits.length + step.late.length),
    risk: RISKS[step.remedy.kind],
  };
}

/** Upgrades of the lines that name an affected package. Malware has none: it is to be removed. */
function upgradesOf(project: ProjectView): Candidate<PlanStep>[] {
  const steps = new Map<string, { readonly remedy: Remedy; readonly findings: AdvisoryFinding[] }>();
  for (const { finding, remedies } of placeFindings(project)) {
    if (finding.kind !== 'vulnerability') continue;
    for (const remedy of remedies) {
      const id = stepId(project, remedy);
      const known = steps.get(id);
      if (known) known.findings.push(finding);
      else steps.set(id, { remedy, findings: [finding] });
    }
  }
  return [...steps].map(([id, { remedy, findings }]) =>
    candidateOf({ id, project, remedy, late: [], command: undefined, clears: [] }, findings),
  );
}

function broughtInOf(project: ProjectView): Candidate<PlanStep>[] {
  const steps = new Map<string, { readonly item: TransitiveRemedy; readonly findings: AdvisoryFinding[] }>();
  for (const { index, item: affected, findings } of broughtInPackages(project, MAX_BROUGHT_IN)) {
    for (const item of entryRemedies(index, linesThatBring(affected.entries, project), project)) {
      const { remedy, alsoBy } = item;
      // While others go on bringing it in, a bump of one of them clears nothing.
      const cleared = alsoBy.length > 0 ? [] : findings.filter(({ ruleId }) => remedy.clears.includes(ruleId));
      if (cleared.length === 0) continue;
      const id = stepId(project, remedy);
      const known = steps.get(id);
      if (known) known.findings.push(...cleared);
      else steps.set(id, { item, findings: [...cleared] });
    }
  }
  return [...steps].map(
    ([
      id,
      {
        item: { remedy, late, command },
        findings,
      },
    ]) => candidateOf({ id, project, remedy, late, command, clears: [] }, findings),
  );
}

function stepId({ layout }: ProjectView, { kind, package: name, from, to }: Remedy): string {
  return [layout.root, kind, name, from, to].join('\n');
}

function keyOf({ layout }: ProjectView, finding: AdvisoryFinding): string {
  return `${layout.root}\n${identityOf(finding)}`;
}

function compareSteps({ clears: [worst] }: PlanStep, { clears: [other] }: PlanStep): number {
  return worst === undefined || other === undefined ? 0 : compareFindings(worst, other);
}
