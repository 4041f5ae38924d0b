import { createHash, generateKeyPairSync, sign } from 'node:crypto';

import {
  embeddedTrust,
  withSignatureKeys,
  type TrustMaterial,
} from '../../server/src/evidence/trust/trust-material.ts';
import type { TrustedKey } from '../../server/src/evidence/trust/trusted-keys.ts';

/** A registry's signing key that exists for a test. */
export interface ReleaseSigner {
  readonly key: TrustedKey;
  /** The embedded material, and this key. */
  readonly trust: TrustMaterial;
  /** Base64 of the signature over `name@version:integrity`. */
  sign(name: string, version: string, integrity: string): string;
}

export function releaseSigner(keyid = 'SHA256:test'): ReleaseSigner {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const key = { keyid, spki, expiresAt: undefined };
  return {
    key,
    trust: withSignatureKeys(embeddedTrust(), [key]),
    sign: (name, version, integrity) =>
      sign('sha256', Buffer.from(`${name}@${version}:${integrity}`), privateKey).toString('base64'),
  };
}

/** The integrity of bytes. */
export function integrityOf(bytes: string): string {
  return `sha512-${createHash('sha512').update(bytes).digest('base64')}`;
}

export interface ReleaseFacts {
  readonly name?: string;
  readonly version?: string;
  readonly integrity?: string;
  /** Undefined leaves out all signatures. */
  readonly signer?: ReleaseSigner | undefined;
  /** More fields of the document. */
  readonly more?: Readonly<Record<string, unknown>>;
  /** More fields of `dist`. */
  readonly dist?: Readonly<Record<string, unknown>>;
}

/** A registry's document of one version. */
export function releaseDocument(facts: ReleaseFacts = {}): Record<string, unknown> {
  const { name = 'left', version = '1.0.0', integrity = integrityOf('bytes'), signer, more, dist } = facts;
  const signatures =
    signer === undefined
      ? {}
      : { signatures: [{ keyid: signer.key.keyid, sig: signer.sign(name, version, integrity) }] };
  return { name, version, ...more, dist: { integrity, ...signatures, ...dist } };
}
