/**
 * What checking a package's attestations came to. Plain data without functions: it is stored, and sent between threads.
 * Texts from certificates and responses are in it as they came: escape them.
 */
export interface AttestationsOutcome {
  /** The registry's own attestation that it published these bytes under this name and version. */
  readonly publish: AttestationPart;
  /** The attestation of how the package was built, by who built it. */
  readonly provenance: AttestationPart;
  /** What the certificate of a verified provenance says; undefined without one. */
  readonly claims?: CertificateClaims | undefined;
  /**
   * When a transparency log or a timestamp authority took the provenance up, in milliseconds since the epoch: of the
   * publish attestation where no provenance was verified. Undefined when nobody vouches for a time.
   */
  readonly loggedAt?: number | undefined;
  /** The number of the same attestation's entry in the transparency log. */
  readonly logIndex?: string | undefined;
  /** The types of attestations that are not looked at. */
  readonly ignored: readonly string[];
}

export interface AttestationPart {
  /** `unverifiable` is what cannot be checked here for want of a key or of a known format; `invalid` is what is false. */
  readonly verdict: 'verified' | 'invalid' | 'unverifiable' | 'absent';
  /** A machine-readable reason, the verdict itself when that says all. */
  readonly code: string;
  /** One sentence for people, or the empty string where there is nothing to add to the verdict. */
  readonly message: string;
}

/**
 * The identity in a certificate that was verified. Claims come from here only: the payload of an attestation is what the
 * builder wrote, and nobody checked it.
 * @see https://github.com/sigstore/fulcio/blob/main/docs/oid-info.md
 */
export interface CertificateClaims {
  /** URL of who vouched for the identity, `https://token.actions.githubusercontent.com` for one. */
  readonly issuer: string;
  /** The https URL of the source repository. */
  readonly repository: string;
  /** The host's own number of the repository, which a renamed one keeps. */
  readonly repositoryId?: string | undefined;
  /** The host's own number of the repository's owner. */
  readonly ownerId?: string | undefined;
  /** `refs/tags/v1.2.3` or `refs/heads/main`. */
  readonly ref?: string | undefined;
  readonly commit?: string | undefined;
  /** The path of the build's configuration in the repository, `.github/workflows/release.yml` for one. */
  readonly workflow?: string | undefined;
  /** The build's configuration as a URL with its ref. */
  readonly workflowRef?: string | undefined;
  /** The same of the workflow that signed: another one where a reusable workflow is called. */
  readonly buildSigner?: string | undefined;
  /** `github-hosted`, `self-hosted`. */
  readonly runner?: string | undefined;
  /** The event that started the build: `push`, `release`, `pull_request`. */
  readonly trigger?: string | undefined;
  /** URL of the run's page. */
  readonly run?: string | undefined;
  /** `public`, `private`. */
  readonly visibility?: string | undefined;
  /** True for certificates from before March 2023, which know few claims. */
  readonly hasLegacyOnly: boolean;
}

export const ABSENT: AttestationPart = { verdict: 'absent', code: 'absent', message: '' };

export const VERIFIED: AttestationPart = { verdict: 'verified', code: 'verified', message: '' };

/** It is false. */
export function invalid(code: string, message: string): AttestationPart {
  return { verdict: 'invalid', code, message };
}

/** It cannot be told here whether it is true. */
export function unverifiable(code: string, message: string): AttestationPart {
  return { verdict: 'unverifiable', code, message };
}
