import type { Ecosystem } from '../core/ecosystem.ts';
import { EntryPlaces } from '../core/entry-places.ts';
import { RouteFinder } from '../core/explain-path.ts';
import type { Subject } from '../core/knowledge.ts';
import type { Importer, ImporterDependency, LockEntry, Lockfile } from '../core/lockfile.ts';
import { SCOPE_BIT, type PackageSource, type ScopeSet } from '../core/package.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';

/** One name and version that is installed, at however many places. */
export interface InstalledPackage {
  readonly subject: Subject;
  readonly source: PackageSource;
  readonly scopes: ScopeSet;
  /** True when a workspace member names it. */
  readonly direct: boolean;
  /** Indexes into the lockfile's entries. */
  readonly entries: readonly number[];
  /** The registry's message, when the lockfile carries it. */
  readonly deprecated: string | undefined;
}

/** What a lockfile installs. Depends on the lockfile and the registry policy alone, so it is made once for both. */
export interface Installed {
  readonly lockfile: Lockfile;
  /** The lockfile's members by their path. */
  readonly importers: ReadonlyMap<string, Importer>;
  readonly routes: RouteFinder;
  readonly places: EntryPlaces;
  readonly packages: readonly InstalledPackage[];
  /** The index into `packages` of each lockfile entry; -1 for entries without a version. */
  readonly packageOf: Int32Array;
  /** By {@link catalogKey} of the specifier as the lockfile writes it: a member that points at that catalog entry. */
  readonly catalogUsers: ReadonlyMap<string, { readonly importer: Importer; readonly resolved: ImporterDependency }>;
}

export function catalogKey(catalog: string, name: string): string {
  return `${catalog}\n${name}`;
}

interface Draft {
  readonly subject: Subject;
  readonly source: PackageSource;
  readonly entries: number[];
  scopes: ScopeSet;
  direct: boolean;
  deprecated: string | undefined;
}

/** Collects the packages of a lockfile, one for each name, version, registry and kind of source. */
export function listInstalled(lockfile: Lockfile, ecosystem: Ecosystem, policy: RegistryPolicy): Installed {
  const routes = new RouteFinder(lockfile);
  const tools = new Set(lockfile.tools);
  const packageOf = new Int32Array(lockfile.entries.length).fill(-1);
  const drafts: Draft[] = [];
  const indexes = new Map<string, number>();
  lockfile.entries.forEach((entry, index) => {
    if (entry.name === '' || entry.source === 'workspace') return;
    const key = `${entry.name}\n${entry.version}\n${entry.source}\n${entry.registry ?? ''}`;
    let at = indexes.get(key);
    if (at === undefined) {
      at = drafts.length;
      indexes.set(key, at);
      drafts.push(draftOf(entry, ecosystem, policy));
    }
    packageOf[index] = at;
    const draft = drafts[at];
    if (draft === undefined) return;
    draft.entries.push(index);
    draft.scopes |= tools.has(index) ? SCOPE_BIT.tool : entry.scopes;
    draft.direct ||= routes.isDirect(index);
    draft.deprecated ??= entry.deprecated;
  });
  return {
    lockfile,
    importers: new Map(lockfile.importers.toReversed().map((importer) => [importer.path, importer])),
    routes,
    places: new EntryPlaces(lockfile.entries),
    packages: drafts,
    packageOf,
    catalogUsers: catalogUsersOf(lockfile),
  };
}

function draftOf(entry: LockEntry, ecosystem: Ecosystem, policy: RegistryPolicy): Draft {
  return {
    subject: subjectOf(entry, ecosystem, policy),
    source: entry.source,
    entries: [],
    scopes: 0,
    direct: false,
    deprecated: undefined,
  };
}

/** Who is asked about a package, and what may be said of it. An entry without a registry belongs to its scope's. */
export function subjectOf(
  entry: Pick<LockEntry, 'name' | 'version' | 'integrity' | 'registry'>,
  ecosystem: Ecosystem,
  policy: RegistryPolicy,
): Subject {
  const registry = policy.registryOf(entry.name);
  const withheld = policy.withheld(entry.name, entry.registry);
  const isElsewhere = withheld !== undefined && entry.registry !== undefined && entry.registry !== registry;
  return {
    ecosystem: ecosystem.id,
    name: entry.name,
    version: entry.version,
    integrity: entry.integrity,
    registry,
    isPublicRegistry: registry === ecosystem.registry.publicBase && withheld === undefined,
    withheld,
    ...(isElsewhere && { downloadedFrom: hostOf(entry.registry) }),
  };
}

function hostOf(address: string): string | undefined {
  return URL.canParse(address) ? new URL(address).host : undefined;
}

/** By name: why no public service may hear of a package that is installed, in whichever version it is asked about. */
export function privateNames({ packages }: Installed): ReadonlyMap<string, string> {
  const reasons = new Map<string, string>();
  for (const { subject, source } of packages) {
    const reason = subject.withheld ?? (source === 'registry' ? undefined : 'it is not installed from a registry');
    if (reason !== undefined) reasons.set(subject.name, reason);
  }
  return reasons;
}

function catalogUsersOf(lockfile: Lockfile): Installed['catalogUsers'] {
  const users = new Map<string, { importer: Importer; resolved: ImporterDependency }>();
  for (const importer of lockfile.importers) {
    for (const resolved of importer.dependencies) {
      if (resolved.specifier?.startsWith('catalog:') !== true) continue;
      const key = catalogKey(resolved.specifier, resolved.name);
      if (!users.has(key)) users.set(key, { importer, resolved });
    }
  }
  return users;
}
