import gte from 'semver/functions/gte.js';
import type { ProjectLayout } from '../../../core/project.ts';
import type { OverrideScene } from '../../../core/transitive-dialect.ts';

/** The block below `pnpm` in `package.json`, and the one in `pnpm-workspace.yaml`. */
export type PnpmBlock = 'pnpm.overrides' | 'settings.overrides';

/**
 * The block of overrides that pnpm reads; it never reads both. Before 10.5 that is the one in `package.json`, from 11 on the
 * other; in between `package.json` is it where it has one. Of a version that nobody names the lockfile's format tells: the
 * ones of version 9 count as those of pnpm 10.
 * @see https://pnpm.io/10.x/settings#overrides
 */
export function pnpmBlock({ layout, format, existing }: OverrideScene): PnpmBlock {
  const { managerVersion } = layout;
  const isOld = managerVersion === undefined ? format !== 'pnpm v9' : !gte(managerVersion, '10.5.0');
  if (isOld) return 'pnpm.overrides';
  const isInManifest = existing.some(({ group }) => group === 'pnpm.overrides');
  return isInManifest && !isPnpmEleven(layout) ? 'pnpm.overrides' : 'settings.overrides';
}

/** True when the root's manifest names pnpm 11 or later. */
export function isPnpmEleven({ managerVersion }: ProjectLayout): boolean {
  return managerVersion !== undefined && gte(managerVersion, '11.0.0-0');
}
