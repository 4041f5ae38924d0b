import { textAt } from '../../core/json-fields.ts';
import { type AttestationPart, type CertificateClaims, invalid, unverifiable } from '../attestations-outcome.ts';
import { GITHUB_ISSUER, GITLAB_ISSUER } from '../provenance-policy.ts';
import { repositoryIdentity } from '../repository-identity.ts';

/**
 * What is wrong with a certificate under the publisher that the index names: the index says who may publish the project,
 * and the certificate proves who did.
 * @see https://docs.pypi.org/trusted-publishers/
 */
export function publisherFault(publisher: unknown, claims: CertificateClaims): AttestationPart | undefined {
  const kind = textAt(publisher, 'kind');
  const repository = textAt(publisher, 'repository');
  const service = SERVICES.find((each) => each.kind === kind);
  if (service === undefined || repository === undefined) {
    return unverifiable('unknown-publisher', 'The index names no kind of publisher that is known here');
  }
  const expected = repositoryIdentity(`${service.url}/${repository}`);
  const isSame =
    claims.issuer === service.issuer &&
    expected !== undefined &&
    repositoryIdentity(claims.repository) === expected &&
    isBuiltBy(service.workflowOf(publisher), claims);
  if (isSame) return undefined;
  return invalid('other-publisher', 'It was published by somebody else than the publisher that the index names');
}

interface BuildService {
  readonly kind: string;
  readonly url: string;
  readonly issuer: string;
  /** The path of the publisher's workflow; undefined when it is not said. */
  readonly workflowOf: (publisher: unknown) => string | undefined;
}

const SERVICES: readonly BuildService[] = [
  {
    kind: 'GitHub',
    url: 'https://github.com',
    issuer: GITHUB_ISSUER,
    workflowOf: (publisher) => `.github/workflows/${textAt(publisher, 'workflow') ?? ''}`,
  },
  {
    kind: 'GitLab',
    url: 'https://gitlab.com',
    issuer: GITLAB_ISSUER,
    workflowOf: (publisher) => textAt(publisher, 'workflow_filepath'),
  },
];

/** The workflow of the publisher, as it was in the commit or the ref that was built. */
function isBuiltBy(
  workflow: string | undefined,
  { workflow: path, workflowRef, commit, ref }: CertificateClaims,
): boolean {
  const at = workflowRef?.slice(workflowRef.lastIndexOf('@') + 1);
  return (workflow === undefined || workflow === path) && at !== undefined && (at === commit || at === ref);
}
