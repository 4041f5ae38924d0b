import { basename } from 'node:path';

import type { Decision } from '../core/decision.ts';
import type { Finding } from '../core/finding.ts';
import { dateOf, oneLine } from './words.ts';

/** "GHSA-1 not affected: the code is never executed (Ada, 2026-01-15, OpenVEX in openvex.json)". Plain text on one line. */
export function decisionText({
  finding,
  decision,
}: {
  readonly finding: Finding;
  readonly decision: Decision;
}): string {
  const { reason, author, decidedAt, tool, place } = decision;
  const why = reason === '' ? '' : `: ${oneLine(reason, 300)}`;
  const who = [
    ...(author === undefined ? [] : [oneLine(author, 100)]),
    ...(decidedAt === undefined ? [] : [dateOf(decidedAt)]),
    `${tool} in ${basename(place.path)}`,
  ];
  return `${finding.ruleId} ${statusWords(decision)}${why} (${who.join(', ')})`;
}

function statusWords({ status, until, untilFixed, packages }: Decision): string {
  if (status === 'not-affected') return 'not affected';
  if (status === 'fixed') return 'fixed in place';
  if (status !== 'snoozed') return 'accepted';
  if (untilFixed) return 'snoozed until a fix exists';
  if (until !== undefined) return `snoozed until ${dateOf(until)}`;
  return packages.some(({ version }) => version !== undefined) ? 'snoozed until the version changes' : 'snoozed';
}
