import { isAdvisoryFinding } from '../core/finding.ts';
import type { DocumentEdit } from '../core/text-edit.ts';
import type { UpgradeStep } from '../core/version-scheme.ts';
import { isBreaking } from '../planner/plan-upgrade.ts';
import { STEP_SIZES } from '../planner/upgrade-steps.ts';
import { editFor, newestByStep, planLine } from './line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from './snapshot.ts';

/** How far many lines are upgraded at once. */
export interface UpgradeLimits {
  /** The largest step; `fix` takes the smallest one that mends, and none that may break. */
  readonly step: UpgradeStep | 'fix';
  /** True leaves lines without an advisory alone, and goes no further than to what clears theirs. */
  readonly onlyFindings: boolean;
}

/** A line with the edit that upgrades it. */
export interface LineUpgrade {
  readonly line: LineView;
  readonly manifest: ManifestView;
  readonly to: string;
  readonly step: UpgradeStep | undefined;
  readonly breaking: boolean;
  readonly clears: number;
  /** True when the registry has the version and every advisory about it was looked at. */
  readonly isVerified: boolean;
  readonly edit: DocumentEdit;
}

/** The upgrades of every line of some manifests, one for each place that writes a version. */
export function plannedUpgrades(
  manifests: readonly ManifestView[],
  project: ProjectView,
  limits: UpgradeLimits,
): LineUpgrade[] {
  const { versions } = project.ecosystem;
  const upgrades = new Map<string, LineUpgrade>();
  for (const manifest of manifests) {
    for (const line of manifest.lines) {
      const target = isCandidate(line, limits) ? targetOf(line, project, limits) : undefined;
      const edit = target && editFor(line, manifest, project, target.version);
      if (target === undefined || edit === undefined) continue;
      const place = `${edit.path}\n${String(edit.span.start)}`;
      const before = upgrades.get(place);
      // Many members may point at one catalog line: what suits all of them is the lowest.
      if (before && versions.compare(before.to, target.version) <= 0) continue;
      upgrades.set(place, upgradeOf(line, manifest, project, target, edit));
    }
  }
  return [...upgrades.values()];
}

/**
 * True for a line that may be upgraded along with others. A line that waits for an install asks for more than is installed;
 * the range of a peer says what a package works with; the line of malware must not become quiet before it was read.
 */
export function isCandidate(line: LineView, { onlyFindings }: UpgradeLimits): boolean {
  if (line.pending !== undefined || line.subject === undefined || line.dependency.scope === 'peer') return false;
  return !line.own.some(({ kind }) => kind === 'malware') && (!onlyFindings || line.own.some(isAdvisoryFinding));
}

interface Target {
  readonly version: string;
  readonly clears: number;
  readonly isVerified: boolean;
}

function targetOf(line: LineView, project: ProjectView, { step, onlyFindings }: UpgradeLimits): Target | undefined {
  if (step !== 'fix' && !onlyFindings) return newest(line, project, step);
  const { smallest, major } = planLine(line, project, step === 'fix' ? undefined : step);
  const best = step === 'fix' ? smallest : (major ?? smallest);
  if (best === undefined || (step === 'fix' && best.breaking)) return undefined;
  return { version: best.version, clears: best.clears.length, isVerified: best.verified };
}

function newest(line: LineView, project: ProjectView, largest: UpgradeStep): Target | undefined {
  const steps = newestByStep(line, project);
  const allowed = STEP_SIZES.slice(0, STEP_SIZES.indexOf(largest) + 1);
  const version = allowed.findLast((size) => steps[size] !== undefined);
  const found = version && steps[version];
  if (found === undefined || line.subject === undefined) return undefined;
  const target = { ...line.subject, version: found.version, integrity: undefined };
  const isVerified = project.knowledge.advisories(target).known;
  return { version: found.version, clears: line.own.filter(isAdvisoryFinding).length, isVerified };
}

function upgradeOf(
  line: LineView,
  manifest: ManifestView,
  project: ProjectView,
  { version: to, clears, isVerified }: Target,
  edit: DocumentEdit,
): LineUpgrade {
  const from = line.version ?? '';
  const step = project.ecosystem.versions.step(from, to);
  return { line, manifest, to, step, breaking: isBreaking(from, step), clears, isVerified, edit };
}
