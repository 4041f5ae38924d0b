import type { AdvisoryMatch, Epss, KevEntry } from './advisory.ts';
import type { SignatureEvidence } from './evidence.ts';
import type { ImportUse } from './import-use.ts';
import type { PackageId, ScopeSet } from './package.ts';
import type { Remedy } from './remedy.ts';
import type { Severity } from './severity.ts';
import type { Span } from './span.ts';

/** Where a finding is written: the manifest line, and the lockfile entry. */
export interface Place {
  /** Absolute path. */
  readonly path: string;
  readonly span: Span;
}

interface FindingBase {
  /** The advisory's id, or the kind where there is none. */
  readonly ruleId: string;
  readonly severity: Severity;
  readonly package: PackageId;
  /** True when a manifest names the package. */
  readonly direct: boolean;
  readonly scopes: ScopeSet;
  /** One sentence, with remote text in it as it came: escape it. */
  readonly summary: string;
  /** The shortest dependency path from each direct dependency that brings it in, names only. */
  readonly paths: readonly (readonly string[])[];
  /** How the sources import the direct dependencies that bring it in; undefined where nobody knows. */
  readonly imported?: ImportUse | undefined;
  /** The name of the earlier commit that did not have it yet; undefined where it did, or nobody knows. */
  readonly newSince?: string | undefined;
}

export interface AdvisoryFinding extends FindingBase {
  readonly kind: 'vulnerability' | 'malware';
  readonly match: AdvisoryMatch;
  readonly kev: KevEntry | undefined;
  /** Undefined when nobody scored it, or was asked. */
  readonly epss?: Epss | undefined;
  /** True when the name matched a package of another registry than the advisory's. */
  readonly matchedByName: boolean;
}

export interface SignatureFinding extends FindingBase {
  readonly kind: 'signature';
  readonly signature: SignatureEvidence;
}

export interface DeprecatedFinding extends FindingBase {
  readonly kind: 'deprecated';
  readonly message: string;
}

/** What people may decide about: an advisory, or a verdict on a signature. */
export type DecidableFinding = AdvisoryFinding | SignatureFinding;

/** What a user may have to act on. */
export type Finding = AdvisoryFinding | SignatureFinding | DeprecatedFinding;

/** A finding with the lines it stands on and the edits that mend it. */
export interface PlacedFinding {
  readonly finding: Finding;
  /** Manifest lines first. */
  readonly places: readonly Place[];
  readonly remedies: readonly Remedy[];
}

export type FindingKind = Finding['kind'];

/** The ids that a decision may name a finding by. */
export function idsOf(finding: DecidableFinding): readonly string[] {
  return finding.kind === 'signature' ? [finding.ruleId] : [finding.match.advisory.id, ...finding.match.aliases];
}

export function isDecidable(finding: Finding): finding is DecidableFinding {
  return finding.kind !== 'deprecated';
}

export function isAdvisoryFinding(finding: Finding): finding is AdvisoryFinding {
  return finding.kind === 'vulnerability' || finding.kind === 'malware';
}
