import type { DatabaseSync } from 'node:sqlite';
import { SourceError } from '../core/evidence.ts';
import type { AffectedRow } from './advisory-row.ts';
import { AFFECTED_QUERY } from './advisory-schema.ts';
import { readLines, valueIn } from './keyed-lines.ts';
import type { SqliteModule } from './probe-sqlite.ts';
import { decodeRecord } from './stored-record.ts';

/** A record of an earlier generation; its ecosystems have the numbers that they had there. */
export interface KeptRecord {
  readonly id: string;
  readonly modified: number;
  readonly body: string | null;
  readonly affected: readonly AffectedRow[];
}

export interface Kept {
  readonly ecosystems: readonly { readonly id: number; readonly name: string; readonly asOf: number }[];
  readonly records: readonly KeptRecord[];
}

/** As {@link keptOf}, of a file. Throws when it cannot be read. */
export function keptIn(sqlite: SqliteModule, path: string, isNamed: (id: string) => boolean): Kept {
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  try {
    return keptOf(database, isNamed);
  } finally {
    database.close();
  }
}

/** What a generation has and a new one that `isNamed` in does not. */
export function keptOf(database: DatabaseSync, isNamed: (id: string) => boolean): Kept {
  const affected = database.prepare(AFFECTED_QUERY);
  const records: KeptRecord[] = [];
  for (const block of database.prepare('SELECT lines FROM advisory ORDER BY first').iterate()) {
    for (const { id, value } of readLines(String(block['lines'])) ?? []) {
      if (isNamed(id)) continue;
      const record = decodeRecord(value);
      if (record === undefined) throw new SourceError('bad-answer', `the advisory database is damaged at ${id}`);
      const rows = record.packages.map(({ ecosystem, name }) => {
        const entries = valueIn(String(affected.get(ecosystem, name)?.['lines'] ?? ''), id);
        // Its absence would make the package look safe.
        if (entries === undefined) throw new SourceError('bad-answer', `the advisory database is damaged at ${name}`);
        return { ecosystem, name, entries };
      });
      records.push({ id, modified: record.modified, body: record.body, affected: rows });
    }
  }
  const ecosystems = database.prepare('SELECT id, name, as_of FROM ecosystem').all();
  return {
    records,
    ecosystems: ecosystems.map((row) => {
      return { id: Number(row['id']), name: String(row['name']), asOf: Number(row['as_of']) };
    }),
  };
}
