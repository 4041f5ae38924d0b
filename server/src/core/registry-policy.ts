import type { AgeGate } from './age-gate.ts';
import type { ConnectionOptions } from './ports.ts';

/**
 * Which registry a package belongs to, what may be said of it to others, and how that registry is asked.
 * It is made from the user's own configuration and, with limits, from the workspace's: any file may withhold a name,
 * only a trusted one may choose a host, and variables are expanded in the user's own files only.
 */
export interface RegistryPolicy {
  /** The base URL that the package manager would ask for this name, with a slash at its end. */
  registryOf(name: string): string;
  /**
   * Why the name may not be told to public services; undefined when it may.
   * `resolvedFrom` is the registry that the lockfile names for it, undefined when it names none.
   */
  withheld(name: string, resolvedFrom: string | undefined): string | undefined;
  /** The headers and connection for a URL below a configured registry. A token goes to the host that it was configured for and to no other. */
  access(url: string): RegistryAccess;
  /** False when no registry may be asked for the name, because a file of the workspace puts it elsewhere and may not choose that host. */
  mayAsk(name: string): boolean;
  /** Where requests for a registry go: its own base URL but for the public one's, which a mirror may stand in for. */
  requestBase(registry: string): string;
  /** How old a version must be before the package manager takes it; undefined when any is taken. */
  readonly ageGate: AgeGate | undefined;
}

export interface RegistryAccess {
  readonly headers: Readonly<Record<string, string>>;
  /** Undefined when the registry is asked in the usual way. */
  readonly connection: ConnectionOptions | undefined;
}
