import type { DatabaseSync } from 'node:sqlite';

export type ColumnValue = string | number | null;

/** Rows that one statement inserts: each statement costs as much as some rows. */
const ROWS_AT_ONCE = 64;

/** Inserts a number of rows into a table, which should come in the order of its key. `push` adds the values of one. */
export function insertRows(
  database: DatabaseSync,
  table: 'advisory' | 'affected',
  columns: number,
  count: number,
  push: (index: number, values: ColumnValue[]) => void,
): void {
  const row = `(${Array.from({ length: columns }, () => '?').join(', ')})`;
  const statementFor = (rows: number) =>
    database.prepare(`INSERT INTO ${table} VALUES ${Array.from({ length: rows }, () => row).join(', ')}`);
  const many = statementFor(ROWS_AT_ONCE);
  let values: ColumnValue[] = [];
  for (let index = 0; index < count; index++) {
    push(index, values);
    if (values.length < ROWS_AT_ONCE * columns) continue;
    many.run(...values);
    values = [];
  }
  if (values.length > 0) statementFor(values.length / columns).run(...values);
}
