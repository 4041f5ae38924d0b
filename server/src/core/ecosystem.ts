import type { AgeGate, GateExclusion, ReleaseName } from './age-gate.ts';
import type { ImportDialect } from './import-use.ts';
import type { LockText } from './lock-text.ts';
import type { Lockfile } from './lockfile.ts';
import type { Dependency, Manifest } from './manifest.ts';
import type { Files, HttpRequest } from './ports.ts';
import type { ProjectLayout } from './project.ts';
import type { RegistryPackage, Release } from './registry-package.ts';
import type { RegistryPolicy } from './registry-policy.ts';
import type { Parsed, Span } from './span.ts';
import type { TransitiveDialect } from './transitive-dialect.ts';
import type { VersionScheme } from './version-scheme.ts';

/** All there is to know of one ecosystem. A folder below `ecosystems/` makes one. */
export interface Ecosystem {
  readonly id: string;
  readonly purlType: string;
  /** The ecosystem's name in OSV records. */
  readonly osvName: string;
  /** File names of manifests, lockfiles and registry configurations. */
  readonly manifestNames: readonly string[];
  readonly lockfileNames: readonly string[];
  readonly configNames: readonly string[];
  readonly versions: VersionScheme;
  readonly registry: RegistryProtocol;
  /** The projects below a folder, or the one that holds a file. Never looks inside installed packages. */
  discover(files: Files, path: string, options: DiscoverOptions): Promise<readonly ProjectLayout[]>;
  parseManifest(path: string, text: string): Parsed<Manifest>;
  parseLockfile(path: string, text: string): Parsed<Lockfile>;
  /** How a lockfile's text is read around a place while the editor holds it. */
  lockText(path: string): LockText;
  readPolicy(files: Files, layout: ProjectLayout, options: PolicyOptions): Promise<RegistryPolicy>;
  /** The replacement text for a dependency's line that asks for `version`; undefined when its form cannot be changed so. */
  setVersion(dependency: Dependency, version: string): { readonly span: Span; readonly newText: string } | undefined;
  /** The edit that lets a version through the age gate; undefined where no document of the project could say so. */
  letThrough(gate: AgeGate, release: ReleaseName): GateExclusion | undefined;
  /** How what others bring in is changed. */
  readonly transitive: TransitiveDialect;
  /** How sources name what they import. */
  readonly imports: ImportDialect;
}

export interface DiscoverOptions {
  /** Never look above this folder (the opened workspace folder); undefined looks up to the file system's root. */
  readonly ceiling: string | undefined;
  /** True for paths to leave out. */
  readonly exclude: (path: string) => boolean;
}

export interface PolicyOptions {
  /** False keeps the workspace's own files from choosing a host. They still withhold names. */
  readonly trusted: boolean;
  /** The user's own configuration file; undefined when there is none. */
  readonly userConfigPath: string | undefined;
  /** More of the user's own files that hold settings of package managers. */
  readonly userSettingsPaths?: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The base URL to ask in place of the public registry's, for mirrors and tests. The identity stays the public one's. */
  readonly publicRegistryHost: string | undefined;
}

/** How a registry is asked for a package, and what it answers. */
export interface RegistryProtocol {
  /** The base URL of the public registry, with a slash at its end. */
  readonly publicBase: string;
  request(base: string, name: string): HttpRequest;
  /** The page of a package version for people. */
  page(name: string, version: string): string;
  decode(name: string, body: string): Parsed<RegistryPackage | undefined>;
  readonly releases: ReleaseProtocol;
}

/** How a registry is asked for one version: a hundredth of the document of all versions, or less. */
export interface ReleaseProtocol {
  request(base: string, name: string, version: string): HttpRequest;
  /** The short document of all versions, for registries that tell less of one. */
  shortRequest(base: string, name: string): HttpRequest;
  /** Reads either document; undefined when it is another package's or cannot be read, `missing` without this version. */
  decode(name: string, version: string, body: string): Release | 'missing' | undefined;
  attestationsRequest(base: string, name: string, version: string): HttpRequest;
}
