import type { MockBuild } from './mock-build.ts';
import { GOOD_BUILD } from './mock-build.ts';
import type { BundleOptions, MockSigner, MockSigstore } from './sigstore-mock.ts';

/** A package as an attestation names it. */
export interface AttestablePackage {
  /** As the registry writes it, `@scope/name` with its slash. */
  readonly name: string;
  readonly version: string;
  /** `sha512-…`. */
  readonly integrity: string;
}

/** One entry of a registry's answer. */
export interface NpmAttestation {
  readonly predicateType: string;
  readonly bundle: unknown;
}

export const PUBLISH = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';
export const SLSA_1 = 'https://slsa.dev/provenance/v1';
export const SLSA_0_2 = 'https://slsa.dev/provenance/v0.2';

export interface AttestationOptions extends BundleOptions {
  /** Another signer than the one that is due. */
  readonly signer?: MockSigner;
  /** Replaces parts of the statement. */
  readonly statement?: Readonly<Record<string, unknown>>;
  /** Replaces the type under which the registry lists it. */
  readonly label?: string;
}

/**
 * The body of a registry's answer about a package's attestations, as `GET /-/npm/v1/attestations/NAME@VERSION` gives it.
 * @example
 * const sigstore = await mockSigstore();
 * const response = await npmAttestations(sigstore, { name, version, integrity }, { ref: 'refs/heads/main' });
 * checkNpmAttestations({ name, version, integrity, response, trust: sigstore.trust });
 */
export async function npmAttestations(
  sigstore: MockSigstore,
  about: AttestablePackage,
  build: MockBuild = {},
): Promise<string> {
  return answer([await publishAttestation(sigstore, about), await provenanceAttestation(sigstore, about, build)]);
}

/** The body of an answer with just these attestations. */
export function answer(attestations: readonly unknown[]): string {
  return JSON.stringify({ attestations });
}

/** The registry's own: that it published these bytes under this name and version. */
export async function publishAttestation(
  sigstore: MockSigstore,
  about: AttestablePackage,
  { signer = 'registry', statement, label = PUBLISH, ...options }: AttestationOptions = {},
): Promise<NpmAttestation> {
  const payload = {
    _type: 'https://in-toto.io/Statement/v0.1',
    subject: [subjectOf(about)],
    predicateType: PUBLISH,
    predicate: { name: about.name, version: about.version, registry: 'https://registry.example' },
    ...statement,
  };
  const bundle = await sigstore.bundle(JSON.stringify(payload), signer, { version: '0.2', ...options });
  return { predicateType: label, bundle };
}

/** The builder's: from what and how the package was built. */
export async function provenanceAttestation(
  sigstore: MockSigstore,
  about: AttestablePackage,
  build: MockBuild = {},
  { signer = build, statement, label = SLSA_1, ...options }: AttestationOptions = {},
): Promise<NpmAttestation> {
  const payload = {
    _type: label === SLSA_1 ? 'https://in-toto.io/Statement/v1' : 'https://in-toto.io/Statement/v0.1',
    subject: [subjectOf(about)],
    predicateType: label,
    predicate: predicateOf({ ...GOOD_BUILD, ...build }, label),
    ...statement,
  };
  return { predicateType: label, bundle: await sigstore.bundle(JSON.stringify(payload), signer, options) };
}

function subjectOf({ name, version, integrity }: AttestablePackage): object {
  const sha512 = Buffer.from(integrity.slice('sha512-'.length), 'base64').toString('hex');
  return { name: `pkg:npm/${name.replace('@', '%40')}@${version}`, digest: { sha512 } };
}

function predicateOf({ repository, ref, workflow, commit }: MockBuild, label: string): object {
  const uri = `git+${String(repository)}@${String(ref)}`;
  if (label === SLSA_0_2) {
    return { invocation: { configSource: { uri, digest: { sha1: commit }, entryPoint: workflow } } };
  }
  return {
    buildDefinition: {
      buildType: 'https://slsa-framework.github.io/github-actions-buildtypes/workflow/v1',
      externalParameters: { workflow: { ref, repository, path: workflow } },
      resolvedDependencies: [{ uri, digest: { gitCommit: commit } }],
    },
    runDetails: { builder: { id: 'https://github.com/actions/runner/github-hosted' } },
  };
}
