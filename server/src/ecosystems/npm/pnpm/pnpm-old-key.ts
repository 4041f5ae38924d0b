import type { PackageSource } from '../../../core/package.ts';
import { classifyResolved } from '../lockfile/resolved-source.ts';
import type { PnpmDetails } from './pnpm-key.ts';

/** The major lockfile versions before 9 that are read. There is no 7 and 8. */
export type OldMajor = 5 | 6;

/** What stands below a key of `packages`. */
export interface OldDetails extends PnpmDetails {
  /** Written, with the version, where the key does not begin with a slash. */
  name: string | undefined;
  integrity: string | undefined;
}

/** Which package a key of `packages` is. */
export interface OldIdentity {
  readonly name: string;
  readonly version: string;
  readonly source: PackageSource;
  /** Base URL of the registry, where it is known to be another one than the project's. */
  readonly registry: string | undefined;
}

/** The major version of a lockfile version that is older than 9 and is read. */
export function oldMajorOf(version: string | undefined): OldMajor | undefined {
  const major = Number.parseInt(version ?? '', 10);
  return major === 5 || major === 6 ? major : undefined;
}

/**
 * The key that a dependency means. Its version is one with peers behind it, or a whole key: `/other/1.0.0` for an alias,
 * `github.com/owner/repository/hash`, `file:folder`.
 */
export function oldKeyOf(name: string, version: string, major: OldMajor): string {
  const isVersion = /^\d[^/_(]*(?:$|[_(])/.test(version);
  return isVersion ? `/${name}${major === 5 ? '/' : '@'}${version}` : version;
}

/**
 * What a key of `packages` says: `/name/1.0.0_peers` in version 5 and `/name@1.0.0(peers)` in 6, with the registry's host
 * before it where that is not the project's. What is no registry's package has its name and version below the key.
 * @see https://github.com/pnpm/spec/blob/master/lockfile/6.0.md
 */
export function identifyOldPackage(key: string, major: OldMajor, details: OldDetails): OldIdentity {
  const { tarball, type, integrity } = details;
  const parts = partsOf(key, major);
  const name = details.name ?? parts?.name ?? key;
  const version = details.version ?? parts?.version ?? '';
  if (type === 'git') return { name, version, source: 'git', registry: undefined };
  if (type === 'directory' || key.startsWith('file:')) return { name, version, source: 'file', registry: undefined };
  if (tarball !== undefined && /^https?:/i.test(tarball)) {
    const { source, registry } = classifyResolved(tarball, name);
    // A registry may keep its archives wherever it likes.
    return key.startsWith('/')
      ? { name, version, source: 'registry', registry: registry ?? URL.parse(tarball)?.origin }
      : { name, version, source, registry };
  }
  if (key.startsWith('/')) return { name, version, source: 'registry', registry: undefined };
  if (parts === undefined || integrity === undefined) return { name, version, source: 'tarball', registry: undefined };
  return { name, version, source: 'registry', registry: `https://${parts.host.replaceAll('+', ':')}` };
}

interface Parts {
  /** Empty when the key does not name one. */
  readonly host: string;
  readonly name: string;
  readonly version: string;
}

function partsOf(key: string, major: OldMajor): Parts | undefined {
  const peers = major === 5 ? -1 : key.indexOf('(');
  const bare = peers === -1 ? key : key.slice(0, peers);
  // Peers hold no slash in version 5.
  const divider = bare.lastIndexOf(major === 5 ? '/' : '@');
  const version = /^\d[^/_(]*/.exec(bare.slice(divider + 1))?.[0];
  let start = bare.lastIndexOf('/', divider - 1) + 1;
  if (version === undefined || start <= 0 || start >= divider) return undefined;
  const scope = start > 1 ? bare.lastIndexOf('/', start - 2) + 1 : 0;
  if (bare.charAt(scope) === '@' && scope > 0) start = scope;
  return { host: bare.slice(0, start - 1), name: bare.slice(start, divider), version };
}
