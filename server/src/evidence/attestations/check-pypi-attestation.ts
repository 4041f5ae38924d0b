import { arrayAt, field } from '../../core/json-fields.ts';
import { type AttestationPart, type AttestationsOutcome, invalid, unverifiable } from '../attestations-outcome.ts';
import type { TrustMaterial } from '../trust/trust-material.ts';
import { claimsOf } from './certificate-claims.ts';
import { checkBundle, type VerifiedBundle } from './check-bundle.ts';
import { type AttestationCheck, combineChecks } from './combine-checks.ts';
import { IN_TOTO_PAYLOAD, type InTotoStatement, readStatement } from './in-toto-statement.ts';
import { isSamePypiFile } from './pypi-file-name.ts';
import { publisherFault } from './pypi-publisher.ts';
import { readAnswer, usableTrust, withinBounds } from './read-answer.ts';

export interface PypiAttestationCase {
  /** The file's name, as the lockfile or the index has it. */
  readonly fileName: string;
  /** The file's hash in hex, as the lockfile pins it. */
  readonly sha256: string;
  /** The body of the Integrity API's answer for the file. */
  readonly response: string;
  readonly trust: TrustMaterial;
}

/** A Python index signs nothing itself: there is no publish attestation of the index's. */
export type PypiAttestationOutcome = Omit<AttestationsOutcome, 'publish'>;

const PREDICATE_TYPES: readonly string[] = [
  'https://docs.pypi.org/attestations/publish/v1',
  'https://slsa.dev/provenance/v1',
];

/**
 * Verifies an index's answer about the attestations of one file: each, that it is of this file and these bytes, and that
 * the publisher that the index names made it. One that is wrong decides. Pure; never throws.
 * @see https://peps.python.org/pep-0740/
 * @see https://docs.pypi.org/api/integrity/
 */
export function checkPypiAttestation(given: PypiAttestationCase): PypiAttestationOutcome {
  const attestations = readAttestations(given.response);
  if ('verdict' in attestations) return { provenance: attestations, ignored: [] };
  const trust = usableTrust(given.trust);
  if ('verdict' in trust) return { provenance: trust, ignored: [] };

  const ignored: string[] = [];
  const checks = attestations.flatMap(({ publisher, attestation }): readonly AttestationCheck[] => {
    if (field(attestation, 'version') !== 1) {
      return [unverifiable('unsupported-bundle', 'It has a format that is not known here')];
    }
    const checked = checkBundle(toBundle(attestation), trust);
    if (!checked.verified) return [checked.part];
    const statement = fileStatement(checked.bundle, given);
    if ('verdict' in statement) return [statement];
    if (PREDICATE_TYPES.includes(statement.predicateType)) return [checkPublisher(checked.bundle, publisher)];
    ignored.push(statement.predicateType.slice(0, 200));
    return [];
  });
  const { part, passed } = combineChecks(checks);
  const [entry] = passed;
  return {
    provenance: part,
    claims: entry?.claims,
    loggedAt: entry?.bundle.loggedAt,
    logIndex: entry?.bundle.logIndex,
    ignored,
  };
}

interface PublishedAttestation {
  readonly publisher: unknown;
  readonly attestation: unknown;
}

/** The attestations in a body, each with the publisher that the index names for it, or why they cannot be looked at. */
function readAttestations(body: string): readonly PublishedAttestation[] | AttestationPart {
  const bundles = readAnswer(body, 'attestation_bundles');
  if ('verdict' in bundles) return bundles;
  const all = bundles.flatMap((bundle) =>
    arrayAt(bundle, 'attestations').map((attestation) => ({ publisher: field(bundle, 'publisher'), attestation })),
  );
  const bounded = withinBounds(all);
  return 'verdict' in bounded ? bounded : all;
}

/** The same as a Sigstore bundle, of which it is another spelling. */
function toBundle(attestation: unknown): unknown {
  const envelope = field(attestation, 'envelope');
  const material = field(attestation, 'verification_material');
  return {
    mediaType: 'application/vnd.dev.sigstore.bundle.v0.3+json',
    verificationMaterial: {
      certificate: { rawBytes: field(material, 'certificate') },
      tlogEntries: arrayAt(material, 'transparency_entries').slice(0, 1),
    },
    dsseEnvelope: {
      payload: field(envelope, 'statement'),
      payloadType: IN_TOTO_PAYLOAD,
      signatures: [{ sig: field(envelope, 'signature'), keyid: '' }],
    },
  };
}

function fileStatement(
  { envelope }: VerifiedBundle,
  { fileName, sha256 }: PypiAttestationCase,
): InTotoStatement | AttestationPart {
  const statement = envelope && readStatement(envelope.payload);
  if (statement === undefined) return invalid('no-statement', 'What was signed is no in-toto statement');
  const [subject] = statement.subjects;
  if (subject === undefined || statement.subjects.length !== 1) {
    return invalid('bad-subject', 'It is not about exactly one file');
  }
  if (!isSamePypiFile(subject.name, fileName)) return invalid('other-package', 'It is of another file');
  if (sha256 === '' || subject.digest.get('sha256') !== sha256.toLowerCase()) {
    return invalid('other-bytes', 'It is of other bytes than the lockfile pins');
  }
  return statement;
}

function checkPublisher(bundle: VerifiedBundle, publisher: unknown): AttestationCheck {
  const claims = bundle.identity && claimsOf(bundle.identity);
  if (claims === undefined) return unverifiable('no-source', 'Its certificate names no source repository');
  return publisherFault(publisher, claims) ?? { bundle, claims };
}
