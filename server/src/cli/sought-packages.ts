import type { AdvisoryRecord, Affected } from '../core/advisory.ts';
import { intervalsHolding } from '../core/affected-versions.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import type { SoughtPackages } from '../workspace/exposure.ts';
import { UsageError } from './usage-error.ts';

/** What somebody asks about, in words and as what a lockfile can be searched for. */
export interface Sought {
  /** `GHSA-…`, or `name@range` as it was given. */
  readonly id: string;
  readonly aliases: readonly string[];
  readonly summary: string;
  /** For one ecosystem; undefined where it names no package of it. */
  readonly inEcosystem: (ecosystem: Ecosystem) => SoughtPackages | undefined;
}

/** `name@range`, or undefined for what is no such thing. */
export function soughtByName(text: string, ecosystems: readonly Ecosystem[]): Sought | undefined {
  const [, name, range] = /^((?:@[^/@\s]+\/)?[^/@\s]+)@(\S.*)$/.exec(text) ?? [];
  if (name === undefined || range === undefined) return undefined;
  const fitting = ecosystems.filter(({ versions }) => versions.isVersion(range) || versions.isRange(range));
  if (fitting.length === 0) throw new UsageError(`"${range}" is neither a version nor a range`);
  return {
    id: text,
    aliases: [],
    summary: '',
    inEcosystem: ({ versions }) => ({
      names: [name],
      isAffected: (_, version) => version === range || versions.satisfies(version, range),
    }),
  };
}

/** All records of an advisory together. */
export function soughtByRecords(id: string, records: readonly AdvisoryRecord[]): Sought {
  const live = records.filter(({ withdrawn }) => withdrawn === undefined);
  const advisories = live.map(({ advisory }) => advisory);
  const labelled = advisories.find((advisory) => advisory.id === id) ?? advisories[0];
  const ids = new Set(advisories.flatMap((advisory) => [advisory.id, ...advisory.aliases]));
  ids.delete(id);
  return {
    id,
    aliases: [...ids],
    summary: labelled?.summary ?? '',
    inEcosystem: ({ osvName, versions }) => {
      const named = live.flatMap(({ affected }) => affected).filter(({ ecosystem }) => ecosystem === osvName);
      const entries = Map.groupBy(named, ({ name }): string => name);
      if (entries.size === 0) return undefined;
      return {
        names: [...entries.keys()],
        isAffected: (name, version) => {
          const affected: readonly Affected[] = entries.get(name) ?? [];
          return intervalsHolding(affected, version, versions).length > 0;
        },
      };
    },
  };
}
