import type { CertificateClaims } from './attestations-outcome.ts';
import { repositoryIdentity } from './repository-identity.ts';

/** What is remarkable about a provenance that was verified. */
export interface ProvenanceWarning {
  readonly code: string;
  /** One sentence for people, with remote text in it as it came: escape it. */
  readonly message: string;
  /** `info` is legal and common, and shown for completeness. */
  readonly level: 'warning' | 'info';
}

export interface ProvenanceContext {
  /** The repository that this version of the package declares; undefined when it declares none. */
  readonly repository: string | undefined;
  /** The certificate of the version that was locked before this one, where there was one. */
  readonly previous?: CertificateClaims | undefined;
}

/**
 * Judges who built a package and from what, by the claims of its certificate. A valid provenance says where a package was
 * built, not that this is where it should have been.
 */
export function judgeProvenance(claims: CertificateClaims, context: ProvenanceContext): readonly ProvenanceWarning[] {
  const all = [
    identityChange(claims, context.previous),
    sourceMismatch(claims, context),
    unknownIssuer(claims),
    foreignRunner(claims),
    riskyTrigger(claims),
    privateSource(claims),
    reusableWorkflow(claims),
  ].filter((found) => found !== undefined);
  return [...all.filter(({ level }) => level === 'warning'), ...all.filter(({ level }) => level === 'info')];
}

export const GITHUB_ISSUER = 'https://token.actions.githubusercontent.com';

export const GITLAB_ISSUER = 'https://gitlab.com';

const HOSTED_RUNNERS: readonly string[] = ['github-hosted', 'gitlab-hosted'];

/** Events that people without rights on the repository can bring about. */
const RISKY_TRIGGERS: readonly string[] = ['pull_request', 'pull_request_target', 'issue_comment', 'workflow_run'];

function sourceMismatch(
  claims: CertificateClaims,
  { repository, previous }: ProvenanceContext,
): ProvenanceWarning | undefined {
  const declared = repository === undefined ? undefined : repositoryIdentity(repository);
  if (repository === undefined || declared === undefined) {
    return info('repository-not-declared', 'The package declares no repository that the source could be compared with');
  }
  if (declared === repositoryIdentity(claims.repository)) return undefined;
  const message = `The package declares ${declared} as its repository, and was built from ${bare(claims.repository)}: it may be a renamed or moved repository`;
  const isAsBefore = claims.repositoryId !== undefined && claims.repositoryId === previous?.repositoryId;
  return isAsBefore ? info('source-mismatch', message) : warning('source-mismatch', message);
}

function unknownIssuer({ issuer }: CertificateClaims): ProvenanceWarning | undefined {
  if (issuer === GITHUB_ISSUER || issuer === GITLAB_ISSUER) return undefined;
  return warning(
    'unknown-issuer',
    `The build’s identity was vouched for by ${issuer}, which is no build service known here`,
  );
}

function foreignRunner({ runner }: CertificateClaims): ProvenanceWarning | undefined {
  if (runner === undefined || HOSTED_RUNNERS.includes(runner)) return undefined;
  return warning(
    'foreign-runner',
    `It was built on a machine of the project’s own (${runner}), which nobody else vouches for`,
  );
}

function riskyTrigger({ trigger }: CertificateClaims): ProvenanceWarning | undefined {
  if (trigger === undefined || !RISKY_TRIGGERS.includes(trigger)) return undefined;
  return warning(
    'risky-trigger',
    `The build was started by ${trigger}, which people without rights on the repository can bring about`,
  );
}

function privateSource({ visibility }: CertificateClaims): ProvenanceWarning | undefined {
  if (visibility !== 'private') return undefined;
  return warning('private-source', 'The source repository is private, so nobody can compare the package with it');
}

/** It is legal that another workflow signs: what counts is the source and the workflow that called it. */
function reusableWorkflow({ buildSigner, workflowRef }: CertificateClaims): ProvenanceWarning | undefined {
  if (buildSigner === undefined || workflowRef === undefined || buildSigner === workflowRef) return undefined;
  return info('reusable-workflow', `The build was done by a reusable workflow, ${bare(buildSigner)}`);
}

function identityChange(
  claims: CertificateClaims,
  previous: CertificateClaims | undefined,
): ProvenanceWarning | undefined {
  if (previous === undefined) return undefined;
  if (!isSameRepository(claims, previous)) {
    return warning(
      'other-repository',
      `The version before was built from another repository, ${bare(previous.repository)}`,
    );
  }
  const { workflow } = previous;
  if (workflow === undefined || claims.workflow === undefined || workflow === claims.workflow) return undefined;
  return warning('other-workflow', `The version before was built by another workflow, ${workflow}`);
}

/** A host's number of a repository outlives its name; old certificates have none. */
function isSameRepository(one: CertificateClaims, other: CertificateClaims): boolean {
  if (one.issuer === other.issuer && one.repositoryId !== undefined && other.repositoryId !== undefined) {
    return one.repositoryId === other.repositoryId;
  }
  return repositoryIdentity(one.repository) === repositoryIdentity(other.repository);
}

function bare(url: string): string {
  return url.replace(/^https:\/\//, '');
}

function warning(code: string, message: string): ProvenanceWarning {
  return { code, message, level: 'warning' };
}

function info(code: string, message: string): ProvenanceWarning {
  return { code, message, level: 'info' };
}
