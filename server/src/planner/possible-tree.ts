import type { Lockfile } from '../core/lockfile.ts';
import type { RegistryPackage, RegistryVersion } from '../core/registry-package.ts';
import type { RegistryRequest } from '../core/transitive-dialect.ts';
import type { VersionScheme } from '../core/version-scheme.ts';

/** What a tree is made of. */
export interface TreeSource {
  readonly lockfile: Lockfile;
  /** Indexes of lockfile entries by the name in the registry. */
  readonly entriesOf: (name: string) => readonly number[];
  /** Undefined when the registry has not been asked, or has no such package. */
  readonly registryPackage: (name: string) => RegistryPackage | undefined;
  /** {@link freshVersions}, remembered: trees ask for the same again and again. */
  readonly fresh: (request: RegistryRequest, registry: RegistryPackage) => readonly string[];
  readonly request: (name: string, specifier: string) => RegistryRequest | undefined;
  readonly versions: VersionScheme;
  /** True for names that no public service may hear. */
  readonly isWithheld: (name: string) => boolean;
  /** True for names whose version a rule of the project decides, whatever is asked for. */
  readonly isOverridden: (name: string) => boolean;
}

export interface NamedVersion {
  readonly name: string;
  readonly version: string;
}

/** Everything that may be installed for some versions, whichever way a package manager takes. */
export interface PossibleTree {
  /** Versions that are not in the lockfile, the roots among them. */
  readonly added: readonly NamedVersion[];
  /** Lockfile entries that may be used again. What they bring in is not followed. */
  readonly reused: ReadonlySet<number>;
  /** Packages that must be looked up before anything can be said. */
  readonly missing: readonly string[];
  /** Why nothing can be said, however much is looked up. */
  readonly trouble: string | undefined;
}

const MAX_ADDED = 200;

/**
 * Package managers differ in what they take: what is installed already, the latest tag, or the highest version. All of these
 * are followed, so that a tree without an affected version is without it whoever resolves it. Nothing is run.
 */
export function possibleTree(roots: readonly NamedVersion[], source: TreeSource): PossibleTree {
  const walk = new Walk(source);
  for (const root of roots) walk.take(root);
  for (const version of walk.added) {
    if (walk.trouble !== undefined) break;
    if (walk.added.length > MAX_ADDED) walk.trouble = 'it brings in too many packages to look at';
    else walk.follow(version);
  }
  return walk;
}

/** {@link freshVersions} for one state of the registry. */
export function rememberFresh(versions: VersionScheme): TreeSource['fresh'] {
  const known = new Map<string, readonly string[]>();
  return (request, registry) => {
    const key = `${registry.name}\n${request.kind}\n${request.wanted}`;
    const found = known.get(key) ?? freshVersions(request, registry, versions);
    known.set(key, found);
    return found;
  };
}

/** The versions that a package manager may fetch for a request, without those that are deprecated if there are others. */
function freshVersions(
  { kind, wanted }: RegistryRequest,
  registry: RegistryPackage,
  versions: VersionScheme,
): readonly string[] {
  const tagged = (tag: string): string | undefined =>
    Object.hasOwn(registry.tags, tag) ? registry.tags[tag] : undefined;
  const latest = tagged(kind === 'tag' ? wanted : 'latest');
  if (kind === 'tag') return latest === undefined ? [] : [latest];
  const inRange = registry.versions.filter(({ version }) => versions.satisfies(version, wanted));
  const highest = inRange.at(-1);
  const maintained = inRange.findLast(({ deprecated }) => deprecated === undefined);
  const found = [highest, maintained, inRange.find(({ version }) => version === latest)];
  return [...new Set(found.flatMap((item) => item?.version ?? []))];
}

class Walk implements PossibleTree {
  readonly added: NamedVersion[] = [];
  readonly reused = new Set<number>();
  trouble: string | undefined;
  readonly #missing = new Set<string>();
  readonly #seen = new Set<string>();
  readonly #source: TreeSource;

  constructor(source: TreeSource) {
    this.#source = source;
  }

  get missing(): readonly string[] {
    return [...this.#missing];
  }

  take({ name, version }: NamedVersion): void {
    const key = `${name}@${version}`;
    if (this.#seen.has(key)) return;
    this.#seen.add(key);
    const { lockfile, entriesOf } = this.#source;
    const installed = entriesOf(name).filter((entry) => lockfile.entries[entry]?.version === version);
    for (const entry of installed) this.reused.add(entry);
    if (installed.length === 0) this.added.push({ name, version });
  }

  follow({ name, version }: NamedVersion): void {
    const registry = this.#source.registryPackage(name);
    const found = registry?.versions.find((candidate) => candidate.version === version);
    if (registry === undefined) this.#missing.add(name);
    else if (found === undefined) this.trouble = `${name} ${version} is not published`;
    else if (found.needs.hasBundled) this.trouble = `${name} ${version} ships other packages inside itself`;
    else for (const [asked, specifier] of requestsOf(found)) this.#request(asked, specifier, name);
  }

  #request(asked: string, specifier: string, by: string): void {
    const request = this.#source.request(asked, specifier);
    if (request === undefined) {
      this.trouble = `${by} asks for ${asked} from outside the registry`;
      return;
    }
    const { isWithheld, entriesOf } = this.#source;
    // What only a private package names may be private as well.
    if (isWithheld(by) && entriesOf(request.packageName).length === 0) {
      this.trouble = `${by} is private, and asks for ${asked}, which is not installed`;
      return;
    }
    this.#reuse(request);
    const registry = this.#source.registryPackage(request.packageName);
    if (registry === undefined) {
      this.#missing.add(request.packageName);
      return;
    }
    for (const version of this.#source.fresh(request, registry)) {
      this.take({ name: request.packageName, version });
    }
  }

  #reuse({ packageName, kind, wanted }: RegistryRequest): void {
    const { lockfile, entriesOf, versions, isOverridden } = this.#source;
    const isAny = kind === 'tag' || isOverridden(packageName);
    for (const entry of entriesOf(packageName)) {
      if (isAny || versions.satisfies(lockfile.entries[entry]?.version ?? '', wanted)) this.reused.add(entry);
    }
  }
}

/** All that is installed with a version: peers too, which package managers install where nobody else does. */
export function requestsOf({ needs, peerDependencies }: RegistryVersion): [string, string][] {
  const peers = Object.entries(peerDependencies).filter(([name]) => !needs.optionalPeers.includes(name));
  return [...Object.entries(needs.dependencies), ...Object.entries(needs.optionalDependencies), ...peers];
}
