import { createHash } from 'node:crypto';

import type { Finding } from './finding.ts';

type Identified = Pick<Finding, 'package' | 'ruleId'>;

/** The same text for the same package, version and rule, wherever the finding stands. */
export function identityOf({ package: { ecosystem, name, version }, ruleId }: Identified): string {
  return [ecosystem, name, version, ruleId].join('\u0000');
}

/** {@link identityOf} as a stable id of 32 hexadecimal digits, for what leaves the program. */
export function fingerprintOf(finding: Identified): string {
  return createHash('sha256').update(identityOf(finding)).digest('hex').slice(0, 32);
}
