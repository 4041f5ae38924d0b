import type { Subject } from './knowledge.ts';

/** How the packages of a project differ from those of an earlier commit. */
export interface BaseState {
  /** As people name the commit: `origin/main`, `HEAD`. */
  readonly name: string;
  /** By name and version, as `packageKey` makes it: what is installed now and was not then. */
  readonly added: ReadonlySet<string>;
  /** By name: the versions of then that are installed no longer, the lowest first. */
  readonly gone: ReadonlyMap<string, readonly EarlierVersion[]>;
}

/** What the lockfile of then said. */
export interface EarlierVersion {
  readonly version: string;
  readonly integrity: string | undefined;
}

/** The package in a version that it had before. */
export function earlier(subject: Subject, { version, integrity }: EarlierVersion): Subject {
  return { ...subject, version, integrity };
}
