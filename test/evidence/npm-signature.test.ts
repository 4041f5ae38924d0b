import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import { verifyRegistrySignature, type SignatureCase } from '../../server/src/evidence/npm-signature.ts';
import type { TrustedKey } from '../../server/src/evidence/trust/trusted-keys.ts';

const PUBLISHED = Date.parse('2025-06-01T00:00:00Z');

interface Signer {
  readonly trusted: TrustedKey;
  readonly privateKey: KeyObject;
}

function signer(keyid: string, expiresAt?: number): Signer {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  return { trusted: { keyid, spki, expiresAt }, privateKey };
}

const REGISTRY = signer('SHA256:registry');

function hashOf(bytes: string): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

const GOOD = hashOf('the bytes');
const OTHER = hashOf('other bytes');

function signatureOf(message: string, by: Signer = REGISTRY): { readonly keyid: string; readonly sig: string } {
  return { keyid: by.trusted.keyid, sig: sign('sha256', Buffer.from(message), by.privateKey).toString('base64') };
}

/** The verdict and code for a good case with some changes. */
function verdict(changes: Partial<SignatureCase> = {}): string {
  const good: SignatureCase = {
    name: '@acme/widget',
    version: '1.2.3',
    lockIntegrity: GOOD,
    registryIntegrity: GOOD,
    signatures: [signatureOf(`@acme/widget@1.2.3:${GOOD}`)],
    publishedAt: PUBLISHED,
    keys: [REGISTRY.trusted],
    registryIsPublic: true,
  };
  const { verdict: word, code, message } = verifyRegistrySignature({ ...good, ...changes });
  expect(message).not.toBe('');
  return word === code ? word : `${word}: ${code}`;
}

describe('signed', () => {
  test('means that the registry signed the bytes that the lockfile pins', () => {
    expect(verdict()).toBe('signed');
  });

  test('holds when the registry gives no hash, since the lockfile’s counts', () => {
    expect(verdict({ registryIntegrity: undefined })).toBe('signed');
  });

  test('holds for a lockfile with hashes of several kinds', () => {
    expect(verdict({ lockIntegrity: `sha1-W09Z4VMQqxeiFvXWz1PuR27eZw8= ${GOOD}?some-option` })).toBe('signed');
  });

  test('holds when one of several signatures is valid', () => {
    const junk = [
      { keyid: 'SHA256:unknown', sig: 'AAAA' },
      { keyid: REGISTRY.trusted.keyid, sig: 'AAAA' },
    ];
    expect(verdict({ signatures: [...junk, signatureOf(`@acme/widget@1.2.3:${GOOD}`)] })).toBe('signed');
  });

  test('holds behind a mirror that kept the signature', () => {
    expect(verdict({ registryIsPublic: false })).toBe('signed');
  });
});

describe('a weak pin', () => {
  test.each([
    ['sha1-W09Z4VMQqxeiFvXWz1PuR27eZw8=', 'signed-weak-pin: weak-hash'],
    ['sha512-tooshort', 'signed-weak-pin: weak-hash'],
    ['', 'signed-weak-pin: no-pin'],
    [undefined, 'signed-weak-pin: no-pin'],
  ])('is a lockfile that says %s', (lockIntegrity, expected) => {
    expect(verdict({ lockIntegrity })).toBe(expected);
  });

  test('does not cover up a bad signature', () => {
    expect(verdict({ lockIntegrity: undefined, registryIntegrity: OTHER })).toBe('invalid: bad-signature');
  });
});

describe('invalid', () => {
  test('is a lockfile that pins other bytes than the registry serves, whatever is signed', () => {
    expect(verdict({ lockIntegrity: OTHER })).toBe('invalid: hash-mismatch');
    expect(verdict({ lockIntegrity: OTHER, signatures: [] })).toBe('invalid: hash-mismatch');
    expect(verdict({ lockIntegrity: `${GOOD} ${OTHER}` })).toBe('invalid: hash-mismatch');
  });

  test('is a signature of other bytes, where lockfile and registry agree on them', () => {
    expect(verdict({ lockIntegrity: OTHER, registryIntegrity: OTHER })).toBe('invalid: bad-signature');
  });

  test('is a second hash in the lockfile that nobody signed', () => {
    expect(verdict({ lockIntegrity: `${GOOD} ${OTHER}`, registryIntegrity: undefined })).toBe('invalid: bad-signature');
  });

  test.each([
    ['another package', `@acme/gadget@1.2.3:${GOOD}`],
    ['another version', `@acme/widget@1.2.2:${GOOD}`],
  ])('is a signature of %s', (_case, message) => {
    expect(verdict({ signatures: [signatureOf(message)] })).toBe('invalid: bad-signature');
  });

  test.each(['bogus', '', 'MEUCIQ==', 'A'.repeat(100_000)])('is a signature that is none', (sig) => {
    expect(verdict({ signatures: [{ keyid: REGISTRY.trusted.keyid, sig }] })).toBe('invalid: bad-signature');
  });

  test('is a wrong key under the right id', () => {
    expect(verdict({ keys: [{ ...signer('x').trusted, keyid: REGISTRY.trusted.keyid }] })).toBe(
      'invalid: bad-signature',
    );
  });
});

describe('a retired key', () => {
  const until = (expiresAt: number) => ({ keys: [{ ...REGISTRY.trusted, expiresAt }] });

  test('is good for what was published before', () => {
    expect(verdict(until(PUBLISHED + 1))).toBe('signed');
  });

  test.each([PUBLISHED, PUBLISHED - 1])('is not for what was published when it had expired', (expiresAt) => {
    expect(verdict(until(expiresAt))).toBe('invalid: expired-key');
  });

  test('is good where nobody knows when it was published', () => {
    expect(verdict({ ...until(1), publishedAt: undefined })).toBe('signed');
  });
});

describe('unverifiable', () => {
  test('is a signature with a key that we do not know, which is no tampering', () => {
    expect(verdict({ keys: [signer('SHA256:other').trusted] })).toBe('unverifiable: unknown-key');
  });

  test('is a kind of key that registries do not sign with', () => {
    const { publicKey, privateKey } = generateKeyPairSync('ed25519');
    const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
    const sig = sign(null, Buffer.from(`@acme/widget@1.2.3:${GOOD}`), privateKey).toString('base64');
    const keys = [{ keyid: 'SHA256:ed', spki, expiresAt: undefined }];
    expect(verdict({ keys, signatures: [{ keyid: 'SHA256:ed', sig }] })).toBe('unverifiable: unsupported-key');
  });

  test('is a key that cannot be read', () => {
    expect(verdict({ keys: [{ ...REGISTRY.trusted, spki: 'AAAA' }] })).toBe('unverifiable: unsupported-key');
  });

  test('is a package without any sha512 hash', () => {
    expect(verdict({ lockIntegrity: undefined, registryIntegrity: 'sha1-W09Z4VMQqxeiFvXWz1PuR27eZw8=' })).toBe(
      'unverifiable: no-hash',
    );
  });
});

describe('no signature', () => {
  test('from the public registry is told', () => {
    expect(verdict({ signatures: [] })).toBe('unsigned: no-signature');
  });

  test('from another registry says nothing', () => {
    expect(verdict({ signatures: [], registryIsPublic: false })).toBe('registry-unsigned: no-keys');
  });

  test('can be checked without keys', () => {
    expect(verdict({ keys: [] })).toBe('registry-unsigned: no-keys');
  });

  test.each([
    [GOOD, ['no-keys']],
    ['sha1-W09Z4VMQqxeiFvXWz1PuR27eZw8=', ['no-keys', 'weak-hash']],
    [undefined, ['no-keys', 'no-pin']],
  ])('hides that the lockfile says %s', (lockIntegrity, codes) => {
    const { reasons } = verifyRegistrySignature({
      name: 'widget',
      version: '1.2.3',
      lockIntegrity,
      registryIntegrity: GOOD,
      signatures: [],
      publishedAt: PUBLISHED,
      keys: [],
      registryIsPublic: false,
    });
    expect(reasons.map(({ code }) => code)).toEqual(codes);
  });
});
