import { crypto, type X509Certificate } from '@sigstore/core';
import { TrustedRoot } from '@sigstore/protobuf-specs';
import { toTrustMaterial, VerificationError, Verifier } from '@sigstore/verify';

import type { TrustMaterial } from '../trust/trust-material.ts';
import type { TrustedKey } from '../trust/trusted-keys.ts';

/** Trust material in the form that bundles are verified with, and what it knows by name. */
export interface PreparedTrust {
  readonly verifier: Verifier;
  /** Ids of the registry's keys for publish attestations. */
  readonly keyIds: ReadonlySet<string>;
  /** Ids of the transparency logs, in hex. */
  readonly logIds: ReadonlySet<string>;
  /** Ids of the logs of certificates, in hex. */
  readonly certificateLogIds: ReadonlySet<string>;
  /** The key identifiers of the authorities that issue certificates, in hex. */
  readonly authorityIds: ReadonlySet<string>;
}

/**
 * Parses keys and certificates of trust material, once for each digest. Undefined when the material is broken or its keys
 * are of a kind that this runtime does not have: nothing can be checked against it.
 */
export function prepareTrust(trust: TrustMaterial): PreparedTrust | undefined {
  if (!prepared.has(trust.digest)) {
    // A refreshed trust replaces the one before; a few may be in use at the same time.
    if (prepared.size >= MAXIMUM_PREPARED) prepared.clear();
    prepared.set(trust.digest, parse(trust));
  }
  return prepared.get(trust.digest);
}

const MAXIMUM_PREPARED = 4;

const prepared = new Map<string, PreparedTrust | undefined>();

function parse(trust: TrustMaterial): PreparedTrust | undefined {
  try {
    const keys = new Map(trust.attestationKeys.flatMap(parseKey));
    const material = toTrustMaterial(TrustedRoot.fromJSON(trust.root), (hint) => {
      const key = keys.get(hint);
      if (key === undefined) throw new VerificationError({ code: 'PUBLIC_KEY_ERROR', message: 'key not found' });
      return key;
    });
    const authorities = material.certificateAuthorities.flatMap(({ certChain }) => certChain);
    return {
      verifier: new Verifier(material),
      keyIds: new Set(keys.keys()),
      logIds: new Set(material.tlogs.map(({ logID }) => logID.toString('hex'))),
      certificateLogIds: new Set(material.ctlogs.map(({ logID }) => logID.toString('hex'))),
      authorityIds: new Set(authorities.map(subjectKeyId).filter((id) => id !== undefined)),
    };
  } catch {
    return undefined;
  }
}

interface PublicKey {
  readonly publicKey: crypto.KeyObject;
  readonly validFor: (date: Date) => boolean;
}

/** The key by its id. Nothing when it is none that this runtime can read: it is as good as unknown. */
function parseKey({ keyid, spki, startsAt, expiresAt }: TrustedKey): readonly (readonly [string, PublicKey])[] {
  const validFor = (date: Date): boolean =>
    (startsAt === undefined || startsAt <= date.getTime()) && (expiresAt === undefined || date.getTime() <= expiresAt);
  try {
    return [[keyid, { publicKey: crypto.createPublicKey(spki), validFor }]];
  } catch {
    return [];
  }
}

function subjectKeyId(certificate: X509Certificate): string | undefined {
  return certificate.extSubjectKeyID?.keyIdentifier.toString('hex');
}
