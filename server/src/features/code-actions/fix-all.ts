import { plannedUpgrades } from '../../workspace/planned-upgrades.ts';
import type { ManifestView, ProjectView } from '../../workspace/snapshot.ts';
import type { Action } from './action.ts';

export const FIX_ALL_KIND = 'source.fixAll.provender';

/** Every fix in a manifest that does not break. Offered only to who asks for this kind by its full name. */
export function fixAll(manifest: ManifestView, project: ProjectView): Action[] {
  const upgrades = plannedUpgrades([manifest], project, { step: 'fix', onlyFindings: true });
  if (upgrades.length === 0) return [];
  return [
    {
      title: `Fix all without breaking (${String(upgrades.length)})`,
      kind: FIX_ALL_KIND,
      isPreferred: false,
      edits: upgrades.map(({ edit }) => edit),
      mends: [],
      verify: [],
      command: undefined,
    },
  ];
}
