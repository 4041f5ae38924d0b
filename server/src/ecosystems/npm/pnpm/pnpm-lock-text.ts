import type { LockText, SecondKey } from '../../../core/lock-text.ts';
import {
  colonPair,
  indentedBlockOf,
  indentedMembersIn,
  indentedNeedsIn,
  keySpanAt,
} from '../lockfile/indented-blocks.ts';

/** The text of `pnpm-lock.yaml`. Its entries are its snapshots; `packages` has their keys without peers. */
export const pnpmLockText: LockText = {
  blockOf: indentedBlockOf,
  needsIn: (text, block) => indentedNeedsIn(text, block, GROUPS, colonPair),
  membersIn: (text) => indentedMembersIn(text, 'importers'),
  importerOf: (key) => key,
  isAnsweredBy: ({ name, wanted }, key) => key === `${name}@${wanted}` || key === wanted,
  secondKeyAt,
};

function secondKeyAt(text: string, offset: number): SecondKey | undefined {
  const span = keySpanAt(text, offset);
  if (span === undefined || offset < span.start || offset > span.end) return undefined;
  const bare = text.slice(span.start, span.end);
  return {
    span,
    isOf: ({ name }, key) => bare.startsWith(name) && (key === bare || key.startsWith(`${bare}(`)),
  };
}

const GROUPS: ReadonlySet<string> = new Set(['dependencies', 'devDependencies', 'optionalDependencies']);
