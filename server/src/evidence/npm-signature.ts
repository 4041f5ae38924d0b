import { createPublicKey, verify, type KeyObject } from 'node:crypto';

import type { SignatureEvidence, SignatureVerdict, VerdictReason } from '../core/evidence.ts';
import type { RegistrySignature } from '../core/registry-package.ts';
import { sha512Of } from './integrity.ts';
import knownGood from './known-good-signature.json' with { type: 'json' };
import type { TrustedKey } from './trust/trusted-keys.ts';

export interface SignatureCase {
  /** As the registry writes it, `@scope/name` with its slash. */
  readonly name: string;
  readonly version: string;
  /** What the lockfile pins: a Subresource Integrity string of one or more hashes. */
  readonly lockIntegrity: string | undefined;
  /** What the registry says now. */
  readonly registryIntegrity: string | undefined;
  readonly signatures: readonly RegistrySignature[];
  /** Milliseconds since the epoch; undefined when the registry does not say. */
  readonly publishedAt: number | undefined;
  readonly keys: readonly TrustedKey[];
  /** True when the keys are this registry's own, so that a missing signature says something. */
  readonly registryIsPublic: boolean;
}

/** A signature beyond these is not looked at: a mirror could append any number. */
const MAXIMUM_SIGNATURES = 16;

/**
 * Verifies the registry's signature over the bytes that the lockfile pins: the hash comes from the lockfile, the
 * signature from the registry, the keys from us. Pure; never throws.
 *
 * One valid signature by a trusted key is enough, so that a mirror cannot spoil a package by appending others. `invalid`
 * is said only of what is false; what we lack the key for is `unverifiable`.
 * @see https://github.com/npm/documentation/blob/main/content/packages-and-modules/securing-your-code/about-registry-signatures.mdx
 */
export function verifyRegistrySignature(given: SignatureCase): SignatureEvidence {
  const locked = sha512Of(given.lockIntegrity);
  const registered = sha512Of(given.registryIntegrity)[0];
  if (registered !== undefined && locked.some((hash) => hash !== registered)) {
    return evidence(
      'invalid',
      'hash-mismatch',
      `The lockfile pins other bytes than the registry serves: ${short(locked.find((hash) => hash !== registered))} in the lockfile, ${short(registered)} in the registry`,
    );
  }
  const withoutVerdict = unsignedReason(given);
  if (withoutVerdict !== undefined) return withoutVerdict;
  const hashes = locked.length > 0 ? locked : registered === undefined ? [] : [registered];
  if (hashes.length === 0) {
    return evidence(
      'unverifiable',
      'no-hash',
      'Neither the lockfile nor the registry gives the sha512 hash that the signature covers',
    );
  }
  const worst = hashes.map((hash) => checkSignatures(given, hash)).find((check) => check.code !== 'valid');
  if (worst !== undefined) return worst;
  return locked.length > 0 ? signed(given) : weakPin(given);
}

function unsignedReason(given: SignatureCase): SignatureEvidence | undefined {
  if (given.keys.length === 0 || (given.signatures.length === 0 && !given.registryIsPublic)) {
    const nothing = evidence(
      'registry-unsigned',
      'no-keys',
      'This registry publishes no signing keys that are known here; there is nothing to check',
    );
    // Whoever else vouches for some bytes needs to know whether these are the ones.
    const isPinned = sha512Of(given.lockIntegrity).length > 0;
    return isPinned ? nothing : { ...nothing, reasons: [...nothing.reasons, weakPinReason(given)] };
  }
  if (given.signatures.length > 0) return undefined;
  return evidence(
    'unsigned',
    'no-signature',
    'The registry signs every package, but its answer had no signature: a proxy may have removed it, or the package was altered',
  );
}

/** The outcome for one hash. The code `valid` marks success; everything else is a verdict already. */
function checkSignatures(given: SignatureCase, hash: string): SignatureEvidence {
  const message = Buffer.from(`${given.name}@${given.version}:${hash}`, 'utf8');
  const outcomes = given.signatures
    .slice(0, MAXIMUM_SIGNATURES)
    .map((signature) => checkOne(given, signature, message));
  const best = OUTCOMES.find((code) => outcomes.includes(code)) ?? 'unknown-key';
  const ids = [...new Set(given.signatures.slice(0, 3).map(({ keyid }) => keyid.slice(0, 80)))].join(', ');
  switch (best) {
    case 'valid':
      return evidence('signed', 'valid', '');
    case 'wrong':
      return evidence(
        'invalid',
        'bad-signature',
        `The signature does not fit these bytes: it is not the registry's signature of ${given.name}@${given.version} with ${short(hash)}`,
      );
    case 'expired':
      return evidence(
        'invalid',
        'expired-key',
        'Signed with a key that the registry had retired before this version was published',
      );
    case 'runtime':
      return evidence(
        'unverifiable',
        'runtime',
        'The cryptography of this runtime does not verify a signature that is known to be good, so nothing can be said',
      );
    case 'unsupported':
      return evidence(
        'unverifiable',
        'unsupported-key',
        `Signed with a kind of key that cannot be checked here (${ids})`,
      );
    case 'unknown-key':
      return evidence(
        'unverifiable',
        'unknown-key',
        `Signed with a key that this version of Provender does not know (${ids})`,
      );
  }
}

/** What decides where there are several signatures, first to last. */
const OUTCOMES = ['valid', 'runtime', 'wrong', 'expired', 'unsupported', 'unknown-key'] as const;

type Outcome = (typeof OUTCOMES)[number];

function checkOne(given: SignatureCase, signature: RegistrySignature, message: Uint8Array): Outcome {
  const key = given.keys.find(({ keyid }) => keyid === signature.keyid);
  if (key === undefined) return 'unknown-key';
  const fits = fitsKey(key, signature.sig, message);
  if (fits === undefined) return 'unsupported';
  if (!fits) return canVerify() ? 'wrong' : 'runtime';
  // A retired key's signatures stay good for what was published before; without a time the registry gets the doubt.
  const inTime = key.expiresAt === undefined || given.publishedAt === undefined || given.publishedAt < key.expiresAt;
  return inTime ? 'valid' : 'expired';
}

/** Undefined when the key is none of the kind that registries sign with, ECDSA on P-256. */
function fitsKey(key: TrustedKey, sig: string, message: Uint8Array): boolean | undefined {
  const publicKey = publicKeyOf(key.spki);
  if (publicKey === undefined) return undefined;
  try {
    // The digest is named: BoringSSL, on which Electron's crypto is built, has no default for EC keys.
    return verify('sha256', message, publicKey, Buffer.from(sig.slice(0, 1024), 'base64'));
  } catch {
    return false;
  }
}

/** Thousands of packages are signed with one key or two, and reading a key takes as long as a check. */
const publicKeys = new Map<string, KeyObject | undefined>();
const MAXIMUM_KEYS = 50;

function publicKeyOf(spki: string): KeyObject | undefined {
  if (publicKeys.has(spki)) return publicKeys.get(spki);
  if (publicKeys.size >= MAXIMUM_KEYS) publicKeys.clear();
  const key = readPublicKey(spki);
  publicKeys.set(spki, key);
  return key;
}

function readPublicKey(spki: string): KeyObject | undefined {
  try {
    const key = createPublicKey({ key: Buffer.from(spki, 'base64'), format: 'der', type: 'spki' });
    const isP256 = key.asymmetricKeyType === 'ec' && key.asymmetricKeyDetails?.namedCurve === 'prime256v1';
    return isP256 ? key : undefined;
  } catch {
    return undefined;
  }
}

/** False where the runtime's crypto refuses: a good signature would read as tampered with. It is found out once. */
function canVerify(): boolean {
  verifiesKnownGood ??=
    fitsKey(
      { keyid: '', spki: knownGood.spki, expiresAt: undefined },
      knownGood.sig,
      Buffer.from(knownGood.message, 'utf8'),
    ) === true;
  return verifiesKnownGood;
}

let verifiesKnownGood: boolean | undefined;

function signed(given: SignatureCase): SignatureEvidence {
  if (isByOwnKey(given)) {
    return evidence(
      'signed',
      'registry-key',
      'Signed by its registry with a key that nobody else vouches for: these are the bytes it published. A signature does not say who built them',
    );
  }
  const registry = given.registryIsPublic ? 'the npm registry' : 'the npm registry, from which this one takes it';
  return evidence(
    'signed',
    'signed',
    `Signed by ${registry}: these are the bytes it published. A signature does not say who built them`,
  );
}

/** True when no key but the registry's own made a signature. */
function isByOwnKey({ keys, signatures }: SignatureCase): boolean {
  const makers = signatures.flatMap(({ keyid }) => keys.find((key) => key.keyid === keyid) ?? []);
  return makers.length > 0 && makers.every(({ isOfRegistry }) => isOfRegistry === true);
}

function weakPin(given: SignatureCase): SignatureEvidence {
  const { code, message } = weakPinReason(given);
  const signer = isByOwnKey(given) ? 'its registry' : 'the npm registry';
  return evidence(
    'signed-weak-pin',
    code,
    `Signed by ${signer}, but ${message.charAt(0).toLowerCase()}${message.slice(1)}`,
  );
}

function weakPinReason({ lockIntegrity }: SignatureCase): VerdictReason {
  const isEmpty = lockIntegrity === undefined || lockIntegrity.trim() === '';
  const pins = isEmpty ? 'No lockfile pins its hash' : 'The lockfile pins no sha512 hash';
  return {
    code: isEmpty ? 'no-pin' : 'weak-hash',
    message: `${pins}: nothing proves that you install these bytes`,
  };
}

function evidence(verdict: SignatureVerdict, code: string, message: string): SignatureEvidence {
  return { verdict, code, message, reasons: [{ code, message }] };
}

/** Enough of a hash to tell two apart. */
function short(hash: string | undefined): string {
  return hash === undefined ? 'no hash' : `${hash.slice(0, 23)}…`;
}
