import type { PackageSource } from '../../../core/package.ts';
import { classifyResolved, tarballVersion } from '../lockfile/resolved-source.ts';
import { copyOf } from '../lockfile/string-table.ts';

/** What `packages` says of a name and version besides its integrity, where it says more. */
export interface PnpmDetails {
  tarball: string | undefined;
  deprecated: string | undefined;
  /** Written where the key holds a URL or a path in its place. */
  version: string | undefined;
  /** `git`, `directory`, `binary`, …; undefined for tarballs. */
  type: string | undefined;
  hasInstallScript: boolean;
}

/** Which package a key of `snapshots` is. */
export interface PnpmIdentity {
  readonly version: string;
  readonly source: PackageSource;
  readonly registry: string | undefined;
}

/** `reference` is what follows the name in a key, a version, URL or path; `details` what `packages` says of it. */
export function identifyPackage(reference: string, name: string, details: PnpmDetails | undefined): PnpmIdentity {
  if (reference === '') return { version: details?.version ?? '', source: 'registry', registry: undefined };
  const first = reference.charCodeAt(0);
  if (first >= ZERO && first <= NINE) {
    const registry = details?.tarball === undefined ? undefined : registryOf(details.tarball, name);
    return { version: copyOf(reference, 0, reference.length), source: 'registry', registry };
  }
  if (reference.startsWith(RUNTIME)) {
    const version = details?.version ?? copyOf(reference, RUNTIME.length, reference.length);
    return { version, source: 'tarball', registry: undefined };
  }
  const origin = classifyResolved(reference, name);
  const version = details?.version ?? (origin.source === 'registry' ? tarballVersion(reference, name) : '');
  if (details?.type === 'git') return { version, source: 'git', registry: undefined };
  if (details?.type === 'directory') return { version, source: 'file', registry: undefined };
  return { version, source: origin.source, registry: origin.registry };
}

/** The key that a dependency means. */
export function keyOf(name: string, version: string): string {
  return isWholeKey(version) ? version : `${name}@${version}`;
}

/** True when a dependency's version is the key of a package of another name: it has an @ before any colon or parenthesis. */
export function isWholeKey(version: string): boolean {
  return version.includes('@') && /^[^:(]*@/.test(version);
}

function registryOf(tarball: string, name: string): string | undefined {
  return classifyResolved(tarball, name).registry ?? URL.parse(tarball)?.origin;
}

/** Node.js itself as a dependency: `node@runtime:24.0.0`. */
const RUNTIME = 'runtime:';
const ZERO = 48;
const NINE = 57;
