import type { UpgradeParams } from '../../../server/src/protocol.ts';

export interface UpgradeChoice {
  readonly label: string;
  readonly detail: string;
  readonly params: UpgradeParams;
}

const STEPS = [
  { step: 'patch', label: 'Patch', detail: 'Bug fixes only: the third number rises' },
  { step: 'minor', label: 'Minor', detail: 'Additions too: the second number rises' },
  { step: 'major', label: 'Major', detail: 'The newest versions, breaking changes included' },
] as const;

/** What can be chosen for one file, or for the whole workspace where `uri` is undefined. */
export function upgradeChoices(uri: string | undefined): readonly UpgradeChoice[] {
  return STEPS.map(({ step, label, detail }) => ({ label, detail, params: { uri, step } }));
}

/** True for a document whose lines can be upgraded. */
export function isManifest(path: string): boolean {
  return path.endsWith('/package.json') || path.endsWith('/pnpm-workspace.yaml');
}
