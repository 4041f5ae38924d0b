import type { DecisionSet } from '../../core/decision.ts';
import type { HygieneIssue } from '../../core/hygiene.ts';

/** One broken file may have a problem on each line. */
const MAX_ISSUES = 20;

/** What keeps decisions from counting: nobody may take a finding for decided that is not. */
export function decisionHygiene({ files, isApplied }: DecisionSet): HygieneIssue[] {
  const unclear = files.flatMap(({ path, problems, decisions }): HygieneIssue[] => [
    ...problems.slice(0, MAX_ISSUES).map(({ span, message }): HygieneIssue => {
      return { code: 'decision-unclear', place: { path, span }, message };
    }),
    ...(isApplied || decisions.length === 0
      ? []
      : [
          {
            code: 'decision-untrusted' as const,
            place: { path, span: { start: 0, end: 0 } },
            message: `what it decides about ${String(decisions.length)} of the findings is not applied, because the workspace is not trusted`,
          },
        ]),
  ]);
  return unclear.slice(0, MAX_ISSUES);
}
