import { basename, resolve, sep } from 'node:path';

import type { Ecosystem } from '../core/ecosystem.ts';
import type { Files } from '../core/ports.ts';
import { UsageError } from './usage-error.ts';

/**
 * The absolute path that the caller means. Throws a {@link UsageError} when there is nothing, or a file that is neither
 * manifest nor lockfile: an empty answer would look like an all-clear.
 */
export async function findTarget(
  path: string,
  cwd: string,
  files: Files,
  ecosystems: readonly Ecosystem[],
): Promise<string> {
  const target = resolve(cwd, path);
  const stat = await files.stat(target);
  if (stat === undefined) throw new UsageError(`there is no file or folder ${path}`);
  if (target.split(sep).includes('node_modules')) {
    throw new UsageError(`${path} lies inside node_modules, which is never looked at`);
  }
  if (stat.kind === 'file' && !documentNames(ecosystems).includes(basename(target))) {
    throw new UsageError(`${path} is no manifest or lockfile; these are read: ${documentNames(ecosystems).join(', ')}`);
  }
  return target;
}

/** For a folder with nothing to look at. */
export function nothingFound(path: string, ecosystems: readonly Ecosystem[]): UsageError {
  return new UsageError(
    `there is no manifest or lockfile in ${path}: looked for ${documentNames(ecosystems).join(', ')}`,
  );
}

function documentNames(ecosystems: readonly Ecosystem[]): string[] {
  return ecosystems.flatMap(({ manifestNames, lockfileNames }) => [...manifestNames, ...lockfileNames]);
}
