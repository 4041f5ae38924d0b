import { createHash } from 'node:crypto';

import { type Bundle, bundleFromJSON } from '@sigstore/bundle';
import { type SignedEntity, toSignedEntity, VerificationError } from '@sigstore/verify';

import { type AttestationPart, invalid } from '../attestations-outcome.ts';
import { readStatement } from './in-toto-statement.ts';
import { bundleObstacle, certificateObstacle } from './preflight.ts';
import type { PreparedTrust } from './prepare-trust.ts';

export type BundleCheck =
  | { readonly verified: true; readonly bundle: VerifiedBundle }
  | { readonly verified: false; readonly part: AttestationPart };

/** A bundle whose certificate or key, log entries, time and signature were verified. */
export interface VerifiedBundle {
  /** The identity in its certificate; undefined when it was signed with a key. */
  readonly identity: CertificateIdentity | undefined;
  /** What was signed; undefined for a signature of a file. It is not checked yet what that is about. */
  readonly envelope: { readonly payloadType: string; readonly payload: Buffer } | undefined;
  /** The earliest time that a log or a timestamp authority vouches for, in milliseconds since the epoch. */
  readonly loggedAt: number | undefined;
  readonly logIndex: string | undefined;
}

export interface CertificateIdentity {
  readonly subjectAlternativeName?: string | undefined;
  /** The extensions' content by dotted object identifier. */
  readonly extensions: ReadonlyMap<string, Buffer>;
}

/**
 * Verifies a Sigstore bundle, whatever it is about. With `artifact` it has to be about that file: it is a signature of it,
 * or a statement with it among its subjects. Without, it has to be an envelope, and what that says is for the caller to
 * check. Never throws.
 * @see https://docs.sigstore.dev/about/bundle/
 */
export function checkBundle(raw: unknown, trust: PreparedTrust, artifact?: Buffer): BundleCheck {
  const obstacle = bundleObstacle(raw, trust);
  if (obstacle !== undefined) return { verified: false, part: obstacle };
  try {
    return verify(bundleFromJSON(raw), trust, artifact);
  } catch (error) {
    // Broken input makes the libraries throw errors of any class, TypeErrors among them.
    return { verified: false, part: failure(error) };
  }
}

function verify(bundle: Bundle, trust: PreparedTrust, artifact: Buffer | undefined): BundleCheck {
  const entity = toSignedEntity(bundle, artifact);
  const { content } = bundle;
  if (artifact === undefined && content.$case !== 'dsseEnvelope') {
    return { verified: false, part: invalid('no-envelope', 'It holds no statement, where one is due') };
  }
  if (entity.key.$case === 'certificate') {
    const obstacle = certificateObstacle(entity.key.certificate, trust);
    if (obstacle !== undefined) return { verified: false, part: obstacle };
  }
  const { identity } = trust.verifier.verify(entity);
  const envelope = content.$case === 'dsseEnvelope' ? content.dsseEnvelope : undefined;
  if (artifact !== undefined && envelope !== undefined && !isAbout(envelope.payload, artifact)) {
    return { verified: false, part: invalid('other-bytes', 'Its statement is about other bytes') };
  }
  return {
    verified: true,
    bundle: {
      identity: identity && {
        subjectAlternativeName: identity.subjectAlternativeName,
        extensions: new Map(identity.oids?.map(({ oid, value }) => [oid?.id.join('.') ?? '', value])),
      },
      envelope: envelope && { payloadType: envelope.payloadType, payload: envelope.payload },
      loggedAt: trustedTime(entity),
      logIndex: trustedIndex(entity),
    },
  };
}

/** Only what the verification has checked: a log's time counts with its signed promise, else a timestamp authority's. */
function trustedTime({ timestamps }: SignedEntity): number | undefined {
  const times = timestamps.map((timestamp) => {
    if (timestamp.$case === 'timestamp-authority') return timestamp.timestamp.signingTime.getTime();
    const { inclusionPromise, integratedTime } = timestamp.tlogEntry;
    return inclusionPromise === undefined ? Number.NaN : Number(integratedTime) * 1000;
  });
  const known = times.filter((time) => !Number.isNaN(time));
  return known.length === 0 ? undefined : Math.min(...known);
}

/** A promise covers the entry's number in the whole log, a proof only its own. */
function trustedIndex({ tlogEntries }: SignedEntity): string | undefined {
  const [entry] = tlogEntries;
  return entry?.inclusionPromise === undefined ? entry?.inclusionProof?.logIndex : entry.logIndex;
}

function isAbout(payload: Buffer, artifact: Buffer): boolean {
  const digests = ['sha256', 'sha512'].map((name) => [name, createHash(name).update(artifact).digest('hex')] as const);
  const subjects = readStatement(payload)?.subjects ?? [];
  return subjects.some(({ digest }) => digests.some(([name, hex]) => digest.get(name) === hex));
}

function failure(error: unknown): AttestationPart {
  const code = error instanceof VerificationError ? error.code : undefined;
  switch (code) {
    case 'TIMESTAMP_ERROR':
      return invalid('bad-time', 'Nobody that is trusted vouches for the time when it was signed');
    case 'CERTIFICATE_ERROR':
      return invalid('bad-certificate', 'Its certificate was not issued by a trusted authority for that time');
    case 'PUBLIC_KEY_ERROR':
      return invalid('retired-key', 'It was signed with a key that was not in use at that time');
    case 'TLOG_BODY_ERROR':
      return invalid('other-log-entry', 'The transparency log’s entry is about something else');
    case 'SIGNATURE_ERROR':
      return invalid('bad-signature', 'Its signature does not fit');
    case undefined:
      return invalid('malformed-bundle', 'It is broken');
    default:
      return invalid('not-logged', 'Nothing proves that the transparency log took it up');
  }
}
