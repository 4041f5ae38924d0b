import type { Manifest } from './manifest.ts';
import type { PackageSource, Scope, ScopeSet } from './package.ts';

/**
 * One installed package of a lockfile. There is one per place it is installed at (package-lock) or per combination of
 * peers (pnpm), so a name and version may stand more than once. Fields are flat: a lockfile has tens of thousands.
 * No string may be a slice of the lockfile's text, which would keep the whole text in memory.
 */
export interface LockEntry {
  /** The name in the registry, not the alias. */
  readonly name: string;
  /** The version; empty when the lockfile does not say (links, broken entries). */
  readonly version: string;
  readonly source: PackageSource;
  /** The origin (`https://host` and, where it is not the host's root, its path) it was resolved from; undefined when the lockfile does not say. */
  readonly registry: string | undefined;
  /** The Subresource Integrity string as it is written; undefined when there is none. */
  readonly integrity: string | undefined;
  /** The message, when the lockfile carries the registry's deprecation. */
  readonly deprecated: string | undefined;
  /** True when the lockfile says that the package runs a script when it is installed. */
  readonly hasInstallScript: boolean;
  readonly scopes: ScopeSet;
  /** Offsets of the entry's key, without quotes. */
  readonly start: number;
  readonly end: number;
  /** Indexes into {@link Lockfile.entries} of the packages that this one brings in. */
  readonly edges: readonly number[];
}

/** A dependency of a workspace member, as the lockfile resolved it. */
export interface ImporterDependency {
  /** The name as the manifest writes it, which is the alias when there is one. */
  readonly name: string;
  readonly scope: Scope;
  /** The range that the lockfile was made for; undefined when it does not say. */
  readonly specifier: string | undefined;
  /** Index into {@link Lockfile.entries}; -1 when the lockfile has no entry for it. */
  readonly entry: number;
}

/** A workspace member. */
export interface Importer {
  /** Relative to the lockfile's folder, `/` between its parts, `.` for the root. */
  readonly path: string;
  readonly dependencies: readonly ImporterDependency[];
}

/** An entry of a catalog, as the lockfile resolved it. */
export interface CatalogEntry {
  readonly catalog: string;
  readonly name: string;
  readonly specifier: string;
  readonly version: string;
}

export interface Lockfile {
  /** For people and for `list`: `package-lock v3`, `pnpm v9`. */
  readonly format: string;
  readonly entries: readonly LockEntry[];
  /** The root first. */
  readonly importers: readonly Importer[];
  readonly catalogs: readonly CatalogEntry[];
  /** Names that packages of other names are installed under. */
  readonly aliases?: ReadonlySet<string>;
  /** True when code of the project's own (pnpm's hooks) changed what manifests ask for, so that their lines may not be compared. */
  readonly isRewritten?: boolean;
  /** True when every package that runs a script at its installation is marked so; else an entry's silence means nothing. */
  readonly tellsInstallScripts?: boolean;
  /** Indexes of entries that are the package manager's own (scope `tool`): checked, but not part of `list`. */
  readonly tools: readonly number[];
  /**
   * Index of the entry at the top level of the tree by the name it is installed under. Only where the lockfile does not say
   * what its root asks for (package-lock v1): a line of the manifest then means the entry of its name.
   */
  readonly topLevel?: ReadonlyMap<string, number>;
  /**
   * The same lockfile with the importers and scopes that the manifests give. Only where the lockfile does not say itself what
   * each member asks for, or for what (yarn).
   */
  readonly completedBy?: (manifests: readonly MemberManifest[]) => Lockfile;
}

/** A manifest, and the importer that it is of; undefined for documents that only hold catalogs. */
export interface MemberManifest {
  readonly importer: string | undefined;
  readonly manifest: Manifest;
}

/** Catalogs are those of the root and of the documents beside it: what a member writes as one is none. */
export function ownsCatalogs(importer: string | undefined): boolean {
  return importer === undefined || importer === '.';
}

export const EMPTY_LOCKFILE: Lockfile = { format: 'none', entries: [], importers: [], catalogs: [], tools: [] };
