import { field, textAt } from '../../core/json-fields.ts';
import { type AttestationPart, type CertificateClaims, invalid } from '../attestations-outcome.ts';
import { repositoryIdentity } from '../repository-identity.ts';
import type { VerifiedBundle } from './check-bundle.ts';
import { IN_TOTO_PAYLOAD, type InTotoStatement, readStatement } from './in-toto-statement.ts';

/** The npm package that an attestation has to be about. */
export interface AttestedPackage {
  /** As the registry writes it, `@scope/name` with its slash. */
  readonly name: string;
  readonly version: string;
  /** One canonical `sha512-…` token. */
  readonly integrity: string;
}

/** The statement in a verified bundle, or what is wrong with it: it has to be of the announced type and of this package. */
export function packageStatement(
  { envelope }: VerifiedBundle,
  predicateType: string,
  about: AttestedPackage,
): InTotoStatement | AttestationPart {
  const statement = envelope?.payloadType === IN_TOTO_PAYLOAD ? readStatement(envelope.payload) : undefined;
  if (statement === undefined) return invalid('no-statement', 'What was signed is no in-toto statement');
  if (statement.predicateType !== predicateType) {
    return invalid('relabelled', 'It was signed as an attestation of another type than the registry says');
  }
  const [subject] = statement.subjects;
  if (subject === undefined || statement.subjects.length !== 1) {
    return invalid('bad-subject', 'It is not about exactly one package');
  }
  if (subject.name !== packageUrl(about)) return invalid('other-package', 'It is of another package or version');
  const sha512 = Buffer.from(about.integrity.replace(/^sha512-/, ''), 'base64').toString('hex');
  if (sha512 === '' || subject.digest.get('sha512') !== sha512) {
    return invalid('other-bytes', 'It is of other bytes than the lockfile pins');
  }
  return statement;
}

/** @see https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
function packageUrl({ name, version }: AttestedPackage): string {
  return `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;
}

/** What is wrong with the registry's statement that it published the package. */
export function publishFault({ predicate }: InTotoStatement, about: AttestedPackage): AttestationPart | undefined {
  const isSame = textAt(predicate, 'name') === about.name && textAt(predicate, 'version') === about.version;
  return isSame ? undefined : invalid('other-package', 'The registry attests that it published another package');
}

/**
 * What is wrong with a statement of provenance: the builder wrote it, so what it says of the source has to be what the
 * certificate says.
 */
export function provenanceFault(
  { predicate }: InTotoStatement,
  claims: CertificateClaims,
): AttestationPart | undefined {
  const { repository, ref } = statedSource(predicate);
  const isSameRepository =
    repository === undefined ||
    (typeof repository === 'string' && repositoryIdentity(repository) === repositoryIdentity(claims.repository));
  const isSameRef = ref === undefined || claims.ref === undefined || ref === claims.ref;
  if (isSameRepository && isSameRef) return undefined;
  return invalid('payload-mismatch', 'It names another source than its certificate, which is what was proved');
}

/** Both in SLSA 1 and in SLSA 0.2, where one text has them: `git+https://github.com/acme/widget@refs/tags/v1.2.3`. */
function statedSource(predicate: unknown): { readonly repository: unknown; readonly ref: unknown } {
  const workflow = field(field(field(predicate, 'buildDefinition'), 'externalParameters'), 'workflow');
  if (workflow !== undefined) return { repository: field(workflow, 'repository'), ref: field(workflow, 'ref') };
  const uri = field(field(field(predicate, 'invocation'), 'configSource'), 'uri');
  if (typeof uri !== 'string') return { repository: uri, ref: undefined };
  const [, repository, ref] = /^(.*?)(?:@(refs\/.*))?$/s.exec(uri) ?? [];
  return { repository, ref };
}
