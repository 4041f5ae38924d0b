import type { PackageSource } from '../../core/package.ts';
import type { PnpmPackage } from './pnpm-document.ts';
import { classifyResolved, tarballVersion } from './resolved-source.ts';
import { copyOf } from './string-table.ts';

/** Which package a key of `snapshots` is. */
export interface PnpmIdentity {
  readonly version: string;
  readonly source: PackageSource;
  readonly registry: string | undefined;
}

/**
 * What stands behind the name in a key, from `start` to `end` of `text`: a version, URL or path. `item` is what `packages`
 * says of it.
 */
export function identifyPackage(
  text: string,
  start: number,
  end: number,
  name: string,
  item: PnpmPackage | undefined,
): PnpmIdentity {
  if (start >= end) return { version: item?.version ?? '', source: 'registry', registry: undefined };
  const first = text.charCodeAt(start);
  if (first >= ZERO && first <= NINE) {
    const registry = item?.tarball === undefined ? undefined : registryOf(item.tarball, name);
    return { version: copyOf(text, start, end), source: 'registry', registry };
  }
  return identifyReference(text.slice(start, end), name, item);
}

function identifyReference(reference: string, name: string, item: PnpmPackage | undefined): PnpmIdentity {
  if (reference.startsWith(RUNTIME)) {
    const version = item?.version ?? copyOf(reference, RUNTIME.length, reference.length);
    return { version, source: 'tarball', registry: undefined };
  }
  const origin = classifyResolved(reference, name);
  const version = item?.version ?? (origin.source === 'registry' ? tarballVersion(reference, name) : '');
  if (item?.type === 'git') return { version, source: 'git', registry: undefined };
  if (item?.type === 'directory') return { version, source: 'file', registry: undefined };
  return { version, source: origin.source, registry: origin.registry };
}

function registryOf(tarball: string, name: string): string | undefined {
  return classifyResolved(tarball, name).registry ?? URL.parse(tarball)?.origin;
}

/** Node.js itself as a dependency: `node@runtime:24.0.0`. */
const RUNTIME = 'runtime:';
const ZERO = 48;
const NINE = 57;
