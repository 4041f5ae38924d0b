import type { LockEntry } from '../../../core/lockfile.ts';
import type { PackageSource, ScopeSet } from '../../../core/package.ts';

/** An entry that is still being made: what stands further down in the lockfile comes later. */
export interface GrowingEntry extends LockEntry {
  name: string;
  version: string;
  source: PackageSource;
  integrity: string | undefined;
  deprecated: string | undefined;
  hasInstallScript: boolean;
  scopes: ScopeSet;
  edges: readonly number[];
}

/** All entries are made here, so that they have one shape, which the engine reads fastest and keeps smallest. */
export function growEntry(
  name: string,
  version: string,
  source: PackageSource,
  registry: string | undefined,
  start: number,
  end: number,
): GrowingEntry {
  return {
    name,
    version,
    source,
    registry,
    integrity: undefined,
    deprecated: undefined,
    hasInstallScript: false,
    scopes: 0,
    start,
    end,
    edges: NO_EDGES,
  };
}

/** Most packages of a lockfile bring in nothing. */
const NO_EDGES: readonly number[] = [];
