import type { LineIndex } from '../core/line-index.ts';
import type { ProjectView } from './snapshot.ts';

/** The line starts of every document that a project speaks of, by its absolute path. */
export function documentLines({ manifests, lockfile, decisions }: ProjectView): ReadonlyMap<string, LineIndex> {
  const documents = [...manifests.map(({ document }) => document), ...(lockfile ? [lockfile.document] : [])];
  // Where a manifest holds decisions too, what the editor shows of it counts.
  return new Map([...decisions.files, ...documents].map(({ path, lines }) => [path, lines]));
}
