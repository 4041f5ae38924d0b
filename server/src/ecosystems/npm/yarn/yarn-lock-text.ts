import type { LockText } from '../../../core/lock-text.ts';
import { colonPair, indentedBlockOf, indentedNeedsIn, spacePair } from '../lockfile/indented-blocks.ts';

/** The text of `yarn.lock`, of yarn 1 and of later ones, in which members are entries too. */
export const yarnLockText: LockText = {
  blockOf: indentedBlockOf,
  needsIn: (text, block) => indentedNeedsIn(text, block, GROUPS, (line) => colonPair(line) ?? spacePair(line)),
  membersIn: () => [],
  importerOf: (key) => MEMBER.exec(key)?.[1],
  isAnsweredBy({ name, wanted }, key) {
    const asked = [`${name}@${wanted}`, `${name}@npm:${wanted}`];
    // Without the quotes around the whole of it, which berry writes, or around each part, as yarn 1 does.
    return key.split(', ').some((descriptor) => asked.includes(descriptor.replace(/^"|"$/g, '')));
  },
};

const GROUPS: ReadonlySet<string> = new Set(['dependencies', 'optionalDependencies']);
const MEMBER = /@workspace:([^,"\s]+)/;
