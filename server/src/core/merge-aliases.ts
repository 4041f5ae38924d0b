import type { Advisory, AdvisoryMatch, Affected } from './advisory.ts';
import { firstFixed } from './affected-versions.ts';
import { compareSeverity } from './severity.ts';
import type { VersionScheme } from './version-scheme.ts';

/** An advisory that affects a version, with what is needed to merge it with others. */
export interface MatchedAdvisory {
  readonly advisory: Advisory;
  readonly affected: readonly Affected[];
}

/**
 * Advisories that affect one version, merged where they speak of the same thing: one is an alias of the other, or both
 * have an alias in common. Worst first.
 *
 * A group with malware in it is malware. Its fixed version is the first that no member holds; of a malware group only
 * the malware's own members count, since the end of a vulnerability says nothing about it.
 */
export function mergeAliases(
  version: string,
  matches: readonly MatchedAdvisory[],
  versions: VersionScheme,
): AdvisoryMatch[] {
  const merged = groupByAlias(matches).map((group) => mergeGroup(version, group, versions));
  return merged.sort(
    (a, b) => compareSeverity(a.advisory.severity, b.advisory.severity) || compareText(a.advisory.id, b.advisory.id),
  );
}

function mergeGroup(version: string, group: readonly MatchedAdvisory[], versions: VersionScheme): AdvisoryMatch {
  const members = [...group].sort((a, b) => compareLabels(a.advisory, b.advisory));
  const malware = members.filter((member) => member.advisory.kind === 'malware');
  const deciding = malware.length > 0 ? malware : members;
  const label = withSeverityOf(
    deciding[0]?.advisory,
    deciding.map((member) => member.advisory),
  );
  const ids = new Set(members.map((member) => member.advisory.id));
  for (const member of members) for (const alias of member.advisory.aliases) ids.add(alias);
  ids.delete(label.id);
  return {
    advisory: label,
    aliases: [...ids].sort((a, b) => labelRank(a) - labelRank(b) || compareText(a, b)),
    fixed: firstFixed(
      deciding.flatMap((member) => member.affected),
      version,
      versions,
    ),
  };
}

/** The labelling advisory; where its source gives no severity, with the worst that another member gives. */
function withSeverityOf(label: Advisory | undefined, group: readonly Advisory[]): Advisory {
  if (label === undefined) throw new Error('an alias group has at least one member');
  if (label.severity !== 'unknown') return label;
  const rated = [...group].sort((a, b) => compareSeverity(a.severity, b.severity))[0] ?? label;
  return { ...label, severity: rated.severity, cvss: rated.cvss };
}

/** Groups connected by ids and aliases, whichever side names the other and however many steps lie between. */
function groupByAlias(matches: readonly MatchedAdvisory[]): MatchedAdvisory[][] {
  const groupOf = new Map<string, MatchedAdvisory[]>();
  const groups = new Set<MatchedAdvisory[]>();
  for (const match of matches) {
    const ids = [match.advisory.id, ...match.advisory.aliases];
    const joined: MatchedAdvisory[] = [match];
    for (const group of new Set(ids.map((id) => groupOf.get(id)))) {
      if (group === undefined) continue;
      groups.delete(group);
      for (const member of group) {
        if (member.advisory.id !== match.advisory.id) joined.push(member);
      }
    }
    groups.add(joined);
    for (const { advisory } of joined) for (const id of [advisory.id, ...advisory.aliases]) groupOf.set(id, joined);
  }
  return [...groups];
}

function compareLabels(a: Advisory, b: Advisory): number {
  return labelRank(a.id) - labelRank(b.id) || compareText(a.id, b.id);
}

const LABEL_ORDER = ['MAL-', 'GHSA-', 'CVE-'];

function labelRank(id: string): number {
  const rank = LABEL_ORDER.findIndex((prefix) => id.startsWith(prefix));
  return rank === -1 ? LABEL_ORDER.length : rank;
}

function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
