import { onTestFinished } from 'vitest';

import { startFaultServer, type FaultServer } from './fault-server.ts';
import type { MockBuild } from './mock-build.ts';
import { npmAttestations } from './npm-attestations.ts';
import { mockSigstore, type MockSigstore } from './sigstore-mock.ts';

/** A version that a registry publishes. */
export interface PublishedRelease {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  /** ISO time. */
  readonly published?: string;
  /** Who built it; undefined for a version without attestations. */
  readonly build?: MockBuild;
  readonly isUnsigned?: boolean;
  /** The repository that its manifest claims. */
  readonly repository?: string;
  /** More fields of its document. */
  readonly more?: Readonly<Record<string, unknown>>;
}

export interface AttestedRegistry {
  readonly server: FaultServer;
  readonly sigstore: MockSigstore;
  /** What `PROVENDER_TRUSTED_KEYS` names the file of. */
  readonly trustDocument: string;
}

/** A registry on loopback that signs and attests what it publishes, as the public one does. It ends with the test. */
export async function startAttestedRegistry(releases: readonly PublishedRelease[]): Promise<AttestedRegistry> {
  const sigstore = await mockSigstore();
  const answers = new Map<string, unknown>();
  for (const release of releases) {
    const { name, version, build } = release;
    const path = name.replace('/', '%2f');
    answers.set(`/${path}/${version}`, documentOf(release, sigstore));
    if (build !== undefined) {
      answers.set(
        `/-/npm/v1/attestations/${path}@${version}`,
        JSON.parse(await npmAttestations(sigstore, release, build)),
      );
    }
  }
  for (const [name, versions] of Map.groupBy(releases, (release) => release.name)) {
    answers.set(`/${name.replace('/', '%2f')}`, {
      name,
      'dist-tags': { latest: versions.at(-1)?.version },
      versions: Object.fromEntries(versions.map((release) => [release.version, documentOf(release, sigstore)])),
      time: Object.fromEntries(versions.map(({ version, published = '2026-01-01T00:00:00Z' }) => [version, published])),
    });
  }
  const server = await startFaultServer(({ path }) => {
    const found = answers.get(path);
    const headers = { 'content-type': 'application/json' };
    return found === undefined
      ? { kind: 'answer', status: 404, headers, body: '{}' }
      : { kind: 'answer', headers, body: JSON.stringify(found) };
  });
  onTestFinished(() => server.close());
  return { server, sigstore, trustDocument: JSON.stringify({ ...sigstore.keys, trustedRoot: sigstore.root }) };
}

function documentOf(release: PublishedRelease, sigstore: MockSigstore): Record<string, unknown> {
  const { name, version, integrity, build, isUnsigned, repository, more } = release;
  return {
    name,
    version,
    ...(repository === undefined ? {} : { repository: { type: 'git', url: repository } }),
    ...more,
    dist: {
      integrity,
      ...(isUnsigned === true ? {} : { signatures: [sigstore.signature(name, version, integrity)] }),
      ...(build === undefined
        ? {}
        : {
            attestations: {
              url: 'https://elsewhere.example/',
              provenance: { predicateType: 'https://slsa.dev/provenance/v1' },
            },
          }),
    },
  };
}
