import type { Advisory, Affected } from './advisory.ts';

/** What a generation of the local database is. */
export interface DatabaseInfo {
  /** File name, for people. */
  readonly label: string;
  /** OSV name of each ecosystem in it. Only for a complete one does silence mean "no known advisory". */
  readonly ecosystems: readonly {
    readonly name: string;
    readonly complete: boolean;
    /** Milliseconds since the epoch: the newest record's or the export's time. */
    readonly asOf: number;
    readonly advisories: number;
    readonly packages: number;
  }[];
}

/** An immutable generation of advisories, read synchronously in microseconds. */
export interface AdvisoryDatabase {
  readonly info: DatabaseInfo;
  /**
   * Looks up many packages at once, so that asking after each of those that no advisory names costs nothing. Says nothing of
   * a database that cannot be read: the single questions do.
   */
  expect(ecosystem: string, names: readonly string[]): void;
  /** The affected entries of a package, withdrawn advisories left out; empty when it names none. */
  affected(ecosystem: string, name: string): readonly { readonly id: string; readonly affected: Affected }[];
  advisory(id: string): Advisory | undefined;
}
