import { unknown, type Evidence, type SignatureEvidence, type SignatureVerdict } from '../core/evidence.ts';
import type { Knowledge } from '../core/knowledge.ts';
import type { Settings } from '../core/settings.ts';
import type { Installed, InstalledPackage } from './installed-packages.ts';

/** The verdicts on everything that is installed. */
export interface SignatureSurvey {
  /** By index into {@link Installed.packages}; empty where signatures are turned off. */
  readonly evidence: readonly Evidence<SignatureEvidence>[];
  /** How many packages have each verdict. */
  readonly counts: ReadonlyMap<SignatureVerdict | 'unknown', number>;
  /**
   * How many packages each registry gave without a signature, of those that gave none at all though all of them are signed: a
   * proxy removes them. One thing to say, and not one for each package.
   */
  readonly stripped: ReadonlyMap<string, number>;
}

/** Fewer packages of one registry without signatures are looked at one by one. */
const MANY = 5;

export function surveySignatures({ packages }: Installed, knowledge: Knowledge, settings: Settings): SignatureSurvey {
  if (!settings.signatures) return { evidence: [], counts: new Map(), stripped: new Map() };
  const counts = new Map<SignatureVerdict | 'unknown', number>();
  const registries = new Map<string, { unsigned: number; others: number }>();
  const evidence = packages.map((item) => {
    const one = signatureOf(item, knowledge);
    const verdict = verdictOf(one);
    counts.set(verdict, (counts.get(verdict) ?? 0) + 1);
    if (one.known) countFor(registries, item.subject.registry, verdict === 'unsigned');
    return one;
  });
  const stripped = [...registries].filter(([, { unsigned, others }]) => unsigned >= MANY && others === 0);
  return { evidence, counts, stripped: new Map(stripped.map(([registry, { unsigned }]) => [registry, unsigned])) };
}

/** What is from no registry is left out on purpose, and not unknown. */
export function verdictOf(evidence: Evidence<SignatureEvidence>): SignatureVerdict | 'unknown' {
  if (evidence.known) return evidence.value.verdict;
  return evidence.code === 'not-registry' ? 'not-registry' : 'unknown';
}

function countFor(
  registries: Map<string, { unsigned: number; others: number }>,
  registry: string,
  isUnsigned: boolean,
): void {
  const count = registries.get(registry) ?? { unsigned: 0, others: 0 };
  if (isUnsigned) count.unsigned++;
  else count.others++;
  registries.set(registry, count);
}

/**
 * What is known of a package's signature; what is from no registry is told from what is not known. The bytes of a tarball
 * from elsewhere may be those that the registry signed; when they are not, nothing is wrong with them.
 */
function signatureOf(item: InstalledPackage, knowledge: Knowledge): Evidence<SignatureEvidence> {
  if (item.source === 'registry') return knowledge.signature(item.subject);
  const bytes = isPinnedTarball(item) ? knowledge.signature(item.subject) : undefined;
  if (bytes?.known === true && SIGNED.has(bytes.value.verdict)) {
    const reason = {
      code: 'other-host',
      message: 'The lockfile has it downloaded from an address that is no registry’s',
    };
    return { ...bytes, value: { ...bytes.value, reasons: [...bytes.value.reasons, reason] } };
  }
  return unknown('not-registry', 'it is not from a registry, and registry signatures do not cover it');
}

/** A tarball of which the lockfile pins the hash that registries sign. */
export function isPinnedTarball({ source, subject }: InstalledPackage): boolean {
  return source === 'tarball' && /\bsha512-/.test(subject.integrity ?? '');
}

const SIGNED: ReadonlySet<SignatureVerdict> = new Set([
  'signed',
  'provenance-verified',
  'provenance-warning',
  'downgrade',
]);
