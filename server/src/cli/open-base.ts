import { dirname } from 'node:path';

import type { Files } from '../core/ports.ts';
import type { Repository } from '../core/repository.ts';
import { findBase, type BaseCommit } from '../workspace/find-base.ts';
import type { CheckWorld } from './command-line-io.ts';
import { UsageError } from './usage-error.ts';

/** The earlier state that a project is compared with, and the state that is looked at. */
export interface Base extends BaseCommit {
  /** Undefined when there is no commit. */
  readonly files: Files | undefined;
  /** What is looked at: the staged files, or those on disk when undefined. */
  readonly staged: Files | undefined;
  readonly repository: Repository;
}

export interface BaseOptions {
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
export async function openBase({ target, ref, staged }: BaseOptions, world: CheckWorld): Promise<Base> {
  const isFile = (await world.files.stat(target))?.kind === 'file';
  const repository = await world.openRepository(isFile ? dirname(target) : target);
  try {
    const found = await findBase(repository, ref);
    if ('trouble' in found) throw new UsageError(found.trouble);
    const { name, commit } = found;
    return {
      name,
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
