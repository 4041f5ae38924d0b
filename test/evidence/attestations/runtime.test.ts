import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

import { expect, test } from 'vitest';

import { checkNpmAttestations } from '../../../server/src/evidence/attestations/check-npm-attestations.ts';
import { verifyKnownGood } from '../../../server/src/evidence/attestations/known-good.ts';
import { npmAttestations } from '../../support/npm-attestations.ts';
import { wordOf } from '../../support/outcome-words.ts';
import { mockSigstore } from '../../support/sigstore-mock.ts';

const WIDGET = {
  name: '@acme/widget',
  version: '1.2.3',
  integrity: `sha512-${Buffer.alloc(64, 7).toString('base64')}`,
};

// Electron's crypto is BoringSSL, which has no default digest for EC keys where OpenSSL takes SHA-256.
const { verify } = crypto;
Object.assign(crypto, {
  verify(
    algorithm: string | null | undefined,
    data: Uint8Array,
    key: crypto.KeyObject,
    signature: Uint8Array,
  ): boolean {
    if (algorithm === undefined || algorithm === null) throw new Error('NO_DEFAULT_DIGEST');
    return verify(algorithm, data, key, signature);
  },
});
syncBuiltinESMExports();

test('where the runtime refuses what is known to be good, nothing is invalid', async () => {
  const sigstore = await mockSigstore();
  const response = await npmAttestations(sigstore, WIDGET);
  const { publish, provenance, claims } = checkNpmAttestations({ ...WIDGET, response, trust: sigstore.trust });
  expect(verifyKnownGood()).toBe(false);
  expect([wordOf(publish), wordOf(provenance)]).toEqual(['unverifiable: runtime', 'unverifiable: runtime']);
  expect(claims).toBeUndefined();
});
