import type { AdvisoryMatch } from '../core/advisory.ts';
import type { Knowledge, Subject } from '../core/knowledge.ts';
import { compareSeverity, worstSeverity } from '../core/severity.ts';
import type { NamedVersion, PossibleTree } from './possible-tree.ts';

/** What is said of a tree that would be installed. */
export interface TreeVerdict {
  /** Why it must not be offered; undefined when it may. */
  readonly refusal: string | undefined;
  /** Ids of advisories that come with packages that are not installed now. */
  readonly brings: readonly string[];
  /** What must be looked up before the tree counts as verified. */
  readonly unknown: readonly Subject[];
}

export interface TreeJudge {
  readonly knowledge: Knowledge;
  readonly subjectOf: (item: NamedVersion) => Subject;
}

/**
 * Weighs what a tree brings in against what it clears: nothing as bad, or worse, may come in, and no advisory that it was
 * meant to clear.
 */
export function judgeTree(
  tree: PossibleTree,
  clears: readonly AdvisoryMatch[],
  { knowledge, subjectOf }: TreeJudge,
): TreeVerdict {
  const worst = worstSeverity(clears.map(({ advisory }) => advisory.severity)) ?? 'unknown';
  const cleared = new Set(clears.map(({ advisory }) => advisory.id));
  const unknown: Subject[] = tree.missing.map((name) => subjectOf({ name, version: '' }));
  const brings = new Set<string>();
  let refusal = tree.trouble;
  for (const item of tree.added) {
    const subject = subjectOf(item);
    const evidence = knowledge.advisories(subject);
    if (!evidence.known) unknown.push(subject);
    for (const { advisory } of evidence.known ? evidence.value : knowledge.knownMatches(subject)) {
      brings.add(advisory.id);
      if (cleared.has(advisory.id) || compareSeverity(advisory.severity, worst) <= 0) {
        refusal = `${item.name} ${item.version} is affected by ${advisory.id}`;
      }
    }
  }
  return { refusal, brings: [...brings], unknown };
}
