import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { checkNpmAttestations } from '../../../server/src/evidence/attestations/check-npm-attestations.ts';
import { trustMaterialOf } from '../../../server/src/evidence/trust/trust-material.ts';
import { withChange } from '../../support/json-change.ts';
import {
  answer,
  provenanceAttestation,
  publishAttestation,
  PUBLISH,
  SLSA_0_2,
  SLSA_1,
  type AttestablePackage,
  type AttestationOptions,
} from '../../support/npm-attestations.ts';
import { wordOf } from '../../support/outcome-words.ts';
import { mockSigstore } from '../../support/sigstore-mock.ts';

// One moment for all, so that certificates and log entries can be exchanged.
const AT = new Date(Date.now() + 60_000);

const sigstore = await mockSigstore({ issuedAt: AT, loggedAt: AT });

function integrityOf(bytes: string): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

const WIDGET: AttestablePackage = { name: '@acme/widget', version: '1.2.3', integrity: integrityOf('widget') };

const GOOD_PUBLISH = await publishAttestation(sigstore, WIDGET);
const GOOD_PROVENANCE = await provenanceAttestation(sigstore, WIDGET);

function words(attestations: readonly unknown[], about = WIDGET, trust = sigstore.trust): readonly string[] {
  const { publish, provenance } = checkNpmAttestations({ ...about, response: answer(attestations), trust });
  return [wordOf(publish), wordOf(provenance)];
}

async function provenance(options: AttestationOptions, build = {}, about = WIDGET): Promise<string | undefined> {
  return words([await provenanceAttestation(sigstore, about, build, options)])[1];
}

async function publish(options: AttestationOptions, about = WIDGET): Promise<string | undefined> {
  return words([await publishAttestation(sigstore, about, options)])[0];
}

type Path = readonly (string | number)[];

const ENTRY: Path = ['bundle', 'verificationMaterial', 'tlogEntries', 0];
const SIGNATURE: Path = ['bundle', 'dsseEnvelope', 'signatures', 0, 'sig'];
const CERTIFICATE: Path = ['bundle', 'verificationMaterial', 'certificate'];

/** The word for the good provenance with one thing changed after it was made. */
function tampered(
  path: Path,
  to: (old: unknown) => unknown,
  attestation: unknown = GOOD_PROVENANCE,
): string | undefined {
  return words([withChange(attestation, path, to)])[1];
}

/** One bit of base64 text, in the middle. */
function flipped(old: unknown): string {
  const bytes = Buffer.from(String(old), 'base64');
  const middle = bytes.length >> 1;
  bytes.writeUInt8(bytes.readUInt8(middle) ^ 1, middle);
  return bytes.toString('base64');
}

function withHashes(proof: unknown): unknown {
  return Object.assign({}, proof, { hashes: ['AAAA'] });
}

function twice(old: unknown): unknown {
  const items: readonly unknown[] = Array.isArray(old) ? old : [];
  return [...items, ...items];
}

function gone(): undefined {
  return undefined;
}

test('nothing of the good ones is invalid', () => {
  expect(words([GOOD_PUBLISH, GOOD_PROVENANCE])).toEqual(['verified', 'verified']);
});

describe('an attestation of something else is invalid', () => {
  test.each([
    ['other bytes than the lockfile pins', { ...WIDGET, integrity: integrityOf('evil') }, 'invalid: other-bytes'],
    ['another package', { ...WIDGET, name: '@acme/gadget' }, 'invalid: other-package'],
    ['another version', { ...WIDGET, version: '1.2.4' }, 'invalid: other-package'],
    ['the package of that name without scope', { ...WIDGET, name: 'widget' }, 'invalid: other-package'],
    ['a lockfile that pins nothing', { ...WIDGET, integrity: '' }, 'invalid: other-bytes'],
  ])('%s', (_case, about, expected) => {
    expect(words([GOOD_PUBLISH, GOOD_PROVENANCE], about)).toEqual([expected, expected]);
  });

  test('no bytes at all, where the lockfile pins none either', async () => {
    const nothing = { ...WIDGET, integrity: '' };
    expect(words([await provenanceAttestation(sigstore, nothing)], nothing)[1]).toBe('invalid: other-bytes');
  });

  test('a scope that is not escaped as package URLs do', async () => {
    const subject = [{ name: 'pkg:npm/@acme/widget@1.2.3', digest: {} }];
    expect(await provenance({ statement: { subject } })).toBe('invalid: other-package');
  });

  test.each<{ readonly subject: unknown }>([
    { subject: [] },
    { subject: undefined },
    { subject: 'pkg:npm/%40acme/widget@1.2.3' },
    { subject: [{ name: 'pkg:npm/%40acme/widget@1.2.3' }, { name: 'pkg:npm/%40acme/gadget@1.2.3' }] },
  ])('not exactly one subject: %j', async (statement) => {
    expect(await provenance({ statement })).toBe('invalid: bad-subject');
    expect(await publish({ statement })).toBe('invalid: bad-subject');
  });

  test.each([undefined, {}, { sha512: 1 }, { sha512: '' }, { sha256: 'aa' }, null])(
    'a subject with the digest %j',
    async (digest) => {
      const statement = { subject: [{ name: 'pkg:npm/%40acme/widget@1.2.3', digest }] };
      expect(await provenance({ statement })).toBe('invalid: other-bytes');
    },
  );

  test.each([
    undefined,
    null,
    {},
    { name: '@acme/gadget', version: '1.2.3' },
    { name: '@acme/widget', version: '2.0.0' },
  ])('a registry that says it published %j', async (predicate) => {
    expect(await publish({ statement: { predicate } })).toBe('invalid: other-package');
  });
});

describe('an attestation of another kind is invalid', () => {
  test('the registry’s, listed as provenance', () => {
    expect(words([{ ...GOOD_PUBLISH, predicateType: SLSA_1 }])).toEqual(['absent', 'invalid: wrong-signer']);
  });

  test('a builder’s, listed as the registry’s', () => {
    expect(words([{ ...GOOD_PROVENANCE, predicateType: PUBLISH }])).toEqual(['invalid: wrong-signer', 'absent']);
  });

  test('a provenance that the registry signed', async () => {
    expect(await provenance({ signer: 'registry' })).toBe('invalid: wrong-signer');
  });

  test('a publish attestation that somebody signed with a certificate', async () => {
    expect(await publish({ signer: {} })).toBe('invalid: wrong-signer');
  });

  test('one listed under another type than it was signed with', () => {
    expect(words([{ ...GOOD_PROVENANCE, predicateType: SLSA_0_2 }])[1]).toBe('invalid: relabelled');
  });

  test.each(['https://in-toto.io/Statement/v2', 'Statement', 7, undefined])('a statement of type %j', async (_type) => {
    expect(await provenance({ statement: { _type } })).toBe('invalid: no-statement');
  });

  test('an envelope of another payload type', async () => {
    expect(await provenance({ payloadType: 'text/plain' })).toBe('invalid: no-statement');
  });

  test('an envelope of something that is no JSON', async () => {
    expect(words([{ predicateType: SLSA_1, bundle: await sigstore.bundle('{', {}) }])[1]).toBe('invalid: no-statement');
  });

  test('a signature of a file', async () => {
    const bundle = await sigstore.bundle('widget', {}, { form: 'artifact' });
    expect(words([{ predicateType: SLSA_1, bundle }])[1]).toBe('invalid: no-envelope');
  });
});

describe('a provenance that names another source than its certificate is invalid', () => {
  const workflow = { repository: 'https://github.com/acme/widget', ref: 'refs/tags/v1.2.3' };

  test.each([
    { ...workflow, repository: 'https://github.com/evil/widget' },
    { ...workflow, repository: 42 },
    { ...workflow, repository: null },
    { ...workflow, ref: 'refs/heads/main' },
    { ...workflow, ref: ['refs/tags/v1.2.3'] },
  ])('%j', async (stated) => {
    const predicate = { buildDefinition: { externalParameters: { workflow: stated } } };
    expect(await provenance({ statement: { predicate } })).toBe('invalid: payload-mismatch');
  });

  test.each([
    'git+https://github.com/evil/widget@refs/tags/v1.2.3',
    'git+https://github.com/acme/widget@refs/heads/x',
    1,
  ])('in the older form: %j', async (uri) => {
    const statement = { predicate: { invocation: { configSource: { uri } } } };
    expect(await provenance({ label: SLSA_0_2, statement })).toBe('invalid: payload-mismatch');
  });

  test.each([
    {
      buildDefinition: {
        externalParameters: { workflow: { ...workflow, repository: 'https://github.com/Acme/Widget' } },
      },
    },
    { buildDefinition: { externalParameters: {} } },
    { invocation: { configSource: { uri: 'git+https://github.com/acme/widget.git' } } },
    null,
  ])('but not one that says the same or nothing: %j', async (predicate) => {
    expect(await provenance({ statement: { predicate } })).toBe('verified');
  });
});

describe('what was changed after it was signed is invalid', () => {
  test.each<readonly [string, Path, (old: unknown) => unknown, string]>([
    ['the payload', ['bundle', 'dsseEnvelope', 'payload'], flipped, 'invalid: other-log-entry'],
    ['the payload’s type', ['bundle', 'dsseEnvelope', 'payloadType'], () => 'text/plain', 'invalid: bad-signature'],
    ['the signature', SIGNATURE, flipped, 'invalid: other-log-entry'],
    ['the certificate', [...CERTIFICATE, 'rawBytes'], flipped, 'invalid: bad-certificate'],
    ['the certificate, to one that is none', [...CERTIFICATE, 'rawBytes'], () => 'AAAA', 'invalid: malformed-bundle'],
    ['the log’s promise', [...ENTRY, 'inclusionPromise', 'signedEntryTimestamp'], flipped, 'invalid: not-logged'],
    ['the time of the log', [...ENTRY, 'integratedTime'], (old) => String(Number(old) + 1), 'invalid: not-logged'],
    [
      'the time of the log, to a later year',
      [...ENTRY, 'integratedTime'],
      () => '2000000000',
      'invalid: bad-certificate',
    ],
    ['the number in the log', [...ENTRY, 'logIndex'], () => '7', 'invalid: not-logged'],
    ['the body of the log entry', [...ENTRY, 'canonicalizedBody'], flipped, 'invalid: not-logged'],
    ['the hashes of the proof', [...ENTRY, 'inclusionProof'], withHashes, 'invalid: not-logged'],
    ['the checkpoint', [...ENTRY, 'inclusionProof', 'checkpoint', 'envelope'], () => 'x', 'invalid: not-logged'],
    ['the kind of the entry', [...ENTRY, 'kindVersion', 'kind'], () => 'dsse', 'invalid: other-log-entry'],
    ['the name of the log', [...ENTRY, 'logId'], gone, 'invalid: malformed-bundle'],
    ['the log entry', ['bundle', 'verificationMaterial', 'tlogEntries'], () => [], 'invalid: bad-time'],
    ['the promise, gone', [...ENTRY, 'inclusionPromise'], gone, 'invalid: bad-time'],
    ['the proof, gone', [...ENTRY, 'inclusionProof'], gone, 'invalid: malformed-bundle'],
    ['the signatures', ['bundle', 'dsseEnvelope', 'signatures'], () => [], 'invalid: malformed-bundle'],
    ['the envelope', ['bundle', 'dsseEnvelope'], gone, 'invalid: malformed-bundle'],
    ['the certificate, gone', CERTIFICATE, gone, 'invalid: malformed-bundle'],
  ])('%s', (_case, path, to, expected) => {
    expect(tampered(path, to)).toBe(expected);
  });

  test('the certificate, to that of another build', async () => {
    const other = await provenanceAttestation(sigstore, WIDGET, { repository: 'https://github.com/evil/widget' });
    expect(tampered(CERTIFICATE, () => valueAt(other, CERTIFICATE))).toBe('invalid: bad-signature');
  });

  test('the log entry, to that of another attestation', async () => {
    const other = await provenanceAttestation(sigstore, { ...WIDGET, version: '2.0.0' });
    expect(tampered(ENTRY, () => valueAt(other, ENTRY))).toBe('invalid: other-log-entry');
  });

  test('a second signature', () => {
    expect(tampered(['bundle', 'dsseEnvelope', 'signatures'], twice)).toBe('invalid: malformed-bundle');
  });

  test('the same log entry twice', () => {
    expect(tampered(['bundle', 'verificationMaterial', 'tlogEntries'], twice)).toBe('invalid: bad-time');
  });
});

describe('a bundle of a form that is not known is unverifiable, not invalid', () => {
  test.each([
    'application/vnd.dev.sigstore.bundle+json;version=0.9',
    'application/vnd.dev.sigstore.bundle.v0.4+json',
    'application/vnd.dev.sigstore.bundle.v0.3+json; charset=utf-8',
    '',
    3,
    undefined,
  ])('media type %j', (mediaType) => {
    expect(tampered(['bundle', 'mediaType'], () => mediaType)).toBe('unverifiable: unsupported-bundle');
  });

  test.each([null, undefined, [], 'bundle', {}])('bundle %j', (bundle) => {
    expect(words([{ predicateType: SLSA_1, bundle }])[1]).toBe('unverifiable: unsupported-bundle');
  });

  test.each(['tlogEntries', 'rfc3161Timestamps'])('more than sixteen %s', (name) => {
    const many = { [name]: Array.from({ length: 1000 }, () => ({})) };
    const material = name === 'tlogEntries' ? many : { timestampVerificationData: many };
    const path = ['bundle', 'verificationMaterial'];
    expect(tampered(path, (old) => Object.assign({}, old, material))).toBe('unverifiable: too-many');
  });
});

describe('time', () => {
  test('a certificate that had run out when it was logged is invalid', async () => {
    const late = await mockSigstore({ loggedAt: new Date(Date.now() + 3_600_000) });
    expect(words([await provenanceAttestation(late, WIDGET)], WIDGET, late.trust)[1]).toBe('invalid: bad-certificate');
  });

  test('a certificate is compared with the log’s time, not with the time of day', async () => {
    const later = new Date(Date.now() + 30 * 86_400_000);
    const then = await mockSigstore({ issuedAt: later, loggedAt: later });
    expect(words([await provenanceAttestation(then, WIDGET)], WIDGET, then.trust)[1]).toBe('verified');
  });

  test.each([
    ['retired before', { start: '2000-01-01T00:00:00Z', end: '2001-01-01T00:00:00Z' }, 'invalid: retired-key'],
    ['in use only later', { start: '2999-01-01T00:00:00Z' }, 'invalid: retired-key'],
    ['retired after', { end: '2999-01-01T00:00:00Z' }, 'verified'],
  ])('a registry’s key that was %s', (_case, validFor, expected) => {
    const keys = sigstore.keys.keys.map((key) => ({ ...key, publicKey: { ...key.publicKey, validFor } }));
    expect(words([GOOD_PUBLISH], WIDGET, trustMaterialOf(sigstore.root, { keys }))[0]).toBe(expected);
  });
});

describe('of several attestations one wrong one decides', () => {
  const broken = withChange(GOOD_PROVENANCE, SIGNATURE, flipped);
  const unknown = withChange(GOOD_PROVENANCE, ['bundle', 'mediaType'], () => 'x');

  test.each([
    ['an invalid one', [GOOD_PROVENANCE, broken], 'invalid: other-log-entry'],
    ['an unverifiable one', [GOOD_PROVENANCE, unknown], 'unverifiable: unsupported-bundle'],
    ['an invalid before an unverifiable one', [unknown, broken], 'invalid: other-log-entry'],
  ])('%s', (_case, attestations, expected) => {
    expect(words(attestations)[1]).toBe(expected);
  });

  test('and the other kind keeps its own verdict', () => {
    expect(words([GOOD_PUBLISH, broken])).toEqual(['verified', 'invalid: other-log-entry']);
  });
});

function valueAt(json: unknown, path: Path): unknown {
  let found: unknown;
  withChange(json, path, (old) => {
    found = old;
    return old;
  });
  return found;
}
