import type { PackageSource } from '../../../core/package.ts';
import { copyOf } from './string-table.ts';

/** Where a package comes from, as its `resolved` URL says. */
export interface ResolvedSource {
  readonly source: PackageSource;
  /** The base URL of the registry, without a slash at its end; undefined for other sources. */
  readonly registry: string | undefined;
}

/**
 * What a `resolved` URL, or the URL that stands in place of a version, says of a package. Registry tarballs are known by
 * their path: `<base>/<name>/-/<file>.tgz` by npm's own convention, `<name>/download/` and `/download/<name>/` of others, or
 * `<name>/<version>/<file>`.
 */
export function classifyResolved(resolved: string, name: string): ResolvedSource {
  if (/^(?:git(?:\+[a-z]+)?:|git@|github:|gitlab:|bitbucket:|gist:)/.test(resolved)) return NOT_REGISTRY.git;
  if (resolved.startsWith('file:')) return NOT_REGISTRY.file;
  if (resolved.startsWith('link:')) return NOT_REGISTRY.link;
  if (!/^https?:\/\//i.test(resolved)) return NOT_REGISTRY.tarball;
  const url = URL.parse(resolved);
  if (url === null) return NOT_REGISTRY.tarball;
  if (isGitRepository(url)) return NOT_REGISTRY.git;
  return registryTarball(url, name) ?? NOT_REGISTRY.tarball;
}

/** The version in the file name of a registry's tarball; empty when that has not the usual form. */
export function tarballVersion(url: string, name: string): string {
  const fileStart = url.lastIndexOf('/') + 1;
  const base = `${name.slice(name.lastIndexOf('/') + 1)}-`;
  if (!url.startsWith(base, fileStart) || !url.endsWith('.tgz')) return '';
  return copyOf(url, fileStart + base.length, url.length - '.tgz'.length);
}

/** Remembers the last registry, since nearly all packages of a lockfile come from one. */
export class RegistryReader {
  #prefix = '';
  #source: ResolvedSource = NOT_REGISTRY.tarball;

  read(text: string, start: number, end: number, name: string): ResolvedSource {
    const nameStart = start + this.#prefix.length;
    // The cheapest question first; and pieces are compared faster than a text is asked what it starts with.
    if (
      this.#prefix !== '' &&
      text.startsWith('/-/', nameStart + name.length) &&
      text.slice(start, nameStart) === this.#prefix
    ) {
      return this.#source;
    }
    const resolved = text.slice(start, end);
    const source = classifyResolved(resolved, name);
    const at = resolved.indexOf(`/${name}/-/`);
    if (source.registry !== undefined && at > 0) {
      this.#prefix = copyOf(resolved, 0, at + 1);
      this.#source = source;
    }
    return source;
  }
}

const NOT_REGISTRY = {
  git: { source: 'git', registry: undefined },
  file: { source: 'file', registry: undefined },
  link: { source: 'link', registry: undefined },
  tarball: { source: 'tarball', registry: undefined },
} as const satisfies Partial<Record<PackageSource, ResolvedSource>>;

/** The archives of a commit that the big hosts make, and repositories named by their URL. */
function isGitRepository(url: URL): boolean {
  if (url.host === 'codeload.github.com') return true;
  if (url.host === 'bitbucket.org' && url.pathname.includes('/get/')) return true;
  if (url.host === 'gitlab.com' && /\/(?:-\/archive|repository\/archive)/.test(url.pathname)) return true;
  return url.pathname.endsWith('.git');
}

function registryTarball(url: URL, name: string): ResolvedSource | undefined {
  const path = url.pathname.replace(/%2f/gi, '/');
  const file = path.slice(path.lastIndexOf('/') + 1);
  const at = path.indexOf(`/${name}/-/`);
  if (at !== -1) return registry(`${url.origin}${path.slice(0, at)}`);
  const version = tarballVersion(file, name);
  const isRegistry =
    (path.includes('/-/') && file.endsWith('.tgz') && !path.includes('/-/archive/')) ||
    path.includes(`/${name}/download/`) ||
    path.includes(`/download/${name}/`) ||
    (version !== '' && path.includes(`/${name}/${version}/`));
  return isRegistry ? registry(url.origin) : undefined;
}

function registry(base: string): ResolvedSource {
  return { source: 'registry', registry: copyOf(base, 0, base.length) };
}
