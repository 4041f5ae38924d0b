import type { RegistryPackage, RegistryVersion } from '../core/registry-package.ts';
import type { VersionScheme } from '../core/version-scheme.ts';

/** The version that a range takes without a lockfile: the highest published one that is not deprecated, else the highest. */
export function highestFitting(
  { versions }: RegistryPackage,
  range: string,
  scheme: VersionScheme,
): RegistryVersion | undefined {
  const fitting = versions.filter(({ version }) => scheme.satisfies(version, range));
  const live = fitting.filter(({ deprecated }) => deprecated === undefined);
  return live.at(-1) ?? fitting.at(-1);
}
