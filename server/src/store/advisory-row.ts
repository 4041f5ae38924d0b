/** A record as the rows that it becomes. */
export interface AdvisoryRow {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly modified: number;
  /** Null for one that was withdrawn. */
  readonly body: string | null;
  readonly affected: readonly AffectedRow[];
}

export interface AffectedRow {
  /** The number of the ecosystem. */
  readonly ecosystem: number;
  readonly name: string;
  readonly entries: string;
}
