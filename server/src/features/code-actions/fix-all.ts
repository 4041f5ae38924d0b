import type { DocumentEdit } from '../../core/text-edit.ts';
import type { UpgradeStep } from '../../core/version-scheme.ts';
import { upgradeSteps } from '../../planner/upgrade-steps.ts';
import { editFor, planLine } from '../../workspace/line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import type { Action } from './action.ts';

export const FIX_ALL_KIND = 'source.fixAll.provender';

/** Every fix in a manifest that does not break. Offered only to who asks for this kind by its full name. */
export function fixAll(manifest: ManifestView, project: ProjectView): Action[] {
  const edits = plannedUpgrades([manifest], project, 'fix').map(({ edit }) => edit);
  if (edits.length === 0) return [];
  return [
    {
      title: `Fix all without breaking (${String(edits.length)})`,
      kind: FIX_ALL_KIND,
      isPreferred: false,
      edits,
      mends: [],
      verify: [],
      command: undefined,
    },
  ];
}

/** A line with the edit that upgrades it. */
export interface LineUpgrade {
  readonly line: LineView;
  readonly manifest: ManifestView;
  readonly to: string;
  readonly clears: number;
  readonly edit: DocumentEdit;
}

/** The upgrades of every line of some manifests: those that mend a finding, or all by a size of step. */
export function plannedUpgrades(
  manifests: readonly ManifestView[],
  project: ProjectView,
  step: UpgradeStep | 'fix',
): LineUpgrade[] {
  const upgrades = new Map<string, LineUpgrade>();
  for (const manifest of manifests) {
    for (const line of manifest.lines) {
      const to = step === 'fix' ? gentleFix(line, project) : newest(line, project, step);
      const edit = to === undefined ? undefined : editFor(line, manifest, project, to);
      if (to === undefined || edit === undefined) continue;
      const { smallest } = planLine(line, project);
      const clears = smallest?.version === to ? smallest.clears.length : 0;
      // Many members may point at one catalog line.
      upgrades.set(`${edit.path}\n${String(edit.span.start)}`, { line, manifest, to, clears, edit });
    }
  }
  return [...upgrades.values()];
}

/** Malware is left out: its line must not become quiet before somebody has read what it means. */
function gentleFix(line: LineView, project: ProjectView): string | undefined {
  if (line.own.some(({ kind }) => kind === 'malware')) return undefined;
  const { smallest } = planLine(line, project);
  return smallest && !smallest.breaking ? smallest.version : undefined;
}

function newest(line: LineView, project: ProjectView, step: UpgradeStep): string | undefined {
  if (line.version === undefined || !line.registry.known) return undefined;
  const steps = upgradeSteps(line.version, line.registry.value, project.ecosystem.versions);
  const allowed: readonly UpgradeStep[] =
    step === 'patch' ? ['patch'] : step === 'minor' ? ['minor', 'patch'] : ['major', 'minor', 'patch'];
  return allowed.map((size) => steps[size]).find((target) => target !== undefined)?.version;
}
