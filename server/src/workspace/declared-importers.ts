import type { ImporterDependency, Lockfile } from '../core/lockfile.ts';
import type { Manifest } from '../core/manifest.ts';

/**
 * A lockfile that does not say what its root asks for (package-lock v1), completed by the root's manifest: a line of it
 * means the entry of its name at the top level. Any other lockfile as it is.
 */
export function withDeclaredImporters(
  lockfile: Lockfile,
  manifests: readonly { readonly importer: string | undefined; readonly manifest: Manifest }[],
): Lockfile {
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
