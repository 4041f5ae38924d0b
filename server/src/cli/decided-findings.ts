import type { Decision } from '../core/decision.ts';
import { identityOf } from '../core/fingerprint.ts';
import { documentLines } from '../workspace/document-lines.ts';
import { placeDecided } from '../workspace/place-findings.ts';
import type { ProjectView } from '../workspace/snapshot.ts';
import type { CheckedFinding, ShownPlace } from './checked-finding.ts';
import { FindingMerger } from './merge-findings.ts';
import { shownPath } from './shown-path.ts';

/** A finding that counts no longer, and the decision that says so. */
export interface CheckedDecision {
  readonly item: CheckedFinding;
  readonly decision: Decision;
  readonly place: ShownPlace;
}

/** What was decided about in all projects. What is open in another project is open: it stands among the findings. */
export function decidedFindings(
  projects: readonly ProjectView[],
  open: readonly CheckedFinding[],
  cwd: string,
): CheckedDecision[] {
  const merger = new FindingMerger(cwd);
  const decisions = new Map<string, { readonly decision: Decision; readonly place: ShownPlace }>();
  for (const project of projects) {
    const lines = documentLines(project);
    for (const { placed, decision } of placeDecided(project)) {
      merger.add([placed], project);
      const key = identityOf(placed.finding);
      if (decisions.has(key)) continue;
      const { path, span } = decision.place;
      const start = lines.get(path)?.positionAt(span.start) ?? { line: 0, character: 0 };
      const place = { document: shownPath(path, cwd), line: start.line + 1, column: start.character + 1 };
      decisions.set(key, { decision, place });
    }
  }
  const isOpen = new Set(open.map(({ finding }) => identityOf(finding)));
  return merger.result().flatMap((item) => {
    const key = identityOf(item.finding);
    const made = decisions.get(key);
    return made === undefined || isOpen.has(key) ? [] : [{ item, ...made }];
  });
}
