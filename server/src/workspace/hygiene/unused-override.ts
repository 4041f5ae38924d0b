import type { OverrideMeaning } from '../../core/transitive-dialect.ts';
import type { ProjectView } from '../snapshot.ts';

type Project = Pick<ProjectView, 'installed' | 'assessment' | 'manifests' | 'ecosystem'>;

/**
 * True when a lockfile has no package that a rule could be for. A package under another name, or a rule for a member, may
 * be what is meant: then nothing is certain.
 */
export function matchesNothing({ path }: OverrideMeaning, project: Project): boolean {
  const { lockfile } = project.installed;
  const { entriesOf } = project.assessment.transitive;
  const target = path.at(-1);
  if (target === undefined || lockfile.aliases === undefined) return false;
  if (path.some(({ name }) => lockfile.aliases?.has(name))) return false;
  const isAsked = lockfile.importers.some(({ dependencies }) => dependencies.some(({ name }) => name === target.name));
  if (isAsked) return false;
  if (entriesOf(target.name).length === 0) return true;
  const parents = path.slice(0, -1);
  const members = new Set(project.manifests.map(({ manifest }) => manifest.name));
  return !parents.some(({ name }) => members.has(name)) && parents.some((parent) => !isInstalled(parent, project));
}

function isInstalled({ name, range }: OverrideMeaning['path'][number], project: Project): boolean {
  const { entries } = project.installed.lockfile;
  const { versions } = project.ecosystem;
  return project.assessment.transitive.entriesOf(name).some((index) => {
    const entry = entries[index];
    return range === undefined || entry?.source !== 'registry' || versions.satisfies(entry.version, range);
  });
}
