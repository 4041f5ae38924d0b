import type { LockEntry } from './lockfile.ts';
import type { Span } from './span.ts';

/** A line in a lockfile's text that asks for a package. */
export interface LockNeed {
  /** As it is written, which is the alias when there is one. */
  readonly name: string;
  /** The range, or the version that it was resolved to, without quotes. */
  readonly wanted: string;
  /** The name, without quotes. */
  readonly nameSpan: Span;
  /** From the name to the end of what is wanted. */
  readonly span: Span;
}

/** A key in a lockfile's text with all that belongs to it. */
export interface LockBlock {
  /** Without quotes. */
  readonly key: Span;
  readonly block: Span;
}

/**
 * How the text of one lockfile format is read while the editor holds it: what an entry asks for, line by line, which a
 * {@link LockEntry} does not keep. It reads no further than a question needs, and any text without throwing.
 */
export interface LockText {
  /** The block of the entry whose key stands at a place. */
  blockOf(text: string, key: Span): LockBlock;
  needsIn(text: string, block: Span): readonly LockNeed[];
  /** The blocks of workspace members that are no entries themselves. */
  membersIn(text: string): readonly LockBlock[];
  /** The importer that a block with this key is of; undefined when it is no member's. */
  importerOf(key: string): string | undefined;
  /** True when a line with this need may mean the entry that stands under a key. */
  isAnsweredBy(need: LockNeed, key: string): boolean;
  /** The key of an entry that an offset touches where the format writes it a second time, with the test for the entry's own key. */
  secondKeyAt?(text: string, offset: number): SecondKey | undefined;
}

export interface SecondKey {
  readonly span: Span;
  readonly isOf: (entry: LockEntry, key: string) => boolean;
}
