import type { Connection } from 'vscode-languageserver';

import type { Clock } from '../core/ports.ts';
import { dependencyTree } from '../features/dependency-tree.ts';
import { count, dateOf } from '../features/words.ts';
import { STATUS_NOTIFICATION, type StatusParams } from '../protocol.ts';
import { addCoverage, describeCoverage } from '../workspace/coverage.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { World } from './world.ts';

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
  #sent = '';

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
    }
    this.#sendSoon();
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
    void this.#connection.sendNotification(STATUS_NOTIFICATION, params);
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
  const idle = world.isOnline() ? 'ready' : needsConsent ? 'consent-needed' : 'offline';
  const { badge, coverage: coverageText } = dependencyTree(
    snapshot,
    { grouping: 'action', filter: '' },
    (path) => path,
  );
  const findings = snapshot.projects.reduce((sum, { assessment }) => sum + assessment.findings.length, 0);
  const coverage = addCoverage(snapshot.projects.map(({ assessment }) => assessment.coverage));
  const unchecked = coverage.unknown.length === 0 ? '' : ` · ${String(coverage.unknown.length)} not checked`;
  const sources = snapshot.sources.map(({ name, asOf, complete, trouble }) => {
    const date = asOf === undefined ? 'never answered' : `as of ${dateOf(asOf)}`;
    return `${name}: ${date}${complete ? '' : ', incomplete'}${trouble === undefined ? '' : ` (${trouble})`}`;
  });
  const counts = findings === 0 ? noFindings(coverage.checked, coverage.unknown.length) : count(findings, 'finding');
  return {
    state: isBusy ? 'busy' : idle,
    text: report ?? `${counts}${findings === 0 ? '' : unchecked}`,
    tooltip: [
      describeCoverage(coverage) || coverageText,
      ...sources,
      world.isOnline() ? '' : 'Offline: nothing is sent',
    ]
      .filter((line) => line !== '')
      .join('\n'),
    findings,
    doNow: badge,
  };
}

/** Zero findings is no news of safety unless everything was looked at. */
function noFindings(checked: number, unknown: number): string {
  if (checked === 0 && unknown === 0) return 'no dependencies';
  return unknown === 0 ? 'no known advisory' : `${String(checked)} checked · ${String(unknown)} not checked`;
}
