import type { UpgradeStep } from '../../core/version-scheme.ts';
import { upgradeSteps } from '../../planner/upgrade-steps.ts';
import { editFor, heldBackUntil } from '../../workspace/line-remedies.ts';
import type { LineView, ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import { heldBackText } from '../words.ts';
import type { Action } from './action.ts';

const STEPS: readonly UpgradeStep[] = ['patch', 'minor', 'major'];

/** Upgrades of a line without a finding: the newest patch, minor and major version. */
export function upgradeStep(line: LineView, manifest: ManifestView, project: ProjectView): Action[] {
  if (line.version === undefined || !line.registry.known) return [];
  const steps = upgradeSteps(line.version, line.registry.value, project.ecosystem.versions);
  return STEPS.flatMap((step) => {
    const target = steps[step];
    const edit = target && editFor(line, manifest, project, target.version);
    if (target === undefined || edit === undefined) return [];
    const until = heldBackUntil(target, line, project);
    const gate = until === undefined ? '' : `, age gate: ${heldBackText(until)}`;
    return [
      {
        title: `Upgrade ${line.dependency.packageName} to ${target.version} (${step}${gate})`,
        kind: `refactor.rewrite.provender.${step}`,
        isPreferred: false,
        edits: [edit],
        mends: [],
        verify: [],
        command: undefined,
      },
    ];
  });
}
