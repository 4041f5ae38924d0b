/** A key pair of the demo's own: the public registry's signatures cannot be made here, and copies would prove nothing. */
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import type { MockSigstore } from '../../test/support/sigstore-mock.ts';

/** A key as the registry's keys endpoint lists it. */
export interface RegistryKey {
  readonly expires: string | null;
  readonly keyid: string;
  readonly keytype: 'ecdsa-sha2-nistp256';
  readonly scheme: 'ecdsa-sha2-nistp256';
  /** Base64 of the public key as SPKI in DER. */
  readonly key: string;
}

export interface ExampleSigner {
  readonly key: RegistryKey;
  /** The registry's signature over `name@version:integrity`: base64 of DER. */
  sign(message: string): string;
}

/**
 * What the example registry's signatures and attestations are to be trusted by: its key in the form of The Update Framework's
 * target for the public registry's keys, with those of its Sigstore and the root of that.
 */
export function trustDocumentOf(keys: readonly RegistryKey[], sigstore: MockSigstore): object {
  const own = keys.map(({ keyid, key }) => ({
    keyId: keyid,
    keyUsage: 'npm:signatures',
    publicKey: {
      rawBytes: key,
      keyDetails: 'PKIX_ECDSA_P256_SHA_256',
      validFor: { start: '1999-01-01T00:00:00.000Z' },
    },
  }));
  return { keys: [...own, ...sigstore.keys.keys], trustedRoot: sigstore.root };
}

export function createExampleSigner(): ExampleSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const der = publicKey.export({ type: 'spki', format: 'der' });
  const fingerprint = createHash('sha256').update(der).digest('base64').replace(/=+$/, '');
  const curve = 'ecdsa-sha2-nistp256';
  // Each signing gives another signature of the same message; documents with an ETag must stay the same.
  const made = new Map<string, string>();
  return {
    key: { expires: null, keyid: `SHA256:${fingerprint}`, keytype: curve, scheme: curve, key: der.toString('base64') },
    sign: (message) => {
      const signature = made.get(message) ?? sign('sha256', Buffer.from(message), privateKey).toString('base64');
      made.set(message, signature);
      return signature;
    },
  };
}
