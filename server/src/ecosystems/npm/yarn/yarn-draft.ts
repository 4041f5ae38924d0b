/** What stands under one key of a `yarn.lock`, as it is written. Its texts may be views of the whole text. */
export interface YarnDraft {
  /** With the quotes that classic puts around each descriptor. */
  readonly key: string;
  /** The key's place, without the quotes around it. */
  readonly start: number;
  readonly end: number;
  /** Classic's field `name`; empty when there is none. */
  name: string;
  version: string;
  /** Classic's `resolved`, berry's `resolution`. */
  resolved: string;
  /** Empty when there is none. */
  integrity: string;
  /** The lines of its dependencies, with those that head them; empty when there are none. */
  block: string;
}

export function draftOf(key: string, start: number, end: number): YarnDraft {
  return { key, start, end, name: '', version: '', resolved: '', integrity: '', block: '' };
}
