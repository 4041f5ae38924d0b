/** A change that may be made, and what it would clear. */
export interface Candidate<T> {
  readonly change: T;
  /** Keys of findings. */
  readonly clears: ReadonlySet<string>;
  /** How many places it edits. At least one. */
  readonly edits: number;
  /** How much else it may change: of two that clear the same, the lower one is taken. */
  readonly risk: number;
}

/**
 * The fewest edits that clear the most findings: at each turn the change that clears the most new ones for each of its edits,
 * until none clears a new one; then those are dropped that the others make needless. Taking the best first comes within a
 * factor of ln(n) of the smallest set, and no quick way comes closer (Chvátal 1979, "A Greedy Heuristic for the Set-Covering
 * Problem").
 */
export function planAll<T>(candidates: readonly Candidate<T>[]): Candidate<T>[] {
  const chosen: Candidate<T>[] = [];
  const cleared = new Set<string>();
  const left = new Set(candidates.filter(({ clears }) => clears.size > 0));
  while (left.size > 0) {
    let best: { readonly candidate: Candidate<T>; readonly worth: number } | undefined;
    for (const candidate of left) {
      const fresh = [...candidate.clears].filter((key) => !cleared.has(key)).length;
      if (fresh === 0) {
        left.delete(candidate);
        continue;
      }
      const worth = fresh / Math.max(1, candidate.edits);
      const isBetter =
        best === undefined || worth > best.worth || (worth === best.worth && candidate.risk < best.candidate.risk);
      if (isBetter) best = { candidate, worth };
    }
    if (best === undefined) break;
    left.delete(best.candidate);
    chosen.push(best.candidate);
    for (const key of best.candidate.clears) cleared.add(key);
  }
  return withoutNeedless(chosen);
}

/** Those chosen early may be covered by what came after them. The riskiest go first. */
function withoutNeedless<T>(chosen: readonly Candidate<T>[]): Candidate<T>[] {
  const times = new Map<string, number>();
  for (const { clears } of chosen) for (const key of clears) times.set(key, (times.get(key) ?? 0) + 1);
  const needless = new Set<Candidate<T>>();
  for (const candidate of chosen.toSorted((a, b) => b.risk - a.risk || b.edits - a.edits)) {
    if ([...candidate.clears].some((key) => times.get(key) === 1)) continue;
    needless.add(candidate);
    for (const key of candidate.clears) times.set(key, (times.get(key) ?? 0) - 1);
  }
  return chosen.filter((candidate) => !needless.has(candidate));
}
