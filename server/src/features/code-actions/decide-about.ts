import { CodeActionKind } from 'vscode-languageserver-types';

import type { DecidedFinding } from '../../core/decision.ts';
import {
  isAdvisoryFinding,
  type AdvisoryFinding,
  type DecidableFinding,
  type SignatureFinding,
} from '../../core/finding.ts';
import type { NewDecision } from '../../decisions/write-decision.ts';
import { DECIDE_COMMAND, type DecideArguments } from '../../protocol.ts';
import { decidable, decide, riskId, undecide } from '../../workspace/decide.ts';
import type { LineView, ProjectView } from '../../workspace/snapshot.ts';
import { VERDICT_WORDS } from '../verdict-words.ts';
import { countAdvisories, dateOf, oneLine } from '../words.ts';
import type { Action } from './action.ts';

/** How the client lets a user decide. */
export interface DecideRequest {
  /** True when it asks for the reason by a command of its own. */
  readonly canAsk: boolean;
  /** True when an edit may make a file. */
  readonly canCreate: boolean;
  /** From the configuration of git. */
  readonly author: string | undefined;
}

const DAY_MS = 86_400_000;
const SNOOZE_DAYS = 30;

/** The day on which a snooze of so many days ends, as ISO date. */
export function snoozeEnd(now: number, days: number): string {
  return dateOf(now + days * DAY_MS);
}

/** "Not affected because …", snoozes, and the way back, for what is found in a line's own package. */
export function decideAbout(
  { own, decided }: Pick<LineView, 'own' | 'decided'>,
  project: ProjectView,
  request: DecideRequest | undefined,
): Action[] {
  // What is decided in a workspace that is not trusted would not count.
  if (request === undefined || !project.decisions.isApplied) return [];
  const findings = decidable(own);
  const advisories = findings.filter(isAdvisoryFinding);
  const signatures = findings.filter((finding) => finding.kind === 'signature');
  return [
    ...(advisories.length === 0 ? [] : decisionsOn(advisories, project, request)),
    ...(request.canCreate ? signatures.map((finding) => acceptSignature(finding, project, request)) : []),
    ...decided.flatMap((item) => wayBack(item, project)),
  ];
}

function decisionsOn(findings: readonly AdvisoryFinding[], project: ProjectView, request: DecideRequest): Action[] {
  const what = whatOf(findings);
  const hasFix = findings.some(({ match }) => match.fixed !== undefined);
  const until = snoozeEnd(project.now, SNOOZE_DAYS);
  const snoozes: [string, NewDecision][] = [
    ...(hasFix ? [] : [snooze(`Snooze ${what} until a fix exists`, 'fixed')]),
    snooze(`Snooze ${what} for ${String(SNOOZE_DAYS)} days, until ${until}`, { date: until }),
    snooze(`Snooze ${what} until another version is installed`, 'version'),
  ];
  return [
    ...(request.canAsk ? [askFor(findings, what, project)] : []),
    ...(request.canCreate ? [...(request.canAsk ? [] : [neverExecuted(what)]), ...snoozes] : []).map(
      ([title, decision]) => editFor(title, decision, findings, project, request),
    ),
  ];
}

/** A changed provenance is looked into once, and accepted for the version that was looked at. */
function acceptSignature(finding: SignatureFinding, project: ProjectView, request: DecideRequest): Action {
  const { name, version } = finding.package;
  const words = VERDICT_WORDS[finding.signature.verdict];
  const title = oneLine(`Accept for this version: ${words} of ${name} ${version}`);
  return editFor(title, { kind: 'accept', reason: '' }, [finding], project, request);
}

function snooze(title: string, until: Extract<NewDecision, { kind: 'snooze' }>['until']): [string, NewDecision] {
  return [title, { kind: 'snooze', until, reason: '' }];
}

/** Where nobody can be asked, the reason that is given most, in a file that then lies open. */
function neverExecuted(what: string): [string, NewDecision] {
  const justification = 'vulnerable_code_not_in_execute_path';
  return [
    `Not affected by ${what}: the vulnerable code is never executed`,
    { kind: 'not-affected', justification, statement: '' },
  ];
}

function askFor(findings: readonly AdvisoryFinding[], what: string, project: ProjectView): Action {
  const title = `Not affected by ${what} because …`;
  const told: DecideArguments = {
    risks: [...new Set(findings.map((finding) => riskId(project, finding.package)))],
    advisories: findings.map(({ ruleId }) => ruleId),
  };
  return {
    ...actionOf(title, findings),
    command: { title, command: DECIDE_COMMAND, arguments: [told] },
  };
}

function editFor(
  title: string,
  decision: NewDecision,
  findings: readonly DecidableFinding[],
  project: ProjectView,
  { author }: DecideRequest,
): Action {
  const late = [decide(findings, decision, project, { author, now: project.now })];
  return { ...actionOf(title, findings), late, key: title };
}

function wayBack({ finding, decision }: DecidedFinding, project: ProjectView): Action[] {
  const edit = undecide(decision, project);
  if (edit === undefined) return [];
  const title = oneLine(`Take back the decision about ${finding.ruleId}`);
  return [{ ...actionOf(title, [finding]), late: [edit], key: title }];
}

function actionOf(title: string, findings: readonly DecidableFinding[]): Action {
  return {
    title,
    kind: CodeActionKind.QuickFix,
    isPreferred: false,
    edits: [],
    mends: findings.map(({ ruleId }) => ruleId),
    verify: [],
    command: undefined,
  };
}

function whatOf(findings: readonly AdvisoryFinding[]): string {
  const [first, ...others] = findings;
  if (first === undefined || others.length > 0) return countAdvisories(findings.length);
  return oneLine(first.ruleId, 60);
}
