import { ageText, count } from '../features/words.ts';
import type { SourceAge } from './check-result.ts';
import { printable } from './printable.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** "OSV.dev as of now, npm.db as of 2026-05-20 (6 months old, a sample)"; what did not answer is named after. */
export function describeSources(sources: readonly SourceAge[], now: number): string {
  const used = sources.filter(({ asOf }) => asOf !== undefined);
  const failed = sources.filter(({ asOf, trouble }) => asOf === undefined && trouble !== undefined);
  const parts = [...used, ...failed].map((source) => describeSource(source, now));
  return parts.length > 0 ? parts.join('; ') : 'none answered';
}

function describeSource({ name, asOf, complete, trouble }: SourceAge, now: number): string {
  const label = printable(name, 80);
  const problem = trouble === undefined ? [] : [printable(trouble, 160)];
  if (asOf === undefined) return `${label}: no answer (${problem.join('')})`;
  const notes = [ageWords(now - asOf), ...(complete ? [] : ['a sample']), ...problem];
  return `${label} as of ${new Date(asOf).toISOString().slice(0, 16).replace('T', ' ')} UTC (${notes.join(', ')})`;
}

/** "3 minutes old". */
export function ageWords(milliseconds: number): string {
  if (milliseconds < MINUTE_MS) return 'just now';
  if (milliseconds < HOUR_MS) return `${count(Math.floor(milliseconds / MINUTE_MS), 'minute')} old`;
  if (milliseconds < 2 * DAY_MS) return `${count(Math.floor(milliseconds / HOUR_MS), 'hour')} old`;
  return `${ageText(milliseconds)} old`;
}
