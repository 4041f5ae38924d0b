import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { checkNpmAttestations } from '../../../server/src/evidence/attestations/check-npm-attestations.ts';
import type { AttestationsOutcome } from '../../../server/src/evidence/attestations-outcome.ts';
import { trustMaterialOf } from '../../../server/src/evidence/trust/trust-material.ts';
import { GOOD_BUILD } from '../../support/mock-build.ts';
import {
  answer,
  npmAttestations,
  provenanceAttestation,
  publishAttestation,
  SLSA_0_2,
  type AttestablePackage,
  type AttestationOptions,
} from '../../support/npm-attestations.ts';
import { wordOf } from '../../support/outcome-words.ts';
import { mockSigstore } from '../../support/sigstore-mock.ts';

const sigstore = await mockSigstore();

function integrityOf(bytes: string): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

const WIDGET: AttestablePackage = { name: '@acme/widget', version: '1.2.3', integrity: integrityOf('widget') };

/** The outcome of an answer for the package. */
function check(response: string, about = WIDGET, trust = sigstore.trust): AttestationsOutcome {
  return checkNpmAttestations({ ...about, response, trust });
}

/** The words for both parts, publish first. */
function words(response: string, about = WIDGET, trust = sigstore.trust): readonly string[] {
  const { publish, provenance } = check(response, about, trust);
  for (const part of [publish, provenance]) {
    expect(part.message === '').toBe(part.verdict === 'verified' || part.verdict === 'absent');
  }
  return [wordOf(publish), wordOf(provenance)];
}

/** The word for a provenance made with these options. */
async function provenance(options: AttestationOptions, build = {}): Promise<string | undefined> {
  return words(answer([await provenanceAttestation(sigstore, WIDGET, build, options)]))[1];
}

/** The word for a publish attestation made with these options. */
async function publish(options: AttestationOptions): Promise<string | undefined> {
  return words(answer([await publishAttestation(sigstore, WIDGET, options)]))[0];
}

describe('verified', () => {
  test('is an answer whose attestations are both of this package', async () => {
    expect(words(await npmAttestations(sigstore, WIDGET))).toEqual(['verified', 'verified']);
  });

  test('comes with what the certificate says of the build', async () => {
    const { claims } = check(await npmAttestations(sigstore, WIDGET));
    expect(claims).toEqual({
      issuer: GOOD_BUILD.issuer,
      repository: 'https://github.com/acme/widget',
      repositoryId: '1001',
      ownerId: '2001',
      ref: 'refs/tags/v1.2.3',
      commit: GOOD_BUILD.commit,
      workflow: '.github/workflows/release.yml',
      workflowRef: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3',
      buildSigner: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3',
      runner: 'github-hosted',
      trigger: 'release',
      run: 'https://github.com/acme/widget/actions/runs/42/attempts/1',
      visibility: 'public',
      hasLegacyOnly: false,
    });
  });

  test('is plain data, as it is stored and sent', async () => {
    const outcome = check(await npmAttestations(sigstore, WIDGET));
    expect(JSON.parse(JSON.stringify(outcome))).toEqual(structuredClone(outcome));
  });

  test.each<AttestationOptions>([
    { version: '0.1', label: SLSA_0_2 },
    { version: '0.2' },
    { version: '0.3' },
    { version: '0.3', entry: 'dsse' },
    { version: '0.3', time: 'authority' },
  ])('are bundles of the form %j', async (options) => {
    expect(await provenance(options)).toBe('verified');
    expect(await publish(options.version === '0.3' ? {} : { version: options.version ?? '0.2' })).toBe('verified');
  });

  test('is a package without scope', async () => {
    const plain = { ...WIDGET, name: 'widget' };
    expect(words(await npmAttestations(sigstore, plain), plain)).toEqual(['verified', 'verified']);
  });

  test('are two provenances of the same build', async () => {
    const both = [await provenanceAttestation(sigstore, WIDGET), await provenanceAttestation(sigstore, WIDGET)];
    expect(words(answer(both))[1]).toBe('verified');
  });
});

describe('a certificate from before March 2023', () => {
  test('has its few claims in the same form', async () => {
    const response = await npmAttestations(sigstore, WIDGET, { isLegacy: true });
    expect(check(response).claims).toEqual({
      issuer: GOOD_BUILD.issuer,
      repository: 'https://github.com/acme/widget',
      ref: 'refs/tags/v1.2.3',
      commit: GOOD_BUILD.commit,
      workflow: '.github/workflows/release.yml',
      workflowRef: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3',
      buildSigner: 'https://github.com/acme/widget/.github/workflows/release.yml@refs/tags/v1.2.3',
      trigger: 'release',
      hasLegacyOnly: true,
    });
  });
});

describe('claims', () => {
  test('have the path of the workflow where GitLab writes two slashes', async () => {
    const build = { repository: 'https://gitlab.com/acme/group/widget', workflow: '/.gitlab-ci.yml' };
    expect(check(await npmAttestations(sigstore, WIDGET, build)).claims?.workflow).toBe('.gitlab-ci.yml');
  });

  test('have the calling workflow, and the reusable one that signed apart', async () => {
    const buildSigner = 'https://github.com/tools/build/.github/workflows/node.yml@refs/tags/v2';
    const { claims } = check(await npmAttestations(sigstore, WIDGET, { buildSigner }));
    expect(claims).toMatchObject({ workflow: '.github/workflows/release.yml', buildSigner });
  });

  test('come as they are, whatever they hold', async () => {
    const ref = 'refs/heads/[click](https://evil.example)\n<b>';
    expect(check(await npmAttestations(sigstore, WIDGET, { ref })).claims?.ref).toBe(ref);
  });

  test('that no build service makes are left out', async () => {
    const trigger = 'x'.repeat(2000);
    expect(check(await npmAttestations(sigstore, WIDGET, { trigger })).claims).not.toHaveProperty('trigger', trigger);
  });
});

describe('the log entry', () => {
  test('is that of the provenance, with its time', async () => {
    const logged = await mockSigstore({ loggedAt: new Date(Date.now() + 60_000) });
    const { loggedAt, logIndex } = check(await npmAttestations(logged, WIDGET), WIDGET, logged.trust);
    expect(loggedAt).toBeGreaterThan(Date.now() + 30_000);
    expect(logIndex).toMatch(/^\d+$/);
  });

  test('is that of the publish attestation where there is no provenance', async () => {
    const { loggedAt, logIndex } = check(answer([await publishAttestation(sigstore, WIDGET)]));
    expect([typeof loggedAt, typeof logIndex]).toEqual(['number', 'string']);
  });

  test('has the time of a timestamp authority where the log promises none', async () => {
    const response = answer([await provenanceAttestation(sigstore, WIDGET, {}, { time: 'authority' })]);
    expect(check(response).loggedAt).toBeGreaterThan(Date.now() - 60_000);
  });

  test('is not told of what was not verified', async () => {
    const other = { ...WIDGET, version: '1.2.4' };
    const outcome = check(await npmAttestations(sigstore, WIDGET), other);
    expect([outcome.loggedAt, outcome.logIndex, outcome.claims]).toEqual([undefined, undefined, undefined]);
  });
});

describe('absent', () => {
  test('is what the answer does not hold', async () => {
    expect(words(answer([]))).toEqual(['absent', 'absent']);
    expect(words(answer([await publishAttestation(sigstore, WIDGET)]))).toEqual(['verified', 'absent']);
    expect(words(answer([await provenanceAttestation(sigstore, WIDGET)]))).toEqual(['absent', 'verified']);
  });

  test('is an attestation of a type that is not looked at, which is listed', async () => {
    const outcome = check(
      answer([await provenanceAttestation(sigstore, WIDGET, {}, { label: 'https://slsa.dev/vsa/v1' }), { bundle: {} }]),
    );
    expect(outcome.provenance.verdict).toBe('absent');
    expect(outcome.ignored).toEqual(['https://slsa.dev/vsa/v1', 'unnamed']);
  });
});

describe('unverifiable', () => {
  test.each([
    ['bad-answer', 'not JSON'],
    ['bad-answer', '<html>Sign in</html>'],
    ['bad-answer', '[]'],
    ['bad-answer', 'null'],
    ['bad-answer', '{"attestations":{}}'],
    ['too-many', answer(Array.from({ length: 11 }, () => ({})))],
    ['too-large', answer(['x'.repeat(10_000_000)])],
  ])('with %s is an answer that cannot be looked at', (code, response) => {
    expect(words(response)).toEqual([`unverifiable: ${code}`, `unverifiable: ${code}`]);
  });

  test.each([{}, { tlogs: [{}] }, { ...sigstore.root, ctlogs: [{ publicKey: { rawBytes: 'AAAA' } }] }, null])(
    'is everything where the trust material is broken: %j',
    async (root) => {
      const response = await npmAttestations(sigstore, WIDGET);
      const [, word] = words(response, WIDGET, trustMaterialOf(root, sigstore.keys));
      expect(word).toMatch(/^unverifiable: /);
    },
  );

  test('is a signature by a key that is not known here', async () => {
    const response = await npmAttestations(sigstore, WIDGET);
    const trust = trustMaterialOf(sigstore.root, { keys: [] });
    expect(words(response, WIDGET, trust)).toEqual(['unverifiable: unknown-key', 'verified']);
  });

  test('is a signature by a key that cannot be read', async () => {
    const keys = sigstore.keys.keys.map((key) => ({ ...key, publicKey: { ...key.publicKey, rawBytes: 'AAAA' } }));
    const trust = trustMaterialOf(sigstore.root, { keys });
    expect(words(await npmAttestations(sigstore, WIDGET), WIDGET, trust)[0]).toBe('unverifiable: unknown-key');
  });

  test('is an entry in a log that is not known here', async () => {
    const other = await mockSigstore();
    const trust = trustMaterialOf({ ...sigstore.root, tlogs: other.root.tlogs }, sigstore.keys);
    const word = 'unverifiable: unknown-log';
    expect(words(await npmAttestations(sigstore, WIDGET), WIDGET, trust)).toEqual([word, word]);
  });

  test('is a certificate in a log that is not known here', async () => {
    const other = await mockSigstore();
    const trust = trustMaterialOf({ ...sigstore.root, ctlogs: other.root.ctlogs }, sigstore.keys);
    const response = await npmAttestations(sigstore, WIDGET);
    expect(words(response, WIDGET, trust)).toEqual(['verified', 'unverifiable: unknown-log']);
  });

  test('is a certificate of an authority that is not known here', async () => {
    const { certificateAuthorities } = (await mockSigstore()).root;
    const trust = trustMaterialOf({ ...sigstore.root, certificateAuthorities }, sigstore.keys);
    const response = await npmAttestations(sigstore, WIDGET);
    expect(words(response, WIDGET, trust)).toEqual(['verified', 'unverifiable: unknown-authority']);
  });

  test('is a provenance by somebody who is no build', async () => {
    expect(await provenance({}, { repository: null })).toBe('unverifiable: no-source');
  });

  test('is a provenance whose source has no https address', async () => {
    expect(await provenance({}, { repository: 'javascript:alert(1)' })).toBe('unverifiable: no-source');
  });

  test('are two provenances of different builds', async () => {
    const other = { repository: 'https://github.com/evil/widget' };
    const both = [await provenanceAttestation(sigstore, WIDGET), await provenanceAttestation(sigstore, WIDGET, other)];
    expect(words(answer(both))[1]).toBe('unverifiable: several-sources');
  });
});
