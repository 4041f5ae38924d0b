import { NO_NEEDS, type RegistryVersion } from '../../server/src/core/registry-package.ts';

/** A version of which the registry says no more than it must. */
export function publishedVersion(facts: Partial<RegistryVersion> = {}): RegistryVersion {
  return {
    version: '1.0.0',
    publishedAt: undefined,
    deprecated: undefined,
    hasInstallScript: false,
    license: undefined,
    integrity: undefined,
    tarball: undefined,
    signatures: [],
    trust: 0,
    peerDependencies: {},
    nodeEngine: undefined,
    needs: NO_NEEDS,
    lockTraits: 0,
    ...facts,
  };
}
