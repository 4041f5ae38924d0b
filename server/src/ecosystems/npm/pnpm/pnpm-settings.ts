import gte from 'semver/functions/gte.js';

/** From then on pnpm reads in `pnpm-workspace.yaml` what it read below `pnpm` in `package.json` before. */
const SINCE = '10.5.0';

/**
 * True when pnpm reads overrides in `pnpm-workspace.yaml`. Of a version that nobody names the lockfile's format tells: the
 * ones of version 9 count as a new pnpm's.
 * @see https://pnpm.io/10.x/settings#overrides
 */
export function readsSettings(managerVersion: string | undefined, format: string): boolean {
  return managerVersion === undefined ? format !== 'pnpm v5' && format !== 'pnpm v6' : gte(managerVersion, SINCE);
}
