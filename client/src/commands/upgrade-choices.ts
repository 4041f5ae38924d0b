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

/**
 * True when a text is no longer the one that an edit was computed for. `version` is null when that was the file on disk;
 * `open` is the document as the editor has it now, undefined when it is closed.
 */
export function isStale(
  version: number | null,
  open: { readonly version: number; readonly isDirty: boolean } | undefined,
): boolean {
  return version === null ? open?.isDirty === true : open?.version !== version;
}

/** True for a document whose lines can be upgraded. */
export function isManifest(path: string): boolean {
  return path.endsWith('/package.json') || path.endsWith('/pnpm-workspace.yaml');
}
