import { earlier } from '../core/base-state.ts';
import { packageKey } from '../core/package.ts';
import { publicationChanges, type PublicationChange } from './publication-changes.ts';
import type { LineView, ProjectView } from './snapshot.ts';

/** The version that a line had at an earlier commit, and how the one that is installed differs in how it was published. */
export interface PublicationSince {
  /** The name of the earlier commit. */
  readonly name: string;
  /** The highest of the versions that went for it. */
  readonly version: string;
  readonly changes: readonly PublicationChange[];
  /** True when it runs an install script and the version of then did not. */
  readonly isNewScript: boolean;
}

/** Undefined where the line has the same version as then, or nobody knows of another one. */
export function publicationSince(line: LineView, { base, knowledge }: ProjectView): PublicationSince | undefined {
  const { subject, source, isLocked, entry } = line;
  if (base === undefined || subject === undefined || source !== 'registry' || !isLocked) return undefined;
  const before = base.gone.get(subject.name)?.at(-1);
  if (before === undefined || !base.added.has(packageKey(subject.name, subject.version))) return undefined;
  const then = earlier(subject, before);
  const was = { signature: knowledge.signature(then), release: knowledge.release(then) };
  const is = { signature: line.signature, release: knowledge.release(subject) };
  const runsScript = entry?.hasInstallScript === true || is.release?.hasInstallScript === true;
  return {
    name: base.name,
    version: before.version,
    changes: publicationChanges(was, is),
    isNewScript: runsScript && was.release?.hasInstallScript === false,
  };
}
