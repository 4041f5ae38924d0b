import {
  type ProvenanceSource,
  SIGNATURE_VERDICTS,
  type SignatureEvidence,
  type SignatureVerdict,
  type VerdictReason,
} from '../core/evidence.ts';
import type { AttestationPart, AttestationsOutcome, CertificateClaims } from './attestations-outcome.ts';
import { judgeProvenance } from './provenance-policy.ts';
import { sourceOf } from './provenance-source.ts';
import type { DowngradeResult } from '../core/trust-downgrade.ts';
import { builtSentence, downgradeSentence, verdictSentence, weakerSentence, withinSentence } from './verdict-words.ts';

export interface SignatureFacts {
  /** The verdict on the registry's signature. */
  readonly registry: SignatureEvidence;
  /** Undefined when the registry announces none, or when they are not at hand. */
  readonly attestations: AttestationsOutcome | undefined;
  /** Why attestations that were announced are not at hand, as a clause: `the registry did not answer`. */
  readonly missing?: string | undefined;
  /** The repository that this version of the package declares. */
  readonly declaredRepository: string | undefined;
  /** The certificate of the version that was locked before. */
  readonly previous?: CertificateClaims | undefined;
  /** How it compares with versions published before; undefined when that was not looked at. */
  readonly downgrade?: DowngradeResult | undefined;
}

/** A reason, and the verdict that it makes: undefined for what is only worth knowing. */
interface Finding extends VerdictReason {
  readonly verdict: SignatureVerdict | undefined;
}

/**
 * The one verdict on a package out of all that was checked, by the precedence of `SIGNATURE_VERDICTS`, with every reason
 * that was seen. Pure.
 */
export function judgeSignature(facts: SignatureFacts): SignatureEvidence {
  const source = sourceOf(facts.attestations);
  const isPinned = !facts.registry.reasons.some(({ code }) => WEAK_PINS.includes(code));
  const built = source && builtSentence(source, isPinned);
  const findings = [
    ...registryFindings(facts.registry, source),
    ...partFindings('publish', facts.attestations?.publish),
    ...partFindings('provenance', facts.attestations?.provenance),
    ...provenanceFindings(facts, built),
    ...downgradeFindings(facts.downgrade, source),
    ...remarks(facts),
  ].sort((one, other) => precedence(one) - precedence(other));
  const [first] = findings;
  const verdict = first?.verdict ?? facts.registry.verdict;
  const { code, message } = first ?? facts.registry;
  return {
    verdict,
    code,
    message: verdictSentence(verdict, { code, message }, built),
    reasons: findings.map((finding) => ({ code: finding.code, message: finding.message })),
    source,
  };
}

/** What the registry's verdict says of a lockfile that does not bind the bytes. */
const WEAK_PINS: readonly string[] = ['weak-hash', 'no-pin'];

function precedence({ verdict }: Finding): number {
  return verdict === undefined ? SIGNATURE_VERDICTS.length : SIGNATURE_VERDICTS.indexOf(verdict);
}

function registryFindings(registry: SignatureEvidence, source: ProvenanceSource | undefined): readonly Finding[] {
  return registry.reasons.map(({ code, message }, index): Finding => {
    if (index === 0) return { verdict: registry.verdict, code, message };
    // Where the registry signs nothing, a weak pin matters as soon as somebody else vouches for some bytes.
    const isWeak = source !== undefined && WEAK_PINS.includes(code);
    return { verdict: isWeak ? 'signed-weak-pin' : undefined, code, message };
  });
}

function partFindings(kind: 'publish' | 'provenance', part: AttestationPart | undefined): readonly Finding[] {
  if (part?.verdict !== 'invalid' && part?.verdict !== 'unverifiable') return [];
  const subject = kind === 'publish' ? 'The registry’s publish attestation' : 'The provenance';
  const does = part.verdict === 'invalid' ? 'does not fit' : 'cannot be checked';
  const message = `${subject} ${does}: ${withinSentence(part.message)}`;
  return [{ verdict: part.verdict, code: `${kind}-${part.code}`, message }];
}

function provenanceFindings(facts: SignatureFacts, built: string | undefined): readonly Finding[] {
  const claims = facts.attestations?.claims;
  if (claims === undefined || built === undefined) return [];
  const warnings = judgeProvenance(claims, { repository: facts.declaredRepository, previous: facts.previous });
  return [
    { verdict: 'provenance-verified', code: 'provenance-verified', message: built },
    ...warnings.map(({ code, message, level }): Finding => ({
      verdict: level === 'warning' ? 'provenance-warning' : undefined,
      code,
      message,
    })),
  ];
}

/** The registry's marks are unsigned: a provenance that was verified here counts more than a mark that is missing. */
function downgradeFindings(
  downgrade: DowngradeResult | undefined,
  source: ProvenanceSource | undefined,
): readonly Finding[] {
  if (downgrade === undefined || downgrade === 'none') return [];
  if (downgrade.verdict === 'unknown') {
    const message = `Whether earlier versions were published with more is not known: ${downgrade.reason}`;
    return [{ verdict: undefined, code: 'downgrade-unknown', message }];
  }
  const { verdict, earlier } = downgrade;
  if (source !== undefined && earlier.rank < 2) return [];
  if (source === undefined && verdict === 'downgrade') {
    return [{ verdict: 'downgrade', code: 'downgrade', message: downgradeSentence(earlier) }];
  }
  const message = weakerSentence(earlier);
  return [{ verdict: source === undefined ? undefined : 'provenance-warning', code: 'weaker-publishing', message }];
}

function remarks({ attestations, missing }: SignatureFacts): readonly Finding[] {
  const found: Finding[] = [];
  const isEmpty = attestations?.publish.verdict === 'absent' && attestations.provenance.verdict === 'absent';
  const reason = missing ?? (isEmpty ? 'the registry’s answer holds none that are looked at' : undefined);
  if (reason !== undefined) {
    const message = `The registry announces attestations, but they were not checked: ${reason}`;
    found.push({ verdict: undefined, code: 'attestations-missing', message });
  }
  if (attestations !== undefined && attestations.ignored.length > 0) {
    const message = `Attestations of other types are not looked at: ${attestations.ignored.join(', ')}`;
    found.push({ verdict: undefined, code: 'attestations-ignored', message });
  }
  return found;
}
