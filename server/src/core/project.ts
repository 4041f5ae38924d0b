/** Where a project's documents lie. Paths are absolute. */
export interface ProjectLayout {
  /** Id of the ecosystem. */
  readonly ecosystem: string;
  /** The folder of the workspace root. */
  readonly root: string;
  readonly manifests: readonly ManifestLocation[];
  /** Undefined when there is none that can be read. */
  readonly lockfile: string | undefined;
  /** Files that decide which registry is asked, the nearest first (`.npmrc`). */
  readonly registryConfigs: readonly string[];
  /** Documents that were found but cannot be read, and why (`bun.lockb`). */
  readonly unread: readonly { readonly path: string; readonly reason: string }[];
  /** The command that brings the lockfile up to date, to be shown or put into a terminal, never run. */
  readonly installCommand: string;
}

export interface ManifestLocation {
  readonly path: string;
  /** The importer in the lockfile (`.`, `packages/a`); undefined for documents that only hold catalogs. */
  readonly importer: string | undefined;
}
