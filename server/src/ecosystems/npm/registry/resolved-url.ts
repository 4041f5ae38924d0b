import type { LockChange } from '../../../core/transitive-dialect.ts';

/**
 * The address of the new version beside that of the old one: a lockfile keeps its registry, whichever mirror was asked.
 * Undefined where the registry names another host.
 */
export function resolvedUrl(resolved: string, { from, to, tarball }: LockChange): string | undefined {
  const ending = `-${from}.tgz`;
  if (resolved.endsWith(ending) && tarball.endsWith(`-${to}.tgz`)) {
    return `${resolved.slice(0, -ending.length)}-${to}.tgz`;
  }
  const url = URL.parse(tarball);
  return url !== null && url.origin === URL.parse(resolved)?.origin ? url.href : undefined;
}
