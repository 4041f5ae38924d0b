import type { ProvenanceSource } from '../../server/src/core/evidence.ts';
import type { Release } from '../../server/src/core/registry-package.ts';

/** A version as its registry describes it, nothing special about it but the changes. */
export function releaseOf(version: string, changes: Partial<Release> = {}): Release {
  return {
    version,
    integrity: undefined,
    signatures: [],
    attested: false,
    trust: 0,
    publisher: undefined,
    repository: undefined,
    hasInstallScript: false,
    ...changes,
  };
}

/** A build of github.com/acme/a. */
export function provenanceOf(changes: Partial<ProvenanceSource> = {}): ProvenanceSource {
  return {
    repository: 'https://github.com/acme/a',
    ref: undefined,
    commit: undefined,
    workflow: '.github/workflows/release.yml',
    builder: 'GitHub Actions',
    run: undefined,
    trigger: undefined,
    repositoryId: '1',
    loggedAt: undefined,
    logIndex: undefined,
    ...changes,
  };
}
