import type { LockChange } from '../../core/transitive-dialect.ts';

/** The address of the new version beside that of the old one: a lockfile keeps its registry, whichever mirror was asked. */
export function resolvedUrl(resolved: string, { from, to, tarball }: LockChange): string {
  const ending = `-${from}.tgz`;
  if (!resolved.endsWith(ending) || !tarball.endsWith(`-${to}.tgz`)) return tarball;
  return `${resolved.slice(0, -ending.length)}-${to}.tgz`;
}
