import type { Importer, ImporterDependency, LockEntry, Lockfile, MemberManifest } from '../core/lockfile.ts';

/** True when a lockfile does not say what its members ask for, or for what: their manifests do. */
export function isSilentOnImporters({ topLevel, completedBy }: Lockfile): boolean {
  return topLevel !== undefined || completedBy !== undefined;
}

/**
 * A lockfile that does not say what its members ask for, completed by their manifests. For package-lock v1 a line of the
 * root's manifest means the entry of its name at the top level. Any other lockfile as it is.
 */
export function withDeclaredImporters(lockfile: Lockfile, manifests: readonly MemberManifest[]): Lockfile {
  if (lockfile.completedBy !== undefined) return lockfile.completedBy(manifests);
  const { topLevel } = lockfile;
  const root = manifests.find(({ importer }) => importer === '.');
  if (topLevel === undefined || root === undefined) return lockfile;
  const dependencies = root.manifest.dependencies.map(({ name, scope }): ImporterDependency => ({
    name,
    scope,
    specifier: undefined,
    entry: topLevel.get(name) ?? -1,
  }));
  return { ...lockfile, importers: [{ path: '.', dependencies }] };
}

/** True when two readings of one lockfile have the same importers, entries and edges. */
export function isSameGraph(a: Lockfile, b: Lockfile): boolean {
  return (
    a.importers.length === b.importers.length &&
    a.entries.length === b.entries.length &&
    a.importers.every((importer, index) => isSameImporter(importer, b.importers[index])) &&
    a.entries.every((entry, index) => isSameEntry(entry, b.entries[index]))
  );
}

function isSameImporter(a: Importer, b: Importer | undefined): boolean {
  return (
    a.path === b?.path &&
    a.dependencies.length === b.dependencies.length &&
    a.dependencies.every((item, index) => {
      const other = b.dependencies[index];
      const isSameLine = item.name === other?.name && item.scope === other.scope;
      return isSameLine && item.entry === other.entry && item.specifier === other.specifier;
    })
  );
}

function isSameEntry(a: LockEntry, b: LockEntry | undefined): boolean {
  if (a === b) return true;
  if (a.name !== b?.name || a.scopes !== b.scopes || a.edges.length !== b.edges.length) return false;
  return a.edges === b.edges || a.edges.every((edge, index) => edge === b.edges[index]);
}
