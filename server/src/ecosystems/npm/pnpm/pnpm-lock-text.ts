import type { LockText, SecondKey } from '../../../core/lock-text.ts';
import {
  colonPair,
  indentedBlockOf,
  indentedMembersIn,
  indentedNeedsIn,
  keySpanAt,
} from '../lockfile/indented-blocks.ts';

/** The text of `pnpm-lock.yaml`. Its entries are its snapshots, of which `packages` has the keys without peers; before version 9 they are the packages. */
export const pnpmLockText: LockText = {
  blockOf: indentedBlockOf,
  needsIn: (text, block) => indentedNeedsIn(text, block, GROUPS, colonPair),
  membersIn: (text) => indentedMembersIn(text, 'importers'),
  importerOf: (key) => key,
  // The last two before version 9.
  isAnsweredBy: ({ name, wanted }, key) =>
    [`${name}@${wanted}`, wanted, `/${name}@${wanted}`, `/${name}/${wanted}`].includes(key),
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
