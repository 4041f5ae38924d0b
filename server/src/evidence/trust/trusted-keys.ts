/** A key that registry signatures, or the registry's publish attestations, are trusted by. */
export interface TrustedKey {
  /** As signatures name it: `SHA256:` and a hash. */
  readonly keyid: string;
  /** Base64 of a DER-encoded SubjectPublicKeyInfo. */
  readonly spki: string;
  /** Milliseconds since the epoch from when it is in use; undefined when that is not said. */
  readonly startsAt?: number | undefined;
  /** Milliseconds since the epoch; undefined while the key is in use. */
  readonly expiresAt: number | undefined;
  /** True when the registry whose signatures it checks is all that vouches for it. */
  readonly isOfRegistry?: boolean;
}

/** What a key is for: signing `name@version:hash`, or signing publish attestations. */
export type KeyUsage = 'npm:signatures' | 'npm:attestations';

/**
 * The keys for one usage in a document of the form that Sigstore's TUF repository has for the npm registry's keys. What
 * is no key is left out. The same key stands there once for each usage.
 */
export function decodeTrustedKeys(raw: unknown, usage: KeyUsage = 'npm:signatures'): readonly TrustedKey[] {
  const keys: unknown = typeof raw === 'object' && raw !== null && 'keys' in raw ? raw.keys : undefined;
  if (!Array.isArray(keys)) return [];
  return keys
    .filter(isKeyEntry)
    .filter(({ keyUsage, publicKey }) => keyUsage === usage && publicKey.keyDetails === ECDSA_P256)
    .map(({ keyId, publicKey }) => ({
      keyid: keyId,
      spki: publicKey.rawBytes,
      startsAt: timeOf(publicKey.validFor.start),
      expiresAt: timeOf(publicKey.validFor.end),
    }));
}

function timeOf(text: string | undefined): number | undefined {
  const time = text === undefined ? Number.NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : time;
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

const ECDSA_P256 = 'PKIX_ECDSA_P256_SHA_256';
