import { createHash } from 'node:crypto';
import npmKeys from './npm-keys.json' with { type: 'json' };
import { decodeTrustedKeys, type TrustedKey } from './trusted-keys.ts';
import trustedRoot from './trusted-root.json' with { type: 'json' };

/**
 * What signatures and attestations are checked against: a value, so that checking is pure. It comes with the program, or
 * from Sigstore's TUF repository, and never from a workspace, nor from the registry that it is to check.
 */
export interface TrustMaterial {
  /** The JSON of Sigstore's trusted root: certificate authorities, transparency logs, timestamp authorities. */
  readonly root: unknown;
  /** The npm registry's keys for `name@version:hash`. */
  readonly signatureKeys: readonly TrustedKey[];
  /** The npm registry's keys for publish attestations. */
  readonly attestationKeys: readonly TrustedKey[];
  /** SHA-256 over all of it, in hex: verdicts are kept under it. */
  readonly digest: string;
}

/** The material that comes with the program; it works offline from the first minute. */
export function embeddedTrust(): TrustMaterial {
  embedded ??= trustMaterialOf(trustedRoot.root, npmKeys);
  return embedded;
}

let embedded: TrustMaterial | undefined;

/** Of the two targets of Sigstore's TUF repository, `trusted_root.json` and the npm registry's `keys.json`, parsed. */
export function trustMaterialOf(root: unknown, keys: unknown): TrustMaterial {
  return material(root, decodeTrustedKeys(keys, 'npm:signatures'), decodeTrustedKeys(keys, 'npm:attestations'));
}

/** The same with more keys that registry signatures are trusted by. */
export function withSignatureKeys(trust: TrustMaterial, keys: readonly TrustedKey[]): TrustMaterial {
  return material(trust.root, [...trust.signatureKeys, ...keys], trust.attestationKeys);
}

/**
 * The same with what a demo or a test brings along: the keys of a document in the form of `keys.json`, and its
 * `trustedRoot`, where it has one, in place of Sigstore's.
 */
export function withTrustDocument(trust: TrustMaterial, document: unknown): TrustMaterial {
  const more = trustMaterialOf(undefined, document);
  const root: unknown =
    typeof document === 'object' && document !== null && 'trustedRoot' in document ? document.trustedRoot : trust.root;
  return material(
    root,
    [...trust.signatureKeys, ...more.signatureKeys],
    [...trust.attestationKeys, ...more.attestationKeys],
  );
}

function material(
  root: unknown,
  signatureKeys: readonly TrustedKey[],
  attestationKeys: readonly TrustedKey[],
): TrustMaterial {
  const text = JSON.stringify([root, signatureKeys, attestationKeys]);
  return { root, signatureKeys, attestationKeys, digest: createHash('sha256').update(text).digest('hex') };
}
