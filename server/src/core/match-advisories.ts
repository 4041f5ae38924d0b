import type { Affected } from './advisory.ts';
import { firstFixed, intervalsHolding } from './affected-versions.ts';
import type { VersionScheme } from './version-scheme.ts';

/** An advisory that affects a version. */
export interface AffectingAdvisory {
  readonly id: string;
  /** The version that ends the affected interval; undefined when there is none yet. */
  readonly fixed: string | undefined;
  /** All entries of the advisory for the package. */
  readonly affected: readonly Affected[];
}

/**
 * Which of a package's advisories affect one version of it. One advisory may have several entries for the package.
 * A version that the scheme cannot read is affected only where an advisory lists it by its text.
 */
export function matchAdvisories(
  version: string,
  candidates: readonly { readonly id: string; readonly affected: Affected }[],
  versions: VersionScheme,
): AffectingAdvisory[] {
  if (candidates.length === 0) return [];
  const entriesOf = new Map<string, Affected[]>();
  for (const { id, affected } of candidates) {
    const entries = entriesOf.get(id);
    if (entries === undefined) entriesOf.set(id, [affected]);
    else entries.push(affected);
  }
  const matches: AffectingAdvisory[] = [];
  for (const [id, affected] of entriesOf) {
    if (intervalsHolding(affected, version, versions).length === 0) continue;
    matches.push({ id, fixed: firstFixed(affected, version, versions), affected });
  }
  return matches;
}
