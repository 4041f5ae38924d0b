import { isAdvisoryFinding, type AdvisoryFinding } from '../core/finding.ts';
import { isDevelopmentOnly, packageKey } from '../core/package.ts';
import { isExploited, isNeverImported } from '../core/rank-findings.ts';
import { worstSeverity, type Severity } from '../core/severity.ts';
import type { CheckedFinding, PlacedRemedy, ShownPlace } from './checked-finding.ts';

/** One package with all advisories that affect it: a row of the table. */
export interface AffectedPackage {
  readonly name: string;
  readonly version: string;
  readonly severity: Severity;
  readonly isMalware: boolean;
  readonly isExploited: boolean;
  readonly isDevelopmentOnly: boolean;
  /** True when no source imports what brings it in. */
  readonly isNeverImported: boolean;
  readonly direct: boolean;
  /** Worst first. */
  readonly advisories: readonly AdvisoryFinding[];
  /** The remedies that clear the most: one that should not break, and one that may where that clears more. */
  readonly remedies: readonly PlacedRemedy[];
  /** The range that a manifest asks for already; undefined where none waits for an install. */
  readonly written: string | undefined;
  /** The highest of the versions that its advisories call fixed; undefined where none is. */
  readonly fixed: string | undefined;
  /** True when an advisory has no fixed version yet. */
  readonly isFixedInPart: boolean;
  readonly places: readonly ShownPlace[];
  readonly paths: readonly (readonly string[])[];
}

/** The affected packages in the order of their worst finding, which is that of the findings. */
export function affectedPackages(findings: readonly CheckedFinding[]): AffectedPackage[] {
  const groups = new Map<string, CheckedFinding[]>();
  for (const item of findings) {
    if (!isAdvisoryFinding(item.finding)) continue;
    const { ecosystem, name, version } = item.finding.package;
    const key = `${ecosystem}\n${packageKey(name, version)}`;
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return [...groups.values()].flatMap((group) => {
    const affected = affectedPackage(group);
    return affected === undefined ? [] : [affected];
  });
}

function affectedPackage(group: readonly CheckedFinding[]): AffectedPackage | undefined {
  const advisories = group.map(({ finding }) => finding).filter(isAdvisoryFinding);
  const [first] = advisories;
  const [placed] = group;
  if (first === undefined || placed === undefined) return undefined;
  const fixed = advisories.flatMap(({ match }) => match.fixed ?? []);
  return {
    name: first.package.name,
    version: first.package.version,
    severity: worstSeverity(advisories.map(({ severity }) => severity)) ?? first.severity,
    isMalware: advisories.some(({ kind }) => kind === 'malware'),
    isExploited: advisories.some(isExploited),
    isDevelopmentOnly: isDevelopmentOnly(first.scopes),
    isNeverImported: isNeverImported(first),
    direct: first.direct,
    advisories,
    remedies: bestRemedies(group.flatMap(({ remedies }) => remedies)),
    written: placed.written,
    fixed: fixed.toSorted((a, b) => placed.versions.compare(a, b)).at(-1),
    isFixedInPart: fixed.length < advisories.length,
    places: placed.places,
    paths: first.paths,
  };
}

function bestRemedies(remedies: readonly PlacedRemedy[]): PlacedRemedy[] {
  const gentle = mostClearing(remedies.filter(({ remedy }) => !remedy.breaking));
  const breaking = mostClearing(remedies.filter(({ remedy }) => remedy.breaking));
  if (gentle === undefined) return breaking === undefined ? [] : [breaking];
  const isWorthIt = breaking !== undefined && breaking.remedy.clears.length > gentle.remedy.clears.length;
  return isWorthIt ? [gentle, breaking] : [gentle];
}

function mostClearing(remedies: readonly PlacedRemedy[]): PlacedRemedy | undefined {
  let best: PlacedRemedy | undefined;
  for (const item of remedies) {
    if (best === undefined || item.remedy.clears.length > best.remedy.clears.length) best = item;
  }
  return best;
}
