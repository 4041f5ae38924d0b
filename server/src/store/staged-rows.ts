import type { DatabaseSync } from 'node:sqlite';
import type { AdvisoryRow } from './advisory-row.ts';
import { BLOCK_LENGTH } from './advisory-schema.ts';
import type { EcosystemCount } from './count-affected.ts';
import { insertRows, type ColumnValue } from './insert-rows.ts';
import { lineOf } from './keyed-lines.ts';
import { StagedPackages } from './staged-packages.ts';
import { encodeRecord } from './stored-record.ts';

/**
 * Records of a generation that is built anew, kept until all are there: put in order into their tables they fill the
 * pages, and take a fraction of the time of records that come in any order.
 *
 * They are kept as columns: objects for each of 200,000 records would be moved by the collector again and again.
 */
export class StagedRows {
  readonly #ids: string[] = [];
  readonly #modified: number[] = [];
  readonly #bodies: (string | null)[] = [];
  readonly #packages = new StagedPackages();
  /** By id: where its newest record is in the columns. Undefined as long as each id is greater than the one before. */
  #rowOf: Map<string, number> | undefined;

  /** When the record of an id was modified that is staged already; undefined when there is none. */
  modifiedOf(id: string): number | undefined {
    const row = this.#rowsUpTo(id)?.get(id);
    return row === undefined ? undefined : this.#modified[row];
  }

  /** Takes the place of an earlier record of its id. */
  add({ id, modified, body, affected }: AdvisoryRow): void {
    this.#rowsUpTo(id)?.set(id, this.#ids.length);
    this.#ids.push(id);
    this.#modified.push(modified);
    this.#bodies.push(body);
    this.#packages.addRow(affected);
  }

  /** Puts everything into its tables, which are empty. Returns what each ecosystem holds, by its number. */
  flush(database: DatabaseSync): Map<number, EcosystemCount> {
    insertRows(database, 'advisory', 2, this.#blocks());
    const counts = new Map<number, EcosystemCount>();
    for (const ecosystem of this.#packages.ecosystems()) {
      counts.set(ecosystem, this.#flushPackages(database, ecosystem));
    }
    return counts;
  }

  *#blocks(): Generator<readonly ColumnValue[]> {
    let first = '';
    let lines = '';
    for (const row of this.#order()) {
      const id = this.#ids[row] ?? '';
      const modified = this.#modified[row] ?? 0;
      const packages = this.#packages.ofRow(row);
      const line = lineOf(id, encodeRecord({ modified, packages, body: this.#bodies[row] ?? null }));
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
    const advisories = new Set<number>();
    let count = 0;
    const rows = function* (this: StagedRows): Generator<readonly ColumnValue[]> {
      for (const { name, entries } of this.#packages.of(ecosystem)) {
        let lines = '';
        for (const { row, text } of this.#current(entries)) {
          lines += lineOf(this.#ids[row] ?? '', text);
          advisories.add(row);
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

  /** Entries in the order of their ids, without those of records that were replaced. */
  #current<T extends { readonly row: number }>(entries: readonly T[]): readonly T[] {
    const rowOf = this.#rowOf;
    if (rowOf === undefined) return entries;
    const idOf = ({ row }: T): string => this.#ids[row] ?? '';
    return entries.filter((entry) => rowOf.get(idOf(entry)) === entry.row).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  }
}
