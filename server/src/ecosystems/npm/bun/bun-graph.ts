import type { CatalogEntry, Importer, Lockfile } from '../../../core/lockfile.ts';
import type { BunPackages } from './bun-packages.ts';
import type { BunRequests } from './bun-tuple.ts';
import type { BunCatalogEntry, BunMember } from './bun-workspaces.ts';
import { NodeModulesTree } from '../lockfile/node-modules-tree.ts';
import { spreadScopes } from '../lockfile/spread-scopes.ts';

/** Connects what was read of a bun.lock: who brings in what, what members ask for, and why a package is installed. */
export function connectBunGraph(
  packages: BunPackages,
  members: readonly BunMember[],
  catalogs: readonly BunCatalogEntry[],
): Pick<Lockfile, 'entries' | 'importers' | 'catalogs' | 'aliases'> {
  const { tree } = packages;
  const importers = members.map((member) => importerOf(packages, member));
  const required = connectEntries(packages, members);
  spreadScopes(tree.entries, importers, required);
  const resolved = resolveCatalogs(catalogs, importers, tree.entries);
  return { entries: tree.entries, importers, catalogs: resolved, aliases: tree.aliases() };
}

function importerOf(packages: BunPackages, member: BunMember): Importer {
  const { tree, table } = packages;
  const node = nodeOf(packages, member);
  return {
    path: member.path === '' ? '.' : member.path,
    dependencies: member.dependencies.map((dependency) => {
      const { name } = dependency;
      return { ...dependency, entry: tree.resolve(node, table.intern(name, 0, name.length)) };
    }),
  };
}

/** Where a member's own node_modules hang: below its name, wherever its folder lies. */
function nodeOf({ tree, table, nodes, members }: BunPackages, { path, name }: BunMember): number {
  if (path === '') return NodeModulesTree.root;
  const node = nodes[members.get(path) ?? -1];
  if (node !== undefined) return node;
  return name === undefined
    ? NodeModulesTree.root
    : tree.child(NodeModulesTree.root, table.intern(name, 0, name.length));
}

/** Gives each entry its edges, and says how many of them are not optional: those come first. */
function connectEntries(packages: BunPackages, members: readonly BunMember[]): readonly (number | undefined)[] {
  const { tree, nodes } = packages;
  const requests = [...packages.requests];
  for (const member of members) {
    const index = packages.members.get(member.path) ?? -1;
    const entry = tree.entries[index];
    if (entry === undefined) continue;
    entry.version = member.version ?? '';
    requests[index] = memberRequests(packages, member);
  }
  const required: (number | undefined)[] = [];
  // The last entry that was given an edge to each entry, so that none is given twice.
  const lastFrom = new Int32Array(tree.entries.length).fill(-1);
  requests.forEach((asked, index) => {
    const entry = tree.entries[index];
    if (asked === undefined || entry === undefined) return;
    const edges: number[] = [];
    const add = (name: number): void => {
      const target = tree.resolve(nodes[index] ?? -1, name);
      if (target === -1 || lastFrom[target] === index) return;
      lastFrom[target] = index;
      edges.push(target);
    };
    asked.required.forEach(add);
    required[index] = edges.length;
    asked.optional.forEach(add);
    if (edges.length > 0) entry.edges = edges;
  });
  return required;
}

/** A member does not pass its development dependencies on to what depends on it. */
function memberRequests({ table }: BunPackages, { dependencies }: BunMember): BunRequests {
  const required: number[] = [];
  const optional: number[] = [];
  for (const { name, scope } of dependencies) {
    if (scope === 'dev') continue;
    (scope === 'optional' ? optional : required).push(table.intern(name, 0, name.length));
  }
  return { required, optional };
}

/** The version that a catalog's range came to is that of any member that points at it. */
function resolveCatalogs(
  catalogs: readonly BunCatalogEntry[],
  importers: readonly Importer[],
  entries: Lockfile['entries'],
): CatalogEntry[] {
  if (catalogs.length === 0) return [];
  const versions = new Map<string, string>();
  for (const { dependencies } of importers) {
    for (const { name, specifier, entry } of dependencies) {
      const version = entries[entry]?.version;
      if (specifier?.startsWith('catalog:') !== true || version === undefined) continue;
      const catalog = specifier.slice('catalog:'.length).trim() || 'default';
      versions.set(`${catalog}\n${name}`, version);
    }
  }
  return catalogs.flatMap((item) => {
    const version = versions.get(`${item.catalog}\n${item.name}`);
    return version === undefined ? [] : [{ ...item, version }];
  });
}
