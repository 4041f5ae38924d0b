import seed from './npm-keys.json' with { type: 'json' };

/** A key that registry signatures are trusted by. */
export interface TrustedKey {
  /** As signatures name it: `SHA256:` and a hash. */
  readonly keyid: string;
  /** Base64 of a DER-encoded SubjectPublicKeyInfo. */
  readonly spki: string;
  /** Milliseconds since the epoch; undefined while the key is in use. */
  readonly expiresAt: number | undefined;
}

/**
 * The npm registry's signing keys, out of the trust root that Sigstore's TUF repository signs. They come with the
 * program (see scripts/generate-trust.ts) and never from a workspace, nor from the registry that they are to check.
 */
export function npmRegistryKeys(): readonly TrustedKey[] {
  return decodeKeys(seed.keys);
}

/** Keys of the same form from elsewhere, as a demo registry hands them out. What is no key is left out. */
export function decodeTrustedKeys(raw: unknown): readonly TrustedKey[] {
  const keys: unknown = typeof raw === 'object' && raw !== null && 'keys' in raw ? raw.keys : undefined;
  return Array.isArray(keys) ? decodeKeys(keys.filter(isKeyEntry)) : [];
}

function isKeyEntry(value: unknown): value is KeyEntry {
  if (typeof value !== 'object' || value === null || !('publicKey' in value)) return false;
  const { publicKey } = value;
  return (
    'keyId' in value &&
    typeof value.keyId === 'string' &&
    typeof publicKey === 'object' &&
    publicKey !== null &&
    'rawBytes' in publicKey &&
    typeof publicKey.rawBytes === 'string' &&
    'validFor' in publicKey &&
    typeof publicKey.validFor === 'object' &&
    publicKey.validFor !== null
  );
}

interface KeyEntry {
  readonly keyId: string;
  readonly keyUsage: string;
  readonly publicKey: {
    readonly rawBytes: string;
    readonly keyDetails: string;
    readonly validFor: { readonly start?: string; readonly end?: string };
  };
}

/** The same key stands there once for each use. */
function decodeKeys(entries: readonly KeyEntry[]): readonly TrustedKey[] {
  return entries
    .filter(({ keyUsage, publicKey }) => keyUsage === 'npm:signatures' && publicKey.keyDetails === ECDSA_P256)
    .map(({ keyId, publicKey }) => ({
      keyid: keyId,
      spki: publicKey.rawBytes,
      expiresAt: publicKey.validFor.end === undefined ? undefined : Date.parse(publicKey.validFor.end),
    }));
}

const ECDSA_P256 = 'PKIX_ECDSA_P256_SHA_256';
