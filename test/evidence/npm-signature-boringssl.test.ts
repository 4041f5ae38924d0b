import type * as Crypto from 'node:crypto';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import { expect, test, vi } from 'vitest';

import { verifyRegistrySignature } from '../../server/src/evidence/npm-signature.ts';

// Electron's crypto is BoringSSL, which has no default digest for EC keys where OpenSSL takes SHA-256.
vi.mock('node:crypto', async (original) => {
  const crypto = await original<typeof Crypto>();
  const verify = (...[algorithm, data, key, signature]: Parameters<typeof crypto.verify>) => {
    if (algorithm === undefined || algorithm === null) throw new Error('NO_DEFAULT_DIGEST');
    return crypto.verify(algorithm, data, key, signature);
  };
  return { ...crypto, verify };
});

test('a good signature is signed on BoringSSL too', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const integrity = `sha512-${createHash('sha512').update('bytes').digest('base64')}`;
  const { verdict } = verifyRegistrySignature({
    name: 'left',
    version: '1.0.0',
    lockIntegrity: integrity,
    registryIntegrity: integrity,
    signatures: [
      { keyid: 'k', sig: sign('sha256', Buffer.from(`left@1.0.0:${integrity}`), privateKey).toString('base64') },
    ],
    publishedAt: undefined,
    keys: [
      { keyid: 'k', spki: publicKey.export({ format: 'der', type: 'spki' }).toString('base64'), expiresAt: undefined },
    ],
    registryIsPublic: true,
  });
  expect(verdict).toBe('signed');
});
