import { count, dateOf } from '../features/words.ts';
import type { ExposedPackage, ExposurePeriod, HistoryPoint } from '../workspace/exposure.ts';
import type { Paint } from './colors.ts';
import type { DocumentExposure, ExposureResult } from './exposure-result.ts';
import { printable } from './printable.ts';
import { alignRows } from './table.ts';

/** The periods of each lockfile for people, and what they do not say. */
export function exposedTable({ sought, documents, isShallow }: ExposureResult, paint: Paint): string {
  const also = sought.aliases.length === 0 ? '' : ` (${sought.aliases.map((id) => printable(id, 60)).join(', ')})`;
  const title = `${printable(sought.id)}${also}${sought.summary === '' ? '' : `: ${printable(sought.summary)}`}`;
  const blocks = [
    [paint('bold', title)],
    ...documents.filter(({ periods }) => periods.length > 0).map((document) => documentLines(document, paint)),
    [verdictOf(documents, paint)],
    notes(documents, isShallow),
  ];
  const shown = blocks.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function documentLines({ document, periods }: DocumentExposure, paint: Paint): string[] {
  const rows = periods.map(({ from, until, packages }) => [
    pointText(from),
    until === undefined ? { text: 'still there', color: 'red' as const } : pointText(until),
    packages.map(({ name, version }) => printable(`${name}@${version}`)).join(', '),
    scriptWords(packages),
  ]);
  return [printable(document, 1000), ...alignRows(['SINCE', 'UNTIL', 'RESOLVED', 'INSTALL SCRIPT'], rows, paint)];
}

function pointText({ commit, committedAt }: HistoryPoint): string {
  return `${dateOf(committedAt)} ${commit.slice(0, 7)}`;
}

/** Whether code of it could have run at an install. Whoever imports a package runs its code as well. */
function scriptWords(packages: readonly ExposedPackage[]): string {
  if (packages.some(({ installScript }) => installScript === 'yes')) return 'could have run';
  return packages.every(({ installScript }) => installScript === 'no') ? 'none' : 'the lockfile does not say';
}

function verdictOf(documents: readonly DocumentExposure[], paint: Paint): string {
  const affected = documents.filter(({ periods }) => periods.length > 0);
  const versions = documents.reduce((sum, document) => sum + document.versions, 0);
  const looked = `${count(versions, 'version')} of ${count(documents.length, 'lockfile')}`;
  if (affected.length === 0) return `Never resolved in ${looked}`;
  const periods = affected.flatMap((document) => document.periods);
  const isThere = periods.some(({ until }) => until === undefined);
  const words = `Resolved by ${count(affected.length, 'lockfile')}, ${spanWords(periods)}${isThere ? ', and still there' : ''}`;
  return `${paint(isThere ? 'red' : 'yellow', words)}; looked at ${looked}`;
}

function spanWords(periods: readonly ExposurePeriod[]): string {
  const first = Math.min(...periods.map(({ from }) => from.committedAt));
  const ends = periods.flatMap(({ until }) => until?.committedAt ?? []);
  return periods.length > ends.length ? `since ${dateOf(first)}` : `${dateOf(first)} to ${dateOf(Math.max(...ends))}`;
}

function notes(documents: readonly DocumentExposure[], isShallow: boolean): string[] {
  const unreadable = documents.flatMap((document) => document.unreadable);
  const [first] = unreadable;
  return [
    ...(isShallow ? ['Not looked at: what is older than this shallow clone'] : []),
    ...(first === undefined
      ? []
      : [`Not all could be read in ${count(unreadable.length, 'version')}, ${pointText(first)} for one`]),
  ];
}
