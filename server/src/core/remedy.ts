import type { DocumentEdit } from './text-edit.ts';
import type { UpgradeStep } from './version-scheme.ts';

/** An edit that mends something: proposed from what is known, or verified against the registry. */
export interface Remedy {
  readonly kind: 'upgrade' | 'refresh' | 'parent' | 'override' | 'lock' | 'remove';
  /** The package whose version the edit changes. */
  readonly package: string;
  readonly from: string;
  readonly to: string;
  readonly state: 'proposed' | 'verified';
  /** Ids of the advisories that no longer apply. */
  readonly clears: readonly string[];
  /** Ids that still apply at `to`. */
  readonly leaves: readonly string[];
  readonly step: UpgradeStep | undefined;
  /** True when the step may break: a major one, or a minor one below 1.0.0. */
  readonly breaking: boolean;
  readonly edits: readonly DocumentEdit[];
  /** The command that does it, where the lockfile alone is to change; to be shown, never run. */
  readonly command?: string;
}
