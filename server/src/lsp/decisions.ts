import { basename } from 'node:path';

import { isAdvisoryFinding, type DecidableFinding } from '../core/finding.ts';
import type { NewDecision } from '../decisions/write-decision.ts';
import { snoozeEnd } from '../features/code-actions/decide-about.ts';
import { count, oneLine } from '../features/words.ts';
import type { DecideParams, DecideResult, UndecideParams } from '../protocol.ts';
import { decidable, decide, decidedId, riskId, undecide } from '../workspace/decide.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import { Drafts } from './drafts.ts';
import type { Session } from './session.ts';

/** The edits that write a decision down, into one file for each project. */
export async function provideDecision(session: Session, params: DecideParams): Promise<DecideResult> {
  const { workspace, world } = await session.running();
  const risks = new Set(params.risks);
  const wanted = params.advisories === undefined ? undefined : new Set(params.advisories);
  const decision = decisionOf(params.decision, world.clock.now());
  const drafts = new Drafts(session);
  const about: DecidableFinding[] = [];
  const refused: string[] = [];
  for (const project of workspace.snapshot.projects) {
    if (!project.decisions.isApplied) continue;
    const findings = decidable(project.assessment.findings)
      // VEX knows advisories only.
      .filter((finding) => decision.kind !== 'not-affected' || isAdvisoryFinding(finding))
      .filter(
        (finding) =>
          risks.has(riskId(project, finding.package)) && (wanted === undefined || wanted.has(finding.ruleId)),
      );
    if (findings.length === 0) continue;
    const context = { author: await session.authorOf(project.layout.root), now: world.clock.now() };
    const edit = decide(findings, decision, project, context);
    if (await drafts.add([], [edit], () => undefined)) about.push(...findings);
    else refused.push(edit.path);
  }
  return { title: titleOf(about), trouble: troubleWith(refused), documents: drafts.wire() };
}

/** The edits that take decisions back. Those at the end of a file come first, so that the others stay where they are. */
export async function provideUndecision(session: Session, { risks }: UndecideParams): Promise<DecideResult> {
  const { workspace, world } = await session.running();
  const wanted = new Set(risks);
  const made = workspace.snapshot.projects.flatMap((project: ProjectView) =>
    [...project.assessment.decided.values()].flat().filter(({ finding }) => wanted.has(decidedId(project, finding))),
  );
  const drafts = new Drafts(session);
  const about: DecidableFinding[] = [];
  const places = new Set<string>();
  const refused: string[] = [];
  for (const { finding, decision } of made.toSorted(
    (a, b) => b.decision.place.span.start - a.decision.place.span.start,
  )) {
    const { path, span } = decision.place;
    const key = `${path}\n${String(span.start)}`;
    const edit = undecide(decision, { now: world.clock.now() });
    // One entry may close findings of several versions.
    if (edit === undefined || places.has(key)) continue;
    places.add(key);
    if (await drafts.add([], [edit], () => undefined)) about.push(finding);
    else refused.push(path);
  }
  return { title: titleOf(about), trouble: troubleWith(refused), documents: drafts.wire() };
}

function decisionOf(decision: DecideParams['decision'], now: number): NewDecision {
  if (decision.kind !== 'snooze' || typeof decision.until === 'string') return { ...decision } as NewDecision;
  return { kind: 'snooze', until: { date: snoozeEnd(now, decision.until.days) }, reason: decision.reason };
}

function troubleWith([path]: readonly string[]): string {
  return path === undefined ? '' : `${basename(path)} is not valid, and was not changed`;
}

function titleOf(findings: readonly DecidableFinding[]): string {
  if (findings.length === 0) return '';
  const names = [...new Set(findings.map((finding) => finding.package.name))];
  const more = names.length > 3 ? ` and ${String(names.length - 3)} more` : '';
  return oneLine(`${count(findings.length, 'finding')} of ${names.slice(0, 3).join(', ')}${more}`);
}
