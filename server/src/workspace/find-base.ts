import type { Repository } from '../core/repository.ts';

/** The earlier state that a project is compared with. */
export interface BaseCommit {
  /** As the caller named it. */
  readonly name: string;
  /** The full id; undefined when there is no commit yet, and everything is new. */
  readonly commit: string | undefined;
}

/**
 * Where the current branch left a commit: a branch, a tag, any name of git's. Without a name HEAD itself. A sentence says
 * what is wrong where there is no such commit, or no common history.
 */
export async function findBase(
  repository: Repository,
  ref: string | undefined,
): Promise<BaseCommit | { readonly trouble: string }> {
  const head = await repository.commitOf('HEAD');
  if (ref === undefined) return { name: 'HEAD', commit: head };
  const other = await repository.commitOf(ref);
  if (other === undefined) {
    const advice = repository.isShallow ? ': this clone is shallow, fetch it first (in CI: fetch-depth 0)' : '';
    return { trouble: `there is no commit "${ref}"${advice}` };
  }
  const commit = head === undefined ? undefined : await repository.mergeBase(other, head);
  if (commit !== undefined) return { name: ref, commit };
  return {
    trouble: repository.isShallow
      ? `"${ref}" and HEAD have no common commit in this shallow clone: fetch more of the history (in CI: fetch-depth 0)`
      : `"${ref}" and HEAD have no common commit`,
  };
}

/** The branch that others are usually made from, by the name people know; undefined when none of the usual names is one. */
export async function mainBranch(repository: Repository): Promise<string | undefined> {
  const ofRemote = await repository.commitOf('origin/HEAD');
  for (const name of ['origin/main', 'origin/master']) {
    const commit = await repository.commitOf(name);
    if (commit !== undefined && (ofRemote === undefined || commit === ofRemote)) return name;
  }
  if (ofRemote !== undefined) return 'origin/HEAD';
  for (const name of ['main', 'master']) {
    if ((await repository.commitOf(name)) !== undefined) return name;
  }
  return undefined;
}
