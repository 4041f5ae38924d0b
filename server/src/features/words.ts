import { basename } from 'node:path';

import type { Epss } from '../core/advisory.ts';
import { isAdvisoryFinding, type AdvisoryFinding, type Finding } from '../core/finding.ts';
import type { BaseCommit } from '../workspace/find-base.ts';
import type { LineView, PendingLine, ProjectView } from '../workspace/snapshot.ts';

/** "1 advisory", "3 advisories". */
export function count(number: number, singular: string, plural = `${singular}s`): string {
  return `${String(number)} ${number === 1 ? singular : plural}`;
}

export function countAdvisories(number: number): string {
  return count(number, 'advisory', 'advisories');
}

/** "clears 3 advisories", "clears 1 of 5 advisories"; empty for none. */
export function clearedWords(cleared: number, all: number): string {
  if (cleared === 0) return '';
  return cleared < all ? `clears ${String(cleared)} of ${countAdvisories(all)}` : `clears ${countAdvisories(cleared)}`;
}

/** "high 7.2", or the word alone where no vector gives a number. */
export function severityText(finding: Finding): string {
  const cvss = isAdvisoryFinding(finding) ? finding.match.advisory.cvss : undefined;
  return cvss === undefined ? finding.severity : `${finding.severity} ${cvss.score.toFixed(1)}`;
}

/** What is compared with: `main (1a2b3c4)`; a commit that was named by its id is not named twice. */
export function baseText({ name, commit }: BaseCommit): string {
  const short = commit?.slice(0, 7) ?? 'no commit yet';
  return name.startsWith(short) ? oneLine(short) : `${oneLine(name, 100)} (${short})`;
}

/** "EPSS 12.3 % (2026-11-21, v2025.03.14)": how likely an attempt to exploit it is within 30 days. */
export function epssText({ probability, date, model }: Epss): string {
  const share = probability * 100;
  const digits = share >= 10 ? 0 : share >= 1 ? 1 : 2;
  return `EPSS ${share.toFixed(digits)} % (${[date, ...(model === undefined ? [] : [model])].join(', ')})`;
}

/** The page of an advisory for people. */
export function advisoryUrl(id: string): string {
  const safe = encodeURIComponent(id.toWellFormed());
  return id.startsWith('GHSA-') ? `https://github.com/advisories/${safe}` : `https://osv.dev/vulnerability/${safe}`;
}

/** "vite 4.1.0": what is installed, which is not always what the line names. On one line, whatever a lockfile holds. */
export function lineTitle({ dependency, subject, version }: LineView): string {
  const name = subject?.name ?? dependency.packageName;
  return oneLine(version === undefined ? name : `${name} ${version}`);
}

/** Why no lockfile says which version is installed: "no lockfile", or "bun.lockb cannot be read". */
export function whyNotLocked({ layout }: ProjectView): string {
  const [unread] = layout.lockfile === undefined ? layout.unread : [];
  return unread === undefined ? 'no lockfile' : `${basename(unread.path)} ${unread.reason.split(',', 1).join('')}`;
}

/** What a line asks for and the lockfile was not made for, as a sentence without an end. */
export function pendingWords({ written, locked, madeFor }: PendingLine): string {
  const state =
    madeFor !== undefined
      ? `the lockfile was made for ${oneLine(madeFor)} and has ${oneLine(locked)}`
      : locked === ''
        ? 'the lockfile does not have it yet'
        : `the lockfile still has ${oneLine(locked)}`;
  return `${oneLine(written)} written, ${state}`;
}

/** The findings in the package itself that come from advisories, worst first. */
export function ownAdvisories(line: LineView): AdvisoryFinding[] {
  return line.own.filter(isAdvisoryFinding);
}

/** The last moment that a date can hold. */
const LAST_MOMENT_MS = 8.64e15;

/** ISO date, in UTC. */
export function dateOf(milliseconds: number): string {
  return Math.abs(milliseconds) <= LAST_MOMENT_MS
    ? new Date(milliseconds).toISOString().slice(0, 10)
    : 'an unknown date';
}

/** "3 days", "5 months", "2.5 years". */
export function ageText(milliseconds: number): string {
  const days = Math.max(0, Math.floor(milliseconds / 86_400_000));
  if (days < 60) return count(days, 'day');
  if (days < 730) return count(Math.round(days / 30.44), 'month');
  return `${(days / 365.25).toFixed(1)} years`;
}

/** Remote text on one line, without control characters, cut to a length. Plain text only: Markdown needs escaping besides. */
export function oneLine(text: string, limit = 200): string {
  const flat = text.replace(/[\s\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim();
  return flat.length > limit ? `${flat.slice(0, limit - 1)}…` : flat;
}

/** "installable from 2026-11-28 14:00 UTC": what an age gate says of a version. */
export function heldBackText(until: number): string {
  if (until === Infinity) return 'held back by "before" of the .npmrc';
  // The gate is not open before the minute is over.
  const minute = new Date(Math.ceil(until / 60_000) * 60_000);
  const isDate = !Number.isNaN(minute.getTime());
  return isDate
    ? `installable from ${minute.toISOString().slice(0, 16).replace('T', ' ')} UTC`
    : 'held back by its age';
}
