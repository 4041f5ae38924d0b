import type { DatabaseSync } from 'node:sqlite';

export type ColumnValue = string | number;

/** Rows that one statement inserts: each statement costs as much as some rows. */
const ROWS_AT_ONCE = 64;

/** Inserts rows into a table, which should come in the order of its key. */
export function insertRows(
  database: DatabaseSync,
  table: 'advisory' | 'affected',
  columns: number,
  rows: Iterable<readonly ColumnValue[]>,
): void {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const statementFor = (count: number) =>
    database.prepare(`INSERT INTO ${table} VALUES ${Array.from({ length: count }, () => row).join(', ')}`);
  const many = statementFor(ROWS_AT_ONCE);
  let values: ColumnValue[] = [];
  for (const each of rows) {
    for (const value of each) values.push(value);
    if (values.length < ROWS_AT_ONCE * columns) continue;
    many.run(...values);
    values = [];
  }
  if (values.length > 0) statementFor(values.length / columns).run(...values);
}
