import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { checkBundle } from '../../../server/src/evidence/attestations/check-bundle.ts';
import { prepareTrust } from '../../../server/src/evidence/attestations/prepare-trust.ts';
import { trustMaterialOf, withSignatureKeys } from '../../../server/src/evidence/trust/trust-material.ts';
import { wordOf } from '../../support/outcome-words.ts';
import { mockSigstore } from '../../support/sigstore-mock.ts';

const sigstore = await mockSigstore();

function check(bundle: unknown, artifact?: string): string {
  const trust = prepareTrust(sigstore.trust);
  if (trust === undefined) return 'broken trust';
  const result = checkBundle(bundle, trust, artifact === undefined ? undefined : Buffer.from(artifact));
  return result.verified ? 'verified' : wordOf(result.part);
}

describe('a signature of a file', () => {
  test('verifies with the file', async () => {
    expect(check(await sigstore.bundle('the bytes', {}, { form: 'artifact' }), 'the bytes')).toBe('verified');
  });

  test('does not with another file', async () => {
    const bundle = await sigstore.bundle('the bytes', {}, { form: 'artifact' });
    expect(check(bundle, 'other bytes')).toBe('invalid: bad-signature');
    expect(check(bundle, '')).toBe('invalid: bad-signature');
  });
});

describe('a statement', () => {
  const statement = {
    _type: 'https://in-toto.io/Statement/v1',
    subject: [{ name: 'x', digest: { sha256: createHash('sha256').update('the bytes').digest('hex') } }],
    predicateType: 'https://example.com/x',
  };

  test('verifies with a file that is among its subjects', async () => {
    expect(check(await sigstore.bundle(JSON.stringify(statement), {}), 'the bytes')).toBe('verified');
  });

  test('does not with another file, nor when it is none', async () => {
    expect(check(await sigstore.bundle(JSON.stringify(statement), {}), 'other bytes')).toBe('invalid: other-bytes');
    expect(check(await sigstore.bundle('the bytes', {}), 'the bytes')).toBe('invalid: other-bytes');
  });
});

describe('trust', () => {
  test('is prepared once for each digest', () => {
    const same = withSignatureKeys(sigstore.trust, []);
    expect(prepareTrust(same)).toBe(prepareTrust(sigstore.trust));
  });

  test('of another digest is another', async () => {
    const other = trustMaterialOf((await mockSigstore()).root, sigstore.keys);
    expect(prepareTrust(other)).not.toBe(prepareTrust(sigstore.trust));
  });
});
