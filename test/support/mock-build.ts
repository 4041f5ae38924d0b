/** Who built a package and from what, as a build service tells it to Sigstore. */
export interface MockBuild {
  readonly issuer?: string;
  /** The https URL of the source repository; null for an identity that has none, as a person's. */
  readonly repository?: string | null;
  readonly repositoryId?: string;
  readonly ownerId?: string;
  readonly ref?: string;
  readonly commit?: string;
  /** The path in the repository. */
  readonly workflow?: string;
  /** The ref that the workflow was read from, where it is another one. */
  readonly workflowRef?: string;
  /** The URL of the workflow that signed, where it is another one. */
  readonly buildSigner?: string;
  readonly runner?: string;
  readonly trigger?: string;
  readonly visibility?: string;
  /** True for a certificate from before March 2023, which has the first six claims only. */
  readonly isLegacy?: boolean;
}

/** A release of acme/widget by GitHub Actions, as it should be. */
export const GOOD_BUILD = {
  issuer: 'https://token.actions.githubusercontent.com',
  repository: 'https://github.com/acme/widget',
  repositoryId: '1001',
  ownerId: '2001',
  ref: 'refs/tags/v1.2.3',
  commit: '0123456789abcdef0123456789abcdef01234567',
  workflow: '.github/workflows/release.yml',
  runner: 'github-hosted',
  trigger: 'release',
  visibility: 'public',
  isLegacy: false,
} as const;

interface Extension {
  readonly oid: string;
  readonly value: string;
  readonly legacy?: boolean;
}

/** What the certificate of a build says; what the build leaves out is that of the good one. */
export function certificateExtensions(changes: MockBuild): {
  readonly subjectAltName: string;
  readonly extensions: Extension[];
} {
  const build = { ...GOOD_BUILD, ...changes };
  const { issuer, repository, ref, trigger, commit } = build;
  if (repository === null) {
    return { subjectAltName: 'mailto:somebody@example.com', extensions: [legacy(1, issuer), claim(8, issuer)] };
  }
  const workflowRef = `${repository}/${build.workflow}@${changes.workflowRef ?? ref}`;
  const subjectAltName = changes.buildSigner ?? workflowRef;
  const old = [
    legacy(1, issuer),
    legacy(2, trigger),
    legacy(3, commit),
    legacy(5, new URL(repository).pathname.slice(1)),
    legacy(6, ref),
  ];
  if (build.isLegacy) return { subjectAltName, extensions: old };
  return {
    subjectAltName,
    extensions: [
      ...old,
      claim(8, issuer),
      claim(9, subjectAltName),
      claim(11, build.runner),
      claim(12, repository),
      claim(13, commit),
      claim(14, ref),
      claim(15, build.repositoryId),
      claim(17, build.ownerId),
      claim(18, workflowRef),
      claim(20, trigger),
      claim(21, `${repository}/actions/runs/42/attempts/1`),
      claim(22, build.visibility),
    ],
  };
}

function claim(number: number, value: string): Extension {
  return { oid: `1.3.6.1.4.1.57264.1.${String(number)}`, value };
}

function legacy(number: number, value: string): Extension {
  return { ...claim(number, value), legacy: true };
}
