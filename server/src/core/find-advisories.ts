import type { AdvisoryDatabase } from './advisory-database.ts';
import type { Advisory, AdvisoryMatch } from './advisory.ts';
import { matchAdvisories } from './match-advisories.ts';
import { mergeAliases } from './merge-aliases.ts';
import type { PackageId } from './package.ts';
import type { VersionScheme } from './version-scheme.ts';

/** The advisories of a database that affect one package version, aliases merged, worst first. */
export function findAdvisories(
  database: AdvisoryDatabase,
  installed: PackageId,
  versions: VersionScheme,
): AdvisoryMatch[] {
  const candidates = database.affected(installed.ecosystem, installed.name);
  if (candidates.length === 0) return [];
  const matches = matchAdvisories(installed.version, candidates, versions);
  if (matches.length === 0) return [];
  return mergeAliases(
    installed.version,
    matches.map(({ id, affected }) => ({ advisory: database.advisory(id) ?? bareAdvisory(id), affected })),
    versions,
  );
}

/** What is left to say of an advisory whose text is missing. Leaving it out would look like safety. */
function bareAdvisory(id: string): Advisory {
  const malware = id.startsWith('MAL-');
  return {
    id,
    kind: malware ? 'malware' : 'vulnerability',
    aliases: [],
    modified: '',
    published: undefined,
    summary: 'no description',
    severity: malware ? 'malware' : 'unknown',
    cvss: undefined,
    cwes: [],
    references: [],
  };
}
