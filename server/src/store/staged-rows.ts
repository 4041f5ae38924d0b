import type { DatabaseSync } from 'node:sqlite';
import type { AdvisoryRow } from './advisory-row.ts';
import { BLOCK_LENGTH } from './advisory-schema.ts';
import type { EcosystemCount } from './count-affected.ts';
import { insertRows, type ColumnValue } from './insert-rows.ts';
import { lineOf } from './keyed-lines.ts';
import { encodeRecord } from './stored-record.ts';

/**
 * Records of a generation that is built anew, kept until all are there: put in order into their tables they fill the
 * pages, and take a fraction of the time of records that come in any order.
 *
 * They are kept as columns: an object for each of 200,000 records would be moved by the collector again and again.
 */
export class StagedRows {
  readonly #ids: string[] = [];
  readonly #modified: number[] = [];
  /** What will stand in the lines of the blocks. */
  readonly #records: string[] = [];
  /** By id: where its newest record is in the columns. Undefined as long as each id is greater than the one before. */
  #rowOf: Map<string, number> | undefined;
  readonly #owners: number[] = [];
  readonly #entries: string[] = [];
  /** For each entry the one before it of the same package, or -1. */
  readonly #earlier: number[] = [];
  /** By the number of the ecosystem and the name of the package: its last entry. */
  readonly #packages = new Map<number, Map<string, number>>();

  /** When the record of an id was modified that is staged already; undefined when there is none. */
  modifiedOf(id: string): number | undefined {
    const row = this.#rowsUpTo(id)?.get(id);
    return row === undefined ? undefined : this.#modified[row];
  }

  /** Takes the place of an earlier record of its id. */
  add({ id, modified, body, affected }: AdvisoryRow): void {
    const row = this.#ids.length;
    this.#rowsUpTo(id)?.set(id, row);
    this.#ids.push(id);
    this.#modified.push(modified);
    this.#records.push(encodeRecord({ modified, packages: affected, body }));
    for (const { ecosystem, name, entries } of affected) {
      const packages = this.#packagesOf(ecosystem);
      const entry = this.#owners.length;
      this.#earlier.push(packages.get(name) ?? -1);
      packages.set(name, entry);
      this.#owners.push(row);
      this.#entries.push(entries);
    }
  }

  /** Puts everything into its tables, which are empty. Returns what each ecosystem holds, by its number. */
  flush(database: DatabaseSync): Map<number, EcosystemCount> {
    insertRows(database, 'advisory', 2, this.#blocks());
    const counts = new Map<number, EcosystemCount>();
    for (const ecosystem of [...this.#packages.keys()].sort((a, b) => a - b)) {
      counts.set(ecosystem, this.#flushPackages(database, ecosystem));
    }
    return counts;
  }

  *#blocks(): Generator<readonly ColumnValue[]> {
    let first = '';
    let lines = '';
    for (const row of this.#order()) {
      const id = this.#ids[row] ?? '';
      const line = lineOf(id, this.#records[row] ?? '');
      if (lines !== '' && lines.length + line.length > BLOCK_LENGTH) {
        yield [first, lines];
        lines = '';
      }
      if (lines === '') first = id;
      lines += line;
    }
    if (lines !== '') yield [first, lines];
  }

  #flushPackages(database: DatabaseSync, ecosystem: number): EcosystemCount {
    const packages = this.#packagesOf(ecosystem);
    const advisories = new Set<number>();
    let count = 0;
    const rows = function* (this: StagedRows): Generator<readonly ColumnValue[]> {
      for (const name of [...packages.keys()].sort()) {
        let lines = '';
        for (const entry of this.#currentOf(packages.get(name) ?? -1)) {
          lines += lineOf(this.#idOf(entry), this.#entries[entry] ?? '');
          advisories.add(this.#owners[entry] ?? 0);
        }
        if (lines === '') continue;
        count += 1;
        yield [ecosystem, name, lines];
      }
    };
    insertRows(database, 'affected', 3, rows.call(this));
    return { advisories: advisories.size, packages: count };
  }

  /** Exports mostly come in the order of their ids, and need no map of them then. */
  #rowsUpTo(id: string): Map<string, number> | undefined {
    if (this.#rowOf !== undefined || id > (this.#ids.at(-1) ?? '')) return this.#rowOf;
    this.#rowOf = new Map(this.#ids.map((known, row) => [known, row]));
    return this.#rowOf;
  }

  /** Records in the order of their ids, each id once. The order is that of code units, which for ids is SQLite's. */
  #order(): Iterable<number> {
    const rowOf = this.#rowOf;
    return rowOf === undefined ? this.#ids.keys() : [...rowOf.keys()].sort().map((id) => rowOf.get(id) ?? 0);
  }

  /** The entries of a package in the order of their ids, without those of records that were replaced. */
  #currentOf(last: number): readonly number[] {
    const entries: number[] = [];
    for (let entry = last; entry >= 0; entry = this.#earlier[entry] ?? -1) {
      if (this.#rowOf === undefined || this.#rowOf.get(this.#idOf(entry)) === this.#owners[entry]) entries.push(entry);
    }
    entries.reverse();
    return this.#rowOf === undefined ? entries : entries.sort((a, b) => (this.#idOf(a) < this.#idOf(b) ? -1 : 1));
  }

  #idOf(entry: number): string {
    return this.#ids[this.#owners[entry] ?? 0] ?? '';
  }

  #packagesOf(ecosystem: number): Map<string, number> {
    const known = this.#packages.get(ecosystem);
    if (known !== undefined) return known;
    const packages = new Map<string, number>();
    this.#packages.set(ecosystem, packages);
    return packages;
  }
}
