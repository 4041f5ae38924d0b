import { describe, expect, test } from 'vitest';

import {
  checkPypiAttestation,
  type PypiAttestationOutcome,
} from '../../../server/src/evidence/attestations/check-pypi-attestation.ts';
import { embeddedTrust } from '../../../server/src/evidence/trust/trust-material.ts';
import { field } from '../../../server/src/core/json-fields.ts';
import { withChange } from '../../support/json-change.ts';
import type { MockBuild } from '../../support/mock-build.ts';
import { wordOf } from '../../support/outcome-words.ts';
import { mockSigstore } from '../../support/sigstore-mock.ts';

const sigstore = await mockSigstore();

const PUBLISH = 'https://docs.pypi.org/attestations/publish/v1';
const SHA256 = 'ab'.repeat(32);
const FILE = 'acme_widget-1.2.3.tar.gz';
const PUBLISHER = { kind: 'GitHub', repository: 'acme/widget', workflow: 'release.yml', environment: null };

/** A file's attestation as PyPI has it: another spelling of a bundle. */
async function attestation(statement: object = {}, build: MockBuild = {}): Promise<unknown> {
  const payload = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: FILE, digest: { sha256: SHA256 } }],
    predicateType: PUBLISH,
    predicate: null,
    ...statement,
  };
  const bundle = await sigstore.bundle(JSON.stringify(payload), build);
  const material = field(bundle, 'verificationMaterial');
  const envelope = field(bundle, 'dsseEnvelope');
  const signatures = field(envelope, 'signatures');
  return {
    version: 1,
    verification_material: {
      certificate: field(field(material, 'certificate'), 'rawBytes'),
      transparency_entries: field(material, 'tlogEntries'),
    },
    envelope: {
      statement: field(envelope, 'payload'),
      signature: field(Array.isArray(signatures) ? signatures[0] : undefined, 'sig'),
    },
  };
}

function answer(attestations: readonly unknown[], publisher: unknown = PUBLISHER): string {
  return JSON.stringify({ version: 1, attestation_bundles: [{ publisher, attestations }] });
}

function check(response: string, given: { fileName?: string; sha256?: string } = {}): PypiAttestationOutcome {
  return checkPypiAttestation({ fileName: FILE, sha256: SHA256, response, trust: sigstore.trust, ...given });
}

async function word(statement: object, build: MockBuild = {}, publisher: unknown = PUBLISHER): Promise<string> {
  return wordOf(check(answer([await attestation(statement, build)], publisher)).provenance);
}

const GOOD = await attestation();

describe('verified', () => {
  test('is an attestation of this file by the publisher that the index names', () => {
    const { provenance, claims, loggedAt, logIndex, ignored } = check(answer([GOOD]));
    expect(wordOf(provenance)).toBe('verified');
    expect(claims).toMatchObject({ repository: 'https://github.com/acme/widget', ref: 'refs/tags/v1.2.3' });
    expect([typeof loggedAt, typeof logIndex, ignored]).toEqual(['number', 'string', []]);
  });

  test('is one of SLSA provenance', async () => {
    expect(await word({ predicateType: 'https://slsa.dev/provenance/v1' })).toBe('verified');
  });

  test('is one of a file whose name is spelled otherwise, with its hash in capitals', async () => {
    const subject = [{ name: 'Acme.Widget-1.2.3.0.tar.gz', digest: { sha256: SHA256.toUpperCase() } }];
    const response = answer([await attestation({ subject })]);
    expect(wordOf(check(response, { sha256: SHA256.toUpperCase() }).provenance)).toBe('verified');
  });

  test('is a publisher on GitLab', async () => {
    const build = {
      issuer: 'https://gitlab.com',
      repository: 'https://gitlab.com/acme/group/widget',
      workflow: '/.gitlab-ci.yml',
    };
    const publisher = { kind: 'GitLab', repository: 'acme/group/widget', workflow_filepath: '.gitlab-ci.yml' };
    expect(await word({}, build, publisher)).toBe('verified');
    expect(await word({}, build, { ...publisher, workflow_filepath: 'other.yml' })).toBe('invalid: other-publisher');
  });
});

test('a workflow may be named by its commit', async () => {
  expect(await word({}, { workflowRef: '0123456789abcdef0123456789abcdef01234567' })).toBe('verified');
});

describe('absent', () => {
  test('is an answer without attestations', () => {
    expect(wordOf(check(answer([])).provenance)).toBe('absent');
    expect(wordOf(check('{"attestation_bundles":[]}').provenance)).toBe('absent');
  });

  test('is an attestation of a type that is not looked at, which is listed', async () => {
    const { provenance, ignored } = check(answer([await attestation({ predicateType: 'https://slsa.dev/vsa/v1' })]));
    expect([wordOf(provenance), ignored]).toEqual(['absent', ['https://slsa.dev/vsa/v1']]);
  });
});

describe('invalid', () => {
  test.each([
    ['another file', { fileName: 'acme_widget-1.2.4.tar.gz' }, 'invalid: other-package'],
    ['a wheel of it', { fileName: 'acme_widget-1.2.3-py3-none-any.whl' }, 'invalid: other-package'],
    ['other bytes', { sha256: 'cd'.repeat(32) }, 'invalid: other-bytes'],
    ['a lockfile that pins nothing', { sha256: '' }, 'invalid: other-bytes'],
  ])('is one for %s', (_case, given, expected) => {
    expect(wordOf(check(answer([GOOD]), given).provenance)).toBe(expected);
  });

  test.each([{ subject: [] }, { subject: [{ name: FILE }, { name: FILE }] }])(
    'is one not about exactly one file: %j',
    async (statement) => {
      expect(await word(statement)).toBe('invalid: bad-subject');
    },
  );

  test('is one whose payload is no statement', async () => {
    expect(await word({ _type: 'x' })).toBe('invalid: no-statement');
  });

  test.each<readonly [string, MockBuild, object]>([
    ['from another repository', { repository: 'https://github.com/evil/widget' }, {}],
    ['by another workflow', { workflow: '.github/workflows/evil.yml' }, {}],
    ['by a workflow of another ref', { workflowRef: 'refs/heads/evil' }, {}],
    ['by another issuer', { issuer: 'https://issuer.example' }, {}],
    ['where the index names another repository', {}, { repository: 'evil/widget' }],
    ['where the index names another workflow', {}, { workflow: 'evil.yml' }],
    ['where the index names no workflow', {}, { workflow: undefined }],
    ['where the index names another site', {}, { kind: 'GitLab' }],
  ])('is one %s', async (_case, build, publisher) => {
    expect(await word({}, build, { ...PUBLISHER, ...publisher })).toBe('invalid: other-publisher');
  });

  test.each<readonly [string, readonly (string | number)[], string]>([
    ['statement', ['envelope', 'statement'], 'invalid: other-log-entry'],
    ['signature', ['envelope', 'signature'], 'invalid: other-log-entry'],
    ['certificate', ['verification_material', 'certificate'], 'invalid: bad-certificate'],
    ['log entry', ['verification_material', 'transparency_entries', 0, 'canonicalizedBody'], 'invalid: not-logged'],
  ])('is a changed %s', (_case, path, expected) => {
    const changed = withChange(GOOD, path, (old) => {
      const bytes = Buffer.from(String(old), 'base64');
      bytes.writeUInt8(bytes.readUInt8(bytes.length >> 1) ^ 1, bytes.length >> 1);
      return bytes.toString('base64');
    });
    expect(wordOf(check(answer([changed])).provenance)).toBe(expected);
    expect(wordOf(check(answer([GOOD, changed])).provenance)).toBe(expected);
  });

  test('is one without a log entry', () => {
    const path = ['verification_material', 'transparency_entries'];
    expect(wordOf(check(answer([withChange(GOOD, path, () => [])])).provenance)).toBe('invalid: bad-time');
  });

  test.each(['envelope', 'verification_material'])('is one without %s', (key) => {
    const changed = withChange(GOOD, [key], () => undefined);
    expect(wordOf(check(answer([changed])).provenance)).toBe('invalid: malformed-bundle');
  });
});

describe('unverifiable', () => {
  test.each([undefined, null, {}, { kind: 'Google', email: 'a@b.example' }, { kind: 'GitHub' }])(
    'is a publisher that is not known: %j',
    async (publisher) => {
      expect(await word({}, {}, publisher ?? null)).toBe('unverifiable: unknown-publisher');
    },
  );

  test('is a certificate that names no source', async () => {
    expect(await word({}, { repository: null })).toBe('unverifiable: no-source');
  });

  test('is an attestation of another version', () => {
    const changed = withChange(GOOD, ['version'], () => 2);
    expect(wordOf(check(answer([changed])).provenance)).toBe('unverifiable: unsupported-bundle');
    expect(wordOf(check(answer([null])).provenance)).toBe('unverifiable: unsupported-bundle');
  });

  test('is one in a log that is not known', () => {
    const given = { fileName: FILE, sha256: SHA256, response: answer([GOOD]), trust: embeddedTrust() };
    expect(wordOf(checkPypiAttestation(given).provenance)).toBe('unverifiable: unknown-log');
  });

  test.each([
    ['bad-answer', '<html>'],
    ['bad-answer', '{"attestation_bundles":{}}'],
    ['too-many', answer(Array.from({ length: 11 }, () => ({})))],
    ['too-large', answer(['x'.repeat(1_000_001)])],
  ])('with %s is an answer that cannot be looked at', (code, response) => {
    expect(wordOf(check(response).provenance)).toBe(`unverifiable: ${code}`);
  });
});
