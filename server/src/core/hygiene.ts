import type { Place } from './finding.ts';
import type { Subject } from './knowledge.ts';
import type { LateEdit } from './transitive-dialect.ts';

/**
 * What is out of order between a project's own documents. `waiting-for-install` is a manifest's line that its lockfile was
 * not made for; the other codes of the lockfile come next, then those of overrides, then those of files with decisions.
 */
export type HygieneCode =
  | 'waiting-for-install'
  | 'not-asked-for'
  | 'unreached'
  | 'second-lockfile'
  | 'override-unused'
  | 'override-affected'
  | 'override-unneeded'
  | 'decision-unclear'
  | 'decision-untrusted';

/** Something out of order between a project's own documents. No package is at fault for it, so it fails no check. */
export interface HygieneIssue {
  readonly code: HygieneCode;
  readonly place: Place;
  /** What was seen and what to do, in sentences, with text of the documents in it as it came: put it on one line. */
  readonly message: string;
  /** What mends it, where an edit does. */
  readonly fix?: HygieneFix;
}

export interface HygieneFix {
  readonly title: string;
  readonly edit: LateEdit;
  /** What must be looked up before the edit counts as verified; empty when that was done. */
  readonly verify: readonly Subject[];
}
