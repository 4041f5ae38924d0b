import type { PlannedUpgrade, UpgradeParams } from '../../../server/src/protocol.ts';

export interface UpgradeChoice {
  readonly label: string;
  readonly detail: string;
  readonly params: Pick<UpgradeParams, 'uri' | 'step'>;
}

/** Which lines are upgraded. */
export const UPGRADE_EXTENTS = [
  { label: 'Everything', detail: 'Each to the newest version without a known advisory', onlyFindings: false },
  {
    label: 'Only what clears findings',
    detail: 'Lines with an advisory, each to the smallest version that clears it',
    onlyFindings: true,
  },
] as const;

const STEPS = [
  { step: 'patch', label: 'Patch', detail: 'Bug fixes only: the third number rises' },
  { step: 'minor', label: 'Minor', detail: 'Additions too: the second number rises' },
  { step: 'major', label: 'Major', detail: 'The newest versions, breaking changes included' },
] as const;

/** What can be chosen for one file, or for the whole workspace where `uri` is undefined. */
export function upgradeChoices(uri: string | undefined): readonly UpgradeChoice[] {
  return STEPS.map(({ step, label, detail }) => ({ label, detail, params: { uri, step } }));
}

/** The arguments of a key binding for the whole workspace: `{ "step": "minor", "onlyFindings": true }`. */
export function upgradeParams(told: unknown): UpgradeParams | undefined {
  if (typeof told !== 'object' || told === null || !('step' in told)) return undefined;
  const step = STEPS.map((choice) => choice.step).find((known) => known === told.step);
  if (step === undefined) return undefined;
  return { uri: undefined, step, onlyFindings: 'onlyFindings' in told && told.onlyFindings === true };
}

/**
 * True when a document is no longer the one that an edit was computed for. The version is null when that was the file on
 * disk; `text` is what stands now where the edit would be made.
 */
export function isStale(
  { version, oldText }: Pick<PlannedUpgrade, 'version' | 'oldText'>,
  now: { readonly version: number; readonly text: string },
): boolean {
  return now.text !== oldText || (version !== null && version !== now.version);
}

/** True for a document whose lines can be upgraded. */
export function isManifest(path: string): boolean {
  return /\/(?:package\.json|pnpm-workspace\.yaml|\.yarnrc\.yml)$/.test(path);
}
