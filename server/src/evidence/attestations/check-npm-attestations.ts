import { field, textAt } from '../../core/json-fields.ts';
import { type AttestationPart, type AttestationsOutcome, invalid, unverifiable } from '../attestations-outcome.ts';
import type { TrustMaterial } from '../trust/trust-material.ts';
import { claimsOf } from './certificate-claims.ts';
import { checkBundle, type VerifiedBundle } from './check-bundle.ts';
import { type AttestationCheck, combineChecks } from './combine-checks.ts';
import { type AttestedPackage, packageStatement, provenanceFault, publishFault } from './npm-statement.ts';
import { readAnswer, usableTrust } from './read-answer.ts';

export interface NpmAttestationsCase extends AttestedPackage {
  /** The body of the registry's answer. */
  readonly response: string;
  readonly trust: TrustMaterial;
}

const PUBLISH = 'https://github.com/npm/attestation/tree/main/specs/publish/v0.1';

const PROVENANCE: readonly string[] = ['https://slsa.dev/provenance/v0.2', 'https://slsa.dev/provenance/v1'];

/**
 * Verifies a registry's answer about a package's attestations: each bundle, and that it is of this package, these bytes
 * and the announced type. Signature and log alone say nothing: any bundle of any package passes them. One attestation that
 * is wrong makes its kind so. Pure; never throws.
 * @see https://github.com/npm/attestation/tree/main/specs
 * @see https://slsa.dev/spec/v1.0/provenance
 */
export function checkNpmAttestations(given: NpmAttestationsCase): AttestationsOutcome {
  const items = readAnswer(given.response, 'attestations');
  if ('verdict' in items) return bothParts(items);
  const trust = usableTrust(given.trust);
  if ('verdict' in trust) return bothParts(trust);

  const attestations = items.map((item) => ({ type: textAt(item, 'predicateType'), bundle: field(item, 'bundle') }));
  const checkAll = (isOfKind: (type: string) => boolean, check: KindCheck): readonly AttestationCheck[] =>
    attestations.flatMap(({ type, bundle }) => {
      if (type === undefined || !isOfKind(type)) return [];
      const checked = checkBundle(bundle, trust);
      return [checked.verified ? check(checked.bundle, type, given) : checked.part];
    });
  const publish = combineChecks(checkAll((type) => type === PUBLISH, checkPublish));
  const provenance = combineChecks(checkAll((type) => PROVENANCE.includes(type), checkProvenance));

  const [entry] = [...provenance.passed, ...publish.passed];
  return {
    publish: publish.part,
    provenance: provenance.part,
    claims: provenance.passed[0]?.claims,
    loggedAt: entry?.bundle.loggedAt,
    logIndex: entry?.bundle.logIndex,
    ignored: attestations
      .map(({ type }) => type?.slice(0, 200) ?? 'unnamed')
      .filter((type) => type !== PUBLISH && !PROVENANCE.includes(type)),
  };
}

type KindCheck = (bundle: VerifiedBundle, type: string, about: AttestedPackage) => AttestationCheck;

function bothParts(part: AttestationPart): AttestationsOutcome {
  return { publish: part, provenance: part, ignored: [] };
}

function checkPublish(bundle: VerifiedBundle, type: string, about: AttestedPackage): AttestationCheck {
  if (bundle.identity !== undefined) {
    return invalid('wrong-signer', 'It is signed with somebody’s certificate, not with the registry’s key');
  }
  const statement = packageStatement(bundle, type, about);
  return 'verdict' in statement ? statement : (publishFault(statement, about) ?? { bundle });
}

function checkProvenance(bundle: VerifiedBundle, type: string, about: AttestedPackage): AttestationCheck {
  if (bundle.identity === undefined) {
    return invalid('wrong-signer', 'It is signed with the registry’s key, not by who built the package');
  }
  const statement = packageStatement(bundle, type, about);
  if ('verdict' in statement) return statement;
  const claims = claimsOf(bundle.identity);
  if (claims === undefined) return unverifiable('no-source', 'Its certificate names no source repository');
  return provenanceFault(statement, claims) ?? { bundle, claims };
}
