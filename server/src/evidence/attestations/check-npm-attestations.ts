import { field, textAt } from '../../core/json-fields.ts';
import {
  ABSENT,
  type AttestationPart,
  type AttestationsOutcome,
  type CertificateClaims,
  invalid,
  unverifiable,
  VERIFIED,
} from '../attestations-outcome.ts';
import type { TrustMaterial } from '../trust/trust-material.ts';
import { claimsOf } from './certificate-claims.ts';
import { checkBundle, type VerifiedBundle } from './check-bundle.ts';
import { verifyKnownGood } from './known-good.ts';
import { type AttestedPackage, packageStatement, provenanceFault, publishFault } from './npm-statement.ts';
import { type PreparedTrust, prepareTrust } from './prepare-trust.ts';

export interface NpmAttestationsCase extends AttestedPackage {
  /** The body of the registry's answer. */
  readonly response: string;
  readonly trust: TrustMaterial;
}

/** In characters: twice what the largest known answer has. */
const MAXIMUM_RESPONSE = 1_000_000;

const MAXIMUM_ATTESTATIONS = 10;

const PUBLISH = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

const PROVENANCE: readonly string[] = ['https://slsa.dev/provenance/v0.2', 'https://slsa.dev/provenance/v1'];

/**
 * Verifies a registry's answer about a package's attestations: each bundle, and that it is of this package, these bytes
 * and the announced type. Signature and log alone say nothing: any bundle of any package passes them. One part that is
 * wrong makes its kind invalid. Pure; never throws.
 * @see https://github.com/npm/attestation/tree/main/specs
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export function checkNpmAttestations(given: NpmAttestationsCase): AttestationsOutcome {
  const attestations = readResponse(given.response);
  if ('verdict' in attestations) return bothParts(attestations);
  const trust = prepareTrust(given.trust);
  if (trust === undefined) {
    return bothParts(unverifiable('trust-material', 'The trust material cannot be read, so nothing can be checked'));
  }
  if (!verifyKnownGood()) return bothParts(RUNTIME_FAILS);
  const published = checkAll(attestations, (type) => type === PUBLISH, trust, given, checkPublish);
  const built = checkAll(attestations, (type) => PROVENANCE.includes(type), trust, given, checkProvenance);
  const [entry] = built.verified.length > 0 ? built.verified : published.verified;
  return {
    publish: published.part,
    provenance: built.part,
    claims: built.verified[0]?.claims,
    loggedAt: entry?.bundle.loggedAt,
    logIndex: entry?.bundle.logIndex,
    ignored: attestations.map(({ type }) => type).filter((type) => type !== PUBLISH && !PROVENANCE.includes(type)),
  };
}

const RUNTIME_FAILS = unverifiable(
  'runtime',
  'The cryptography of this runtime does not verify a bundle that is known to be good, so nothing can be said',
);

interface Attestation {
  readonly type: string;
  readonly bundle: unknown;
}

/** The attestations in a body, or why they cannot be looked at. */
function readResponse(response: string): readonly Attestation[] | AttestationPart {
  if (response.length > MAXIMUM_RESPONSE) {
    return unverifiable('too-large', 'The answer is larger than any that is looked at');
  }
  const items = field(parse(response), 'attestations');
  if (!Array.isArray(items)) return unverifiable('bad-answer', 'The answer holds no list of attestations');
  if (items.length > MAXIMUM_ATTESTATIONS) {
    return unverifiable('too-many', 'The answer holds more attestations than are looked at');
  }
  return items.map((item: unknown) => ({
    type: textAt(item, 'predicateType')?.slice(0, 200) ?? 'unnamed',
    bundle: field(item, 'bundle'),
  }));
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function bothParts(part: AttestationPart): AttestationsOutcome {
  return { publish: part, provenance: part, ignored: [] };
}

/** A bundle that passed, or the part that it makes. */
type Check = Passed | AttestationPart;

interface Passed {
  readonly bundle: VerifiedBundle;
  readonly claims?: CertificateClaims;
}

interface KindChecked {
  readonly part: AttestationPart;
  /** Empty unless all passed. */
  readonly verified: readonly Passed[];
}

function checkAll(
  attestations: readonly Attestation[],
  isOfKind: (type: string) => boolean,
  trust: PreparedTrust,
  about: AttestedPackage,
  checkKind: (bundle: VerifiedBundle, type: string, about: AttestedPackage) => Check,
): KindChecked {
  const checks = attestations
    .filter(({ type }) => isOfKind(type))
    .map(({ type, bundle }): Check => {
      const checked = checkBundle(bundle, trust);
      return checked.verified ? checkKind(checked.bundle, type, about) : checked.part;
    });
  const verified = checks.filter((check): check is Passed => !('verdict' in check));
  if (checks.length === 0) return { part: ABSENT, verified };
  const faults = checks.filter((check) => 'verdict' in check);
  const worst = faults.find(({ verdict }) => verdict === 'invalid') ?? faults[0] ?? disagreement(verified);
  return worst === undefined ? { part: VERIFIED, verified } : { part: worst, verified: [] };
}

function checkPublish(bundle: VerifiedBundle, type: string, about: AttestedPackage): Check {
  if (bundle.identity !== undefined) {
    return invalid('wrong-signer', 'It is signed with somebody’s certificate, not with the registry’s key');
  }
  const statement = packageStatement(bundle, type, about);
  return 'verdict' in statement ? statement : (publishFault(statement, about) ?? { bundle });
}

function checkProvenance(bundle: VerifiedBundle, type: string, about: AttestedPackage): Check {
  if (bundle.identity === undefined) {
    return invalid('wrong-signer', 'It is signed with the registry’s key, not by who built the package');
  }
  const statement = packageStatement(bundle, type, about);
  if ('verdict' in statement) return statement;
  const claims = claimsOf(bundle.identity);
  if (claims === undefined) return unverifiable('no-source', 'Its certificate names no source repository');
  return provenanceFault(statement, claims) ?? { bundle, claims };
}

/** Anybody can attest that they built these bytes: of several builds it cannot be told which one it was. */
function disagreement(verified: readonly Passed[]): AttestationPart | undefined {
  const builds = new Set(verified.map(({ claims }) => `${claims?.repository ?? ''} ${claims?.workflowRef ?? ''}`));
  if (builds.size <= 1) return undefined;
  return unverifiable('several-sources', 'Several attestations say that different builds made it');
}
