import type { LockText } from '../../../core/lock-text.ts';
import { jsonBlockOf, jsonMembersIn, jsonNeedsIn, lastNameOf } from '../lockfile/json-blocks.ts';

/** The text of `package-lock.json`. Members are entries under their folder; the root alone has a key without a name. */
export const packageLockText: LockText = {
  blockOf: jsonBlockOf,
  needsIn: (text, block) => jsonNeedsIn(text, block, GROUPS),
  membersIn: (text) => jsonMembersIn(text, ROOT).slice(0, 1),
  importerOf: (key) => (key === '' ? '.' : key.includes('node_modules/') ? undefined : key),
  isAnsweredBy: ({ name }, key) => (key.includes('node_modules/') ? lastNameOf(key) : key) === name,
};

const GROUPS: ReadonlySet<string> = new Set([
  'dependencies',
  'devDependencies',
  'optionalDependencies',
  'peerDependencies',
  // Version 1 has whole packages below `dependencies`.
  'requires',
]);

const ROOT = /"packages"\s*:\s*\{(?=\s*"")/;
