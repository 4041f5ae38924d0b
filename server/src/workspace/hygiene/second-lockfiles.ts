import type { HygieneIssue } from '../../core/hygiene.ts';
import type { ProjectLayout } from '../../core/project.ts';

/** The lockfiles of other package managers beside the one that decides. */
export function secondLockfiles({ unread }: ProjectLayout): HygieneIssue[] {
  return unread.flatMap(({ path, rival }): HygieneIssue[] =>
    rival === undefined
      ? []
      : [{ code: 'second-lockfile', place: { path, span: { start: 0, end: 0 } }, message: rival }],
  );
}
