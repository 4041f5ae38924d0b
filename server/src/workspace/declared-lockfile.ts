import type { Ecosystem } from '../core/ecosystem.ts';
import type { Knowledge } from '../core/knowledge.ts';
import {
  ownsCatalogs,
  type ImporterDependency,
  type LockEntry,
  type Lockfile,
  type MemberManifest,
} from '../core/lockfile.ts';
import type { Dependency } from '../core/manifest.ts';
import { SCOPE_BIT, type PackageSource } from '../core/package.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { highestFitting } from './highest-fitting.ts';
import { catalogKey } from './installed-packages.ts';

/** The format of a lockfile that stands in for a missing one. */
export const DECLARED = 'no lockfile';

/**
 * What would be installed where no lockfile says so: for each declared dependency the highest published version inside
 * its range, as far as the registry's answer is known. Direct dependencies only.
 */
export function declaredLockfile(
  manifests: readonly MemberManifest[],
  ecosystem: Ecosystem,
  knowledge: Knowledge,
  policy: RegistryPolicy,
): Lockfile {
  const entries: LockEntry[] = [];
  const catalogs = catalogLines(manifests);
  const importers = manifests.flatMap(({ importer, manifest }) => {
    if (importer === undefined) return [];
    const lines = manifest.dependencies.filter(({ catalog }) => catalog === undefined);
    const dependencies = lines.map((dependency): ImporterDependency => {
      const { name, scope, specifier } = dependency;
      const isCatalog = specifier.kind === 'catalog';
      const asked = (isCatalog ? catalogs.get(catalogKey(specifier.catalog, name)) : undefined) ?? dependency;
      const version = highestInRange(asked, ecosystem, knowledge, policy);
      const entry = entries.push({ ...entryOf(asked, version), scopes: SCOPE_BIT[scope] }) - 1;
      return { name, scope, specifier: isCatalog ? dependency.written.trim() : undefined, entry };
    });
    return [{ path: importer, dependencies }];
  });
  return { format: DECLARED, entries, importers, catalogs: [], tools: [] };
}

function catalogLines(manifests: readonly MemberManifest[]): ReadonlyMap<string, Dependency> {
  const lines = manifests
    .filter(({ importer }) => ownsCatalogs(importer))
    .flatMap(({ manifest }) => manifest.dependencies)
    .flatMap((line) => (line.catalog === undefined ? [] : [[catalogKey(line.catalog, line.name), line] as const]));
  return new Map(lines);
}

function highestInRange(
  dependency: Dependency,
  ecosystem: Ecosystem,
  knowledge: Knowledge,
  policy: RegistryPolicy,
): string {
  const { specifier } = dependency;
  if (specifier.kind !== 'range' && specifier.kind !== 'tag') return '';
  const name = dependency.packageName;
  const answer = knowledge.registryPackage({ ecosystem: ecosystem.id, name, registry: policy.registryOf(name) });
  if (!answer.known) return '';
  const { tags } = answer.value;
  if (specifier.kind === 'tag') return Object.hasOwn(tags, specifier.tag) ? (tags[specifier.tag] ?? '') : '';
  return highestFitting(answer.value, specifier.range, ecosystem.versions)?.version ?? '';
}

/** True for a line that means no package of a registry: its name is none, or its protocol is of another world (`jsr:`). */
export function isForeign({ specifier }: Dependency): boolean {
  return specifier.kind === 'invalid' && specifier.range === undefined;
}

const SOURCES: Readonly<Record<Dependency['specifier']['kind'], PackageSource>> = {
  range: 'registry',
  tag: 'registry',
  catalog: 'registry',
  invalid: 'registry',
  git: 'git',
  tarball: 'tarball',
  file: 'file',
  link: 'link',
  workspace: 'workspace',
};

function entryOf(dependency: Dependency, version: string): LockEntry {
  return {
    name: isForeign(dependency) ? '' : dependency.packageName,
    version,
    source: SOURCES[dependency.specifier.kind],
    registry: undefined,
    integrity: undefined,
    deprecated: undefined,
    hasInstallScript: false,
    scopes: SCOPE_BIT[dependency.scope],
    start: 0,
    end: 0,
    edges: [],
  };
}
