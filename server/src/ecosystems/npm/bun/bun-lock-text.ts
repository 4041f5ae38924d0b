import type { LockText } from '../../../core/lock-text.ts';
import { jsonBlockOf, jsonMembersIn, jsonNeedsIn, lastNameOf } from '../lockfile/json-blocks.ts';

/** The text of `bun.lock`: a line for each package, and members apart. */
export const bunLockText: LockText = {
  blockOf: jsonBlockOf,
  needsIn: (text, block) => jsonNeedsIn(text, block, GROUPS),
  membersIn: (text) => jsonMembersIn(text, WORKSPACES),
  importerOf: (key) => (key === '' ? '.' : key),
  isAnsweredBy: ({ name }, key) => lastNameOf(key) === name,
};

const GROUPS: ReadonlySet<string> = new Set([
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
]);

const WORKSPACES = /"workspaces"\s*:\s*\{/;
