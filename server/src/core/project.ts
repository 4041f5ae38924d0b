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
  readonly unread: readonly UnreadDocument[];
  /** Set when members may have been left out, because folders were excluded or there are too many. */
  readonly isPart?: boolean;
  /** The lowest version of the package manager that the root's manifest names; absent when it names none that is used. */
  readonly managerVersion?: string;
  /** The command that brings the lockfile up to date, to be shown or put into a terminal, never run. */
  readonly installCommand: string;
}

/** The same text for the same project, whatever else is found beside it. */
export function projectKey({ ecosystem, root, lockfile }: ProjectLayout): string {
  return `${ecosystem}\n${root}\n${lockfile ?? ''}`;
}

export interface UnreadDocument {
  readonly path: string;
  readonly reason: string;
  /** Set for a lockfile of another package manager beside the one that decides: what to do about it, in a sentence. */
  readonly rival?: string;
}

export interface ManifestLocation {
  readonly path: string;
  /** The importer in the lockfile (`.`, `packages/a`); undefined for documents that only hold catalogs. */
  readonly importer: string | undefined;
}
