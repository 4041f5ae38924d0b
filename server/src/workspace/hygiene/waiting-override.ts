import type { LockEntry } from '../../core/lockfile.ts';
import { IN_BUNDLE } from '../../core/package.ts';
import type { OverrideMeaning } from '../../core/transitive-dialect.ts';
import type { ProjectView } from '../snapshot.ts';

type Project = Pick<ProjectView, 'installed' | 'assessment' | 'ecosystem'>;

/**
 * An entry that a rule would have in another version: the lockfile was not made with the rule. Only of rules for all, or for
 * what one package asks for itself; undefined where the lockfile agrees, and where that is not certain.
 */
export function waitingEntry({ path, forces }: OverrideMeaning, project: Project): LockEntry | undefined {
  const { entries, aliases } = project.installed.lockfile;
  const { entriesOf } = project.assessment.transitive;
  const { versions } = project.ecosystem;
  const [target, parent, ...others] = path.toReversed();
  if (forces === undefined || target === undefined || target.range !== undefined || others.length > 0) return undefined;
  if (aliases === undefined || path.some(({ name }) => aliases.has(name))) return undefined;
  const isStale = (index: number): boolean => {
    const entry = entries[index];
    // What lies in another package's archive is not chosen by anybody.
    if (entry?.source !== 'registry' || (entry.scopes & IN_BUNDLE) !== 0) return false;
    return !versions.satisfies(entry.version, forces);
  };
  const stale = entriesOf(target.name).filter(isStale);
  if (parent === undefined || stale.length === 0) return entries[stale[0] ?? -1];
  const parents = entriesOf(parent.name).flatMap((index) => entries[index] ?? []);
  const asking = parents.filter(
    ({ source, version }) =>
      source === 'registry' && (parent.range === undefined || versions.satisfies(version, parent.range)),
  );
  return entries[stale.find((index) => asking.some(({ edges }) => edges.includes(index))) ?? -1];
}
