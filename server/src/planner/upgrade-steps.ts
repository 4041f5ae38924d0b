import type { RegistryPackage, RegistryVersion } from '../core/registry-package.ts';
import type { UpgradeStep, VersionScheme } from '../core/version-scheme.ts';

/** The sizes of step, the smallest first. */
export const STEP_SIZES: readonly UpgradeStep[] = ['patch', 'minor', 'major'];

/**
 * The highest version that each size of step leads to, prereleases and deprecated versions left out, and those that do not
 * fit: they are asked about one by one, the highest first.
 */
export function upgradeSteps(
  installed: string,
  registry: RegistryPackage,
  versions: VersionScheme,
  isFit: (candidate: RegistryVersion) => boolean = () => true,
): Partial<Record<UpgradeStep, RegistryVersion>> {
  const steps: Partial<Record<UpgradeStep, RegistryVersion>> = {};
  for (let at = registry.versions.length - 1; at >= 0; at--) {
    const candidate = registry.versions[at];
    if (candidate === undefined || versions.compare(candidate.version, installed) <= 0) break;
    if (candidate.deprecated !== undefined || versions.isPrerelease(candidate.version)) continue;
    const step = versions.step(installed, candidate.version);
    if (step !== undefined && steps[step] === undefined && isFit(candidate)) steps[step] = candidate;
  }
  return steps;
}
