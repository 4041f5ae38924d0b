import type { PackageSource } from '../../core/package.ts';
import type { PnpmPackage } from './pnpm-packages.ts';
import { classifyResolved, tarballVersion } from './resolved-source.ts';
import { copyOf } from './string-table.ts';

/** A key of `snapshots`, as a piece of a text. */
export interface PnpmKey {
  readonly text: string;
  /** The `@` between name and version, and where the parentheses of peers and patches begin, or the end. */
  readonly at: number;
  readonly stop: number;
}

/** Which package a key is. */
export interface PnpmIdentity {
  readonly version: string;
  readonly source: PackageSource;
  readonly registry: string | undefined;
}

/** Takes a key apart: `name@version`, or `name@` and a URL or path. `item` is what `packages` says of it. */
export function identifyPackage(key: PnpmKey, name: string, item: PnpmPackage | undefined): PnpmIdentity {
  const { text, at, stop } = key;
  if (at + 1 >= stop) return { version: item?.version ?? '', source: 'registry', registry: undefined };
  const first = text.charCodeAt(at + 1);
  if (first >= ZERO && first <= NINE) {
    const registry = item?.tarball === undefined ? undefined : registryOf(item.tarball, name);
    return { version: copyOf(text, at + 1, stop), source: 'registry', registry };
  }
  return fromReference(text.slice(at + 1, stop), name, item);
}

function fromReference(reference: string, name: string, item: PnpmPackage | undefined): PnpmIdentity {
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
