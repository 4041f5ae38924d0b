import type { ProvenanceSource } from '../core/evidence.ts';
import type { AttestationsOutcome } from './attestations-outcome.ts';
import { GITHUB_ISSUER, GITLAB_ISSUER } from './provenance-policy.ts';

/** Who built a package from what, by its certificate. Undefined unless its provenance was verified. */
export function sourceOf(outcome: AttestationsOutcome | undefined): ProvenanceSource | undefined {
  const claims = outcome?.claims;
  if (claims === undefined || outcome?.provenance.verdict !== 'verified') return undefined;
  return {
    repository: claims.repository,
    ref: claims.ref,
    commit: claims.commit,
    workflow: claims.workflow,
    builder: BUILDERS.get(claims.issuer) ?? claims.issuer,
    run: claims.run,
    trigger: claims.trigger,
    repositoryId: claims.repositoryId,
    loggedAt: outcome.loggedAt,
    logIndex: outcome.logIndex,
  };
}

const BUILDERS: ReadonlyMap<string, string> = new Map([
  [GITHUB_ISSUER, 'GitHub Actions'],
  [GITLAB_ISSUER, 'GitLab CI/CD'],
]);
