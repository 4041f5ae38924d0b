import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredAnswer } from '../core/ports.ts';
import { ANSWER_QUERY } from './answer-file.ts';
import { sqliteCode, type SqliteModule } from './probe-sqlite.ts';

/** The reading side of the store's file. It never waits: what another process has locked is a miss. */
export class AnswerReader {
  readonly #sqlite: SqliteModule;
  readonly #path: string;
  readonly #onDamaged: () => void;
  #open: { readonly database: DatabaseSync; readonly query: StatementSync } | undefined;
  #isDamaged = false;

  /** `onDamaged` is called once until the next `reopen`. */
  constructor(sqlite: SqliteModule, path: string, onDamaged: () => void) {
    this.#sqlite = sqlite;
    this.#path = path;
    this.#onDamaged = onDamaged;
  }

  get(source: string, key: string): StoredAnswer | undefined {
    if (this.#isDamaged) return undefined;
    try {
      this.#open ??= openForReading(this.#sqlite, this.#path);
      const row = this.#open?.query.get(source, key);
      if (row === undefined) return undefined;
      const { body, etag, fetched_at: fetchedAt } = row;
      if (typeof body !== 'string' || typeof fetchedAt !== 'number') return undefined;
      return { body, etag: typeof etag === 'string' ? etag : undefined, fetchedAt };
    } catch (error) {
      if (sqliteCode(error) === 'damaged') {
        this.close();
        this.#isDamaged = true;
        this.#onDamaged();
      }
      return undefined;
    }
  }

  /** Reads the file that lies at the path now. */
  reopen(): void {
    this.close();
    this.#isDamaged = false;
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
  }
}

/** Undefined while nobody has written the file. */
function openForReading(
  sqlite: SqliteModule,
  path: string,
): { readonly database: DatabaseSync; readonly query: StatementSync } | undefined {
  if (statSync(path, { throwIfNoEntry: false }) === undefined) return undefined;
  const database = new sqlite.DatabaseSync(path, { readOnly: true });
  try {
    database.exec('PRAGMA busy_timeout = 0');
    return { database, query: database.prepare(ANSWER_QUERY) };
  } catch (error) {
    database.close();
    throw error;
  }
}
