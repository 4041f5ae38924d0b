import type { Files } from './ports.ts';

/** A commit that changed one file. */
export interface FileVersion {
  readonly commit: string;
  /** When it was committed, in milliseconds since the epoch. */
  readonly committedAt: number;
  /** The file's path below the repository's root, `/` between its parts; another one before it was renamed. */
  readonly path: string;
  /** The file's bytes; undefined when the commit removed it. */
  readonly content: Uint8Array | undefined;
}

/** A version control's working tree. It is read and never changed, and no program that it names is run. */
export interface Repository {
  /** True when a part of the history was not fetched. */
  readonly isShallow: boolean;
  /** The full id of the commit that a name stands for; undefined when it stands for none. */
  commitOf(name: string): Promise<string | undefined>;
  /** The newest commit that both have in their history; undefined when they have none, or it was not fetched. */
  mergeBase(one: string, other: string): Promise<string | undefined>;
  /**
   * The files of a commit, or of what is staged for the next one, at the paths they have in the working tree. Elsewhere
   * there is nothing. Links and submodules are left out. Rejects with a {@link RepositoryError} when they cannot be listed;
   * so does reading a file whose content was not fetched, as its absence would look like that of a finding.
   */
  filesOf(tree: { readonly commit: string } | 'staged'): Promise<Files>;
  /** The versions of a file that the history of a commit has, newest first. @param path absolute. */
  versionsOf(path: string, commit: string): AsyncIterable<FileVersion>;
  /** `Ada Lovelace <ada@example.org>`, as the user's configuration says; undefined when it does not. */
  author(): Promise<string | undefined>;
  close(): void;
}

/** What could not be read of a repository, in a sentence for people. */
export class RepositoryError extends Error {
  override readonly name = 'RepositoryError';
}
