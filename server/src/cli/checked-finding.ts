import type { Finding, FindingKind } from '../core/finding.ts';
import type { Remedy } from '../core/remedy.ts';
import type { VersionScheme } from '../core/version-scheme.ts';

/** A place as people count: from 1. */
export interface ShownPlace {
  readonly document: string;
  readonly line: number;
  readonly column: number;
}

/** One package, version and rule, in however many documents and on however many paths. */
export interface CheckedFinding {
  readonly finding: Finding;
  readonly purl: string;
  /** The manifest lines that name the package, those that bring it in, then entries of lockfiles. */
  readonly places: readonly ShownPlace[];
  readonly remedies: readonly PlacedRemedy[];
  /** The range that a manifest asks for already, while the lockfile still holds the affected version. */
  readonly written: string | undefined;
  /** How the versions of its ecosystem compare. */
  readonly versions: VersionScheme;
}

export interface PlacedRemedy {
  readonly remedy: Remedy;
  /** The first line that it changes. */
  readonly place: ShownPlace | undefined;
}

export function isKind(item: CheckedFinding, ...kinds: readonly FindingKind[]): boolean {
  return kinds.includes(item.finding.kind);
}
