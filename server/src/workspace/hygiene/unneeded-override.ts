import type { LockEntry } from '../../core/lockfile.ts';
import type { OverrideMeaning } from '../../core/transitive-dialect.ts';
import { subjectOf } from '../installed-packages.ts';
import type { ProjectView } from '../snapshot.ts';

type Project = Pick<ProjectView, 'installed' | 'assessment' | 'manifests' | 'ecosystem' | 'knowledge' | 'policy'>;

/**
 * True when whatever asks for a package asks for no more than its rule forces, so that the rule changes nothing. Only for
 * rules for all, and only where the registry has told the range of each that asks: of what is not known nothing is said.
 */
export function isUnneeded({ path, forces }: OverrideMeaning, project: Project): boolean {
  const [target] = path;
  if (path.length !== 1 || target === undefined || target.range !== undefined || forces === undefined) return false;
  if (project.installed.lockfile.aliases?.has(target.name) !== false) return false;
  const asked = [...rangesOfMembers(target.name, project), ...rangesOfPackages(target.name, project)];
  const { versions } = project.ecosystem;
  return asked.length > 0 && asked.every((range) => range !== undefined && versions.isWithin(range, forces));
}

function rangesOfMembers(name: string, { manifests }: Project): (string | undefined)[] {
  const lines = manifests.flatMap(({ manifest }) => manifest.dependencies).filter((line) => line.name === name);
  return lines.map(({ specifier }) => (specifier.kind === 'range' ? specifier.range : undefined));
}

function rangesOfPackages(name: string, project: Project): (string | undefined)[] {
  const { lockfile, routes } = project.installed;
  const parents = new Set(
    project.assessment.transitive.entriesOf(name).flatMap((index) => [...routes.parentsOf(index)]),
  );
  return [...parents].flatMap((index) => {
    const entry = lockfile.entries[index];
    return entry === undefined || entry.source === 'workspace' ? [] : [rangeAskedBy(entry, name, project)];
  });
}

/** Undefined where nobody has told it. */
function rangeAskedBy(entry: LockEntry, name: string, { ecosystem, policy, knowledge }: Project): string | undefined {
  if (entry.source !== 'registry') return undefined;
  const answer = knowledge.registryPackage(subjectOf(entry, ecosystem, policy));
  const version = answer.known ? answer.value.versions.find((item) => item.version === entry.version) : undefined;
  if (version === undefined) return undefined;
  const { dependencies, optionalDependencies } = version.needs;
  const asked = [optionalDependencies, dependencies, version.peerDependencies].find((all) => Object.hasOwn(all, name));
  const request = ecosystem.transitive.request(name, asked?.[name] ?? '');
  return request?.kind === 'range' && request.packageName === name && request.wanted !== ''
    ? request.wanted
    : undefined;
}
