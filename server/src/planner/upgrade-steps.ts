import type { RegistryPackage, RegistryVersion } from '../core/registry-package.ts';
import type { UpgradeStep, VersionScheme } from '../core/version-scheme.ts';

/** The highest version that each size of step leads to, prereleases and deprecated versions left out. */
export function upgradeSteps(
  installed: string,
  registry: RegistryPackage,
  versions: VersionScheme,
): Partial<Record<UpgradeStep, RegistryVersion>> {
  const steps: Partial<Record<UpgradeStep, RegistryVersion>> = {};
  for (const candidate of registry.versions) {
    if (candidate.deprecated !== undefined || versions.isPrerelease(candidate.version)) continue;
    if (versions.compare(candidate.version, installed) <= 0) continue;
    const step = versions.step(installed, candidate.version);
    if (step === undefined) continue;
    const best = steps[step];
    if (best === undefined || versions.compare(candidate.version, best.version) > 0) steps[step] = candidate;
  }
  return steps;
}
