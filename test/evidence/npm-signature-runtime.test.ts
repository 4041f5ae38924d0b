import type * as Crypto from 'node:crypto';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import { expect, test, vi } from 'vitest';

import { verifyRegistrySignature } from '../../server/src/evidence/npm-signature.ts';

vi.mock('node:crypto', async (original) => ({
  ...(await original<typeof Crypto>()),
  verify: () => {
    throw new Error('not supported');
  },
}));

test('where the runtime refuses a signature that is known to be good, none is invalid', () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const integrity = `sha512-${createHash('sha512').update('bytes').digest('base64')}`;
  const sig = sign('sha256', Buffer.from(`left@1.0.0:${integrity}`), privateKey).toString('base64');
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const { verdict, code } = verifyRegistrySignature({
    name: 'left',
    version: '1.0.0',
    lockIntegrity: integrity,
    registryIntegrity: integrity,
    signatures: [{ keyid: 'k', sig }],
    publishedAt: undefined,
    keys: [{ keyid: 'k', spki, expiresAt: undefined }],
    registryIsPublic: true,
  });
  expect([verdict, code]).toEqual(['unverifiable', 'runtime']);
});
