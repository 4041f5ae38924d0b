import type { Importer, ImporterDependency, LockEntry, Lockfile, MemberManifest } from '../core/lockfile.ts';
import type { Dependency, Manifest } from '../core/manifest.ts';

/** True when a lockfile does not say what its members ask for, or for what: their manifests do. */
export function isSilentOnImporters({ topLevel, completedBy }: Lockfile): boolean {
  return topLevel !== undefined || completedBy !== undefined;
}

/**
 * A lockfile that does not say what its members ask for, completed by their manifests. For package-lock v1 a line of the
 * root's manifest means the entry of its name at the top level, and one of a member's what its entry brings in. Any other lockfile as it is.
 */
export function withDeclaredImporters(lockfile: Lockfile, manifests: readonly MemberManifest[]): Lockfile {
  if (lockfile.completedBy !== undefined) return lockfile.completedBy(manifests);
  const { topLevel } = lockfile;
  const root = manifests.find(({ importer }) => importer === '.');
  if (topLevel === undefined || root === undefined) return lockfile;
  const members = manifests.filter((manifest) => manifest !== root);
  const importers = [
    importerOf('.', root.manifest, ({ name }) => topLevel.get(name)),
    ...members.flatMap((member) => memberImporter(member, lockfile, topLevel) ?? []),
  ];
  return { ...lockfile, importers };
}

/** A member is installed at the top level under its name, and brings in what its manifest asks for. */
function memberImporter(
  { importer, manifest }: MemberManifest,
  { entries }: Lockfile,
  topLevel: ReadonlyMap<string, number>,
): Importer | undefined {
  const member = entries[topLevel.get(manifest.name ?? '') ?? -1];
  if (importer === undefined || member === undefined || member.source === 'registry') return undefined;
  return importerOf(importer, manifest, ({ packageName }) =>
    member.edges.find((edge) => entries[edge]?.name === packageName),
  );
}

function importerOf(
  path: string,
  { dependencies }: Manifest,
  entryOf: (dependency: Dependency) => number | undefined,
): Importer {
  return {
    path,
    dependencies: dependencies.map((dependency): ImporterDependency => {
      const { name, scope } = dependency;
      return { name, scope, specifier: undefined, entry: entryOf(dependency) ?? -1 };
    }),
  };
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
