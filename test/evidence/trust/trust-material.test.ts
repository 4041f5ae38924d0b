import { createPublicKey } from 'node:crypto';

import { expect, test } from 'vitest';

import { embeddedTrust, trustMaterialOf } from '../../../server/src/evidence/trust/trust-material.ts';
import { decodeTrustedKeys } from '../../../server/src/evidence/trust/trusted-keys.ts';

test('the embedded keys are P-256 keys', () => {
  const keys = embeddedTrust().signatureKeys;
  expect(keys.length).toBeGreaterThanOrEqual(2);
  for (const { keyid, spki } of keys) {
    const der = Buffer.from(spki, 'base64');
    expect(keyid).toMatch(/^SHA256:[A-Za-z0-9+/]{43}$/);
    const { namedCurve } = createPublicKey({ key: der, format: 'der', type: 'spki' }).asymmetricKeyDetails ?? {};
    expect(namedCurve).toBe('prime256v1');
  }
});

test('each key stands there once, and one has no end', () => {
  const keys = embeddedTrust().signatureKeys;
  expect(new Set(keys.map(({ keyid }) => keyid)).size).toBe(keys.length);
  expect(keys.filter(({ expiresAt }) => expiresAt === undefined)).toHaveLength(1);
  expect(keys.every(({ expiresAt }) => expiresAt === undefined || expiresAt > 0)).toBe(true);
});

test.each([null, {}, { keys: {} }, { keys: [null, {}, { keyId: 'a', publicKey: { rawBytes: 'b', validFor: null } }] }])(
  '%j holds no keys',
  (raw) => {
    expect(decodeTrustedKeys(raw)).toEqual([]);
  },
);

test('other material has another digest', () => {
  const { root, digest } = embeddedTrust();
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(trustMaterialOf(root, { keys: [] }).digest).not.toBe(digest);
});
