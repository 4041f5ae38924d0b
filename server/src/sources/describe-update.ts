import type { UpdateOutcome } from './update-from-export.ts';

/** What an update did, in a sentence without an end. Undefined is one that another process does. */
export function describeUpdate(outcome: UpdateOutcome | undefined): string {
  if (outcome === undefined) return 'Another process is updating the database, or was stopped less than a minute ago';
  const upTo = new Date(outcome.stamp).toISOString();
  if (outcome.kind === 'current') return `Up to date: nothing has changed since ${upTo}`;
  const { kind, stored, withdrawn, problems, failed } = outcome;
  const details = [
    ...(withdrawn > 0 ? [`${String(withdrawn)} withdrawn`] : []),
    ...(problems > 0 ? [`${String(problems)} could not be read`] : []),
    ...(failed > 0 ? [`${String(failed)} could not be fetched and will be asked for again`] : []),
  ];
  const more = details.length > 0 ? ` (${details.join(', ')})` : '';
  const what = kind === 'whole' ? 'from the whole export' : 'changed';
  return `${String(stored)} ${stored === 1 ? 'advisory' : 'advisories'} ${what}${more}, up to ${upTo}`;
}
