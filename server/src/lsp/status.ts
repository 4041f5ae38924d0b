import { basename } from 'node:path';
import type { Connection } from 'vscode-languageserver';

import type { Clock } from '../core/ports.ts';
import { countToDoNow } from '../features/dependency-tree.ts';
import { count, dateOf } from '../features/words.ts';
import { STATUS_NOTIFICATION, type StatusParams } from '../protocol.ts';
import { addCoverage, describeCoverage, type Coverage } from '../workspace/coverage.ts';
import { coverageOf } from '../workspace/project-coverage.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { World } from './world.ts';

/** The states in which the text has to say that nobody is asked. */
const OFFLINE: ReadonlySet<StatusParams['state']> = new Set(['offline', 'consent-needed']);

/** How long a report of an install stands in place of the counts, in milliseconds. */
const REPORT_MS = 10_000;
/** The least time between two messages, in milliseconds. */
const PAUSE_MS = 150;

export interface StatusNews {
  readonly needsConsent: boolean;
  readonly report: string | undefined;
}

interface Latest {
  readonly snapshot: Snapshot;
  readonly world: World;
  readonly needsConsent: boolean;
}

/** Keeps the client's status item true: busy, counts, coverage, sources and their age. */
export class StatusReporter {
  readonly #connection: Connection;
  readonly #clock: Clock;
  #isBusy = false;
  #report: { readonly text: string; readonly until: number } | undefined;
  #latest: Latest | undefined;
  #cancel: (() => void) | undefined;
  #cancelReport: (() => void) | undefined;
  #sent = '';
  #logged = '';

  constructor(connection: Connection, clock: Clock) {
    this.#connection = connection;
    this.#clock = clock;
  }

  busy(isBusy: boolean): void {
    this.#isBusy = isBusy;
    this.#sendSoon();
  }

  /** `report` is what a changed lockfile mended, said once. */
  show(snapshot: Snapshot, world: World, { needsConsent, report }: StatusNews): void {
    this.#latest = { snapshot, world, needsConsent };
    if (report !== undefined) {
      this.#report = { text: report, until: this.#clock.now() + REPORT_MS };
      world.log.info(report);
      this.#cancelReport?.();
      this.#cancelReport = this.#clock.after(REPORT_MS, () => this.#sendSoon());
    }
    this.#sendSoon();
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancelReport?.();
  }

  #sendSoon(): void {
    this.#cancel ??= this.#clock.after(PAUSE_MS, () => {
      this.#cancel = undefined;
      this.#send();
    });
  }

  #send(): void {
    if (this.#latest === undefined) return;
    const params = statusOf(this.#latest, this.#isBusy, this.#reportNow());
    const text = JSON.stringify(params);
    if (text === this.#sent) return;
    this.#sent = text;
    this.#logOnce(params);
    void this.#connection.sendNotification(STATUS_NOTIFICATION, params);
  }

  /** The log tells a user who looks into it what was seen, and when. */
  #logOnce({ state, text, tooltip }: StatusParams): void {
    const line = `${text}: ${tooltip.replaceAll('\n', '; ')}`;
    if (state === 'busy' || line === this.#logged) return;
    this.#logged = line;
    this.#latest?.world.log.info(line);
  }

  #reportNow(): string | undefined {
    return this.#report && this.#clock.now() < this.#report.until ? this.#report.text : undefined;
  }
}

function statusOf(
  { snapshot, world, needsConsent }: Latest,
  isBusy: boolean,
  report: string | undefined,
): StatusParams {
  const idle = isEmpty(snapshot) ? 'empty' : world.isOnline() ? 'ready' : needsConsent ? 'consent-needed' : 'offline';
  const findings = snapshot.projects.reduce((sum, { assessment }) => sum + assessment.findings.length, 0);
  const coverage = addCoverage(snapshot.projects.map(coverageOf));
  const unchecked = coverage.unknown.length === 0 ? '' : ` · ${String(coverage.unknown.length)} not checked`;
  const decided = countDecided(snapshot);
  const calm = decided === 0 ? 'no known advisory' : 'nothing open';
  const open = findings === 0 ? noFindings(coverage, hasUnread(snapshot), calm) : count(findings, 'finding');
  const counts = decided === 0 ? open : `${open} · ${String(decided)} decided`;
  return {
    state: isBusy ? 'busy' : idle,
    text: report ?? `${counts}${findings === 0 ? '' : unchecked}${OFFLINE.has(idle) ? ' · offline' : ''}`,
    tooltip: [
      describeCoverage(coverage),
      ...unreadLines(snapshot),
      ...sourceLines(snapshot, world),
      ...sendingLines(idle),
    ].join('\n'),
    findings,
    doNow: countToDoNow(snapshot),
  };
}

/** Those that were heard, and those that are in trouble; who was never asked has nothing to say. */
function sourceLines({ sources }: Snapshot, world: World): string[] {
  return sources.flatMap(({ name, asOf, complete, trouble }) => {
    const problem = trouble === undefined ? '' : ` (${trouble})`;
    if (asOf !== undefined) return [`${name}: as of ${dateOf(asOf)}${complete ? '' : ', a sample'}${problem}`];
    return world.isOnline() || problem !== '' ? [`${name}: no answer yet${problem}`] : [];
  });
}

function countDecided({ projects }: Snapshot): number {
  const lists = projects.flatMap(({ assessment }) => [...assessment.decided.values()]);
  return lists.reduce((sum, list) => sum + list.length, 0);
}

function unreadLines({ projects }: Snapshot): string[] {
  return projects.flatMap(({ layout }) => layout.unread.map(({ path, reason }) => `${basename(path)} ${reason}`));
}

function sendingLines(state: StatusParams['state']): string[] {
  if (state === 'consent-needed') return ['Nothing is sent before you agree. Click to decide.'];
  return state === 'offline' ? ['Offline: nothing is sent.'] : [];
}

/** Zero findings is no news of safety unless everything was looked at. */
function noFindings({ checked, unknown, skipped }: Coverage, hasUnread: boolean, calm: string): string {
  if (checked === 0 && unknown.length === 0 && !hasUnread)
    return skipped.length === 0 ? 'no dependencies' : 'none checked';
  if (unknown.length > 0) return `${String(checked)} checked · ${String(unknown.length)} not checked`;
  return hasUnread ? `${String(checked)} checked · not every file could be read` : calm;
}

/** True when there is nothing that could be read, so that there is nothing to ask about either. */
function isEmpty({ projects }: Snapshot): boolean {
  return projects.every(({ manifests, layout }) => manifests.length === 0 && layout.lockfile === undefined);
}

/** True when a part of a document, or a whole one, could not be read, so that nobody knows what it installs. */
function hasUnread({ projects }: Snapshot): boolean {
  return projects.some(
    ({ layout, manifests, lockfile }) =>
      layout.unread.length > 0 ||
      manifests.some(({ problems }) => problems.length > 0) ||
      (layout.lockfile !== undefined && (lockfile === undefined || lockfile.problems.length > 0)),
  );
}
