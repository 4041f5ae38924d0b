/** One line of the bench table. Times in milliseconds, sizes in the row's unit. */
export interface Row {
  readonly name: string;
  readonly ours: number;
  /** Null where there is no peer: then `ratio` is `ours` itself and `gate` its upper bound. */
  readonly peer: number | null;
  readonly ratio: number;
  readonly gate: number;
  readonly pass: boolean;
  readonly unit?: string;
  /** Why it could not be measured; the numbers mean nothing then. */
  readonly trouble?: string;
}

export interface BenchOptions {
  /** A folder of real lockfiles to measure besides the generated ones. */
  readonly corpus: string | undefined;
  /** Fewer repetitions, for a quick look. */
  readonly isQuick: boolean;
}

export function againstPeer(name: string, ours: number, peer: number, gate: number): Row {
  const ratio = ours / peer;
  return { name, ours, peer, ratio, gate, pass: ratio <= gate };
}

export function withinBound(name: string, ours: number, gate: number, unit: string): Row {
  return { name, ours, peer: null, ratio: ours, gate, pass: ours <= gate, unit };
}

/** A row in place of those that could not be measured. */
export function notMeasured(name: string, error: unknown): Row {
  const trouble = error instanceof Error ? error.message : String(error);
  return { name, ours: Number.NaN, peer: null, ratio: Number.NaN, gate: Number.NaN, pass: false, trouble };
}

export function median(values: readonly number[]): number {
  return percentile(values, 0.5);
}

/** The value that a share of all values does not exceed. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}
