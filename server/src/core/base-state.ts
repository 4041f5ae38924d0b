import type { Subject } from './knowledge.ts';

/** How the packages of a project differ from those of an earlier commit. */
export interface BaseState {
  /** As people name the commit: `origin/main`, `HEAD`. */
  readonly name: string;
  /** By name and version, as `packageKey` makes it: what is installed now and was not then. */
  readonly added: ReadonlySet<string>;
  /** By name: the versions of then that are installed no longer. */
  readonly gone: ReadonlyMap<string, readonly string[]>;
}

/** The package in a version that it had before. */
export function earlier(subject: Subject, version: string): Subject {
  return { ...subject, version, integrity: undefined };
}
