import type { X509Certificate } from '@sigstore/core';

import { arrayAt, field, textAt } from '../../core/json-fields.ts';
import { type AttestationPart, unverifiable } from '../attestations-outcome.ts';
import type { PreparedTrust } from './prepare-trust.ts';

/**
 * What keeps a bundle from being checked here at all: a format, a key or a log that this program does not know. It is
 * asked before the verification, which would call the same things a failure. Undefined when the bundle can be checked.
 */
export function bundleObstacle(bundle: unknown, trust: PreparedTrust): AttestationPart | undefined {
  const mediaType = textAt(bundle, 'mediaType');
  if (mediaType === undefined || !MEDIA_TYPES.includes(mediaType)) {
    return unverifiable('unsupported-bundle', `It has a format that is not known here (${short(mediaType)})`);
  }
  const material = field(bundle, 'verificationMaterial');
  const publicKey = field(material, 'publicKey');
  const hint = textAt(publicKey, 'hint');
  if (publicKey !== undefined && (hint === undefined || !trust.keyIds.has(hint))) {
    return unverifiable('unknown-key', `It is signed with a key that is not known here (${short(hint)})`);
  }
  const entries = arrayAt(material, 'tlogEntries');
  const timestamps = arrayAt(field(material, 'timestampVerificationData'), 'rfc3161Timestamps');
  // The verification compares each with each.
  if (Math.max(entries.length, timestamps.length) > MAXIMUM_WITNESSES) {
    return unverifiable('too-many', 'It has more log entries or timestamps than are looked at');
  }
  for (const entry of entries) {
    const id = textAt(field(entry, 'logId'), 'keyId');
    // An entry that names no log is broken, and fails later.
    if (id !== undefined && !trust.logIds.has(Buffer.from(id, 'base64').toString('hex'))) return unknownLog(id);
  }
  return undefined;
}

/** The same for the certificate: who issued it, and the logs that took it up. */
export function certificateObstacle(certificate: X509Certificate, trust: PreparedTrust): AttestationPart | undefined {
  const authority = certificate.extAuthorityKeyID?.keyIdentifier?.toString('hex');
  if (authority !== undefined && !trust.authorityIds.has(authority)) {
    return unverifiable(
      'unknown-authority',
      `Its certificate is of an authority that is not known here (${short(authority)})`,
    );
  }
  const logs = certificate.extSCT?.signedCertificateTimestamps.map(({ logID }) => logID) ?? [];
  const unknown = logs.find((id) => !trust.certificateLogIds.has(id.toString('hex')));
  return unknown === undefined ? undefined : unknownLog(unknown.toString('base64'));
}

/** `bundleFromJSON` takes any version of the form `0.x`, whatever that may come to mean. */
const MEDIA_TYPES: readonly string[] = [
  'application/vnd.dev.sigstore.bundle+json;version=0.1',
  'application/vnd.dev.sigstore.bundle+json;version=0.2',
  'application/vnd.dev.sigstore.bundle+json;version=0.3',
  'application/vnd.dev.sigstore.bundle.v0.3+json',
];

const MAXIMUM_WITNESSES = 16;

function unknownLog(id: string): AttestationPart {
  return unverifiable('unknown-log', `It is in a transparency log that is not known here (${short(id)})`);
}

function short(text: string | undefined): string {
  return text === undefined ? 'not named' : text.slice(0, 80);
}
