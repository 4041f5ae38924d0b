import { dirname } from 'node:path';

import type { Files } from '../core/ports.ts';
import type { Repository } from '../core/repository.ts';
import type { CommandLineIo } from './command-line-io.ts';
import { UsageError } from './usage-error.ts';

/** The earlier state that a project is compared with, and the state that is looked at. */
export interface Base {
  /** As the caller named it. */
  readonly name: string;
  /** The full id; undefined when there is none yet, and everything is new. */
  readonly commit: string | undefined;
  /** Undefined when there is no commit. */
  readonly files: Files | undefined;
  /** What is looked at: the staged files, or those on disk when undefined. */
  readonly staged: Files | undefined;
  readonly repository: Repository;
}

export interface BaseRequest {
  /** Absolute path of a folder or file in the working tree. */
  readonly target: string;
  /** A branch, a tag or a commit: the point where the current one left it is the base. HEAD itself when undefined. */
  readonly ref: string | undefined;
  readonly staged: boolean;
}

/**
 * Opens what a project is compared with. Throws a {@link UsageError} for a name that stands for no commit or has no common
 * history, and a RepositoryError when there is no repository. The caller closes it.
 */
export async function openBase({ target, ref, staged }: BaseRequest, io: CommandLineIo): Promise<Base> {
  const isFile = (await io.files.stat(target))?.kind === 'file';
  const repository = await io.openRepository(isFile ? dirname(target) : target);
  try {
    const commit = await baseCommit(repository, ref);
    return {
      name: ref ?? 'HEAD',
      commit,
      files: commit === undefined ? undefined : await repository.filesOf({ commit }),
      staged: staged ? await repository.filesOf('staged') : undefined,
      repository,
    };
  } catch (error) {
    repository.close();
    throw error;
  }
}

async function baseCommit(repository: Repository, ref: string | undefined): Promise<string | undefined> {
  const head = await repository.commitOf('HEAD');
  if (ref === undefined) return head;
  const other = await repository.commitOf(ref);
  if (other === undefined) {
    const advice = repository.isShallow ? ': this clone is shallow, fetch it first (in CI: fetch-depth 0)' : '';
    throw new UsageError(`there is no commit "${ref}"${advice}`);
  }
  const base = head === undefined ? undefined : await repository.mergeBase(other, head);
  if (base !== undefined) return base;
  throw new UsageError(
    repository.isShallow
      ? `"${ref}" and HEAD have no common commit in this shallow clone: fetch more of the history (in CI: fetch-depth 0)`
      : `"${ref}" and HEAD have no common commit`,
  );
}
