import { statSync } from 'node:fs';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredAnswer } from '../core/ports.ts';
import { ANSWER_QUERY, ANSWERS_QUERY } from './answer-file.ts';
import { sqliteCode, type SqliteModule } from './probe-sqlite.ts';

/** How long what is missing, the file or an answer, is not looked for again, in milliseconds: another process may write it. */
const MISSING_MS = 250;

/** The reading side of the store's file. It never waits: what another process has locked is a miss. */
export class AnswerReader {
  readonly #sqlite: SqliteModule;
  readonly #path: string;
  readonly #now: () => number;
  readonly #onDamaged: () => void;
  /** When the file was found missing, in milliseconds since the epoch. */
  #missingSince: number | undefined;
  #open: Opened | undefined;
  /** What was read ahead, by key; undefined for no answer. */
  #ahead:
    | { readonly source: string; readonly since: number; readonly answers: Map<string, StoredAnswer | undefined> }
    | undefined;
  #isDamaged = false;

  /** `onDamaged` is called once until the next `reopen`. */
  constructor(sqlite: SqliteModule, path: string, now: () => number, onDamaged: () => void) {
    this.#sqlite = sqlite;
    this.#path = path;
    this.#now = now;
    this.#onDamaged = onDamaged;
  }

  get(source: string, key: string): StoredAnswer | undefined {
    const ahead = this.#readAhead(source);
    if (ahead?.has(key) === true) return ahead.get(key);
    return this.#attempt(({ query }) => {
      const row = query.get(source, key);
      return row && answerOf(row);
    });
  }

  /** Reads many answers at once. They are held for a moment, until they have been asked for one by one. */
  expect(source: string, keys: readonly string[]): void {
    this.#ahead = this.#attempt(({ database }) => {
      const answers = new Map<string, StoredAnswer | undefined>(keys.map((key) => [key, undefined]));
      for (const row of database.prepare(ANSWERS_QUERY).all(source, JSON.stringify(keys))) {
        answers.set(String(row['key']), answerOf(row));
      }
      return { source, since: this.#now(), answers };
    });
  }

  #readAhead(source: string): ReadonlyMap<string, StoredAnswer | undefined> | undefined {
    if (this.#ahead?.source !== source) return undefined;
    const sinceMs = this.#now() - this.#ahead.since;
    if (sinceMs >= 0 && sinceMs < MISSING_MS) return this.#ahead.answers;
    this.#ahead = undefined;
    return undefined;
  }

  #attempt<T>(read: (opened: Opened) => T): T | undefined {
    if (this.#isDamaged) return undefined;
    try {
      const opened = this.#opened();
      return opened && read(opened);
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
    this.lookAgain();
  }

  /** The file was written: what was missing may be there. */
  lookAgain(): void {
    this.#missingSince = undefined;
    this.#ahead = undefined;
  }

  close(): void {
    this.#open?.database.close();
    this.#open = undefined;
    this.#ahead = undefined;
  }

  #opened(): Opened | undefined {
    if (this.#open !== undefined) return this.#open;
    // Thousands of packages are looked up before the first answer is stored, and each look at the disk costs.
    const sinceMs = this.#now() - (this.#missingSince ?? -Infinity);
    if (sinceMs >= 0 && sinceMs < MISSING_MS) return undefined;
    this.#open = openForReading(this.#sqlite, this.#path);
    this.#missingSince = this.#open === undefined ? this.#now() : undefined;
    return this.#open;
  }
}

function answerOf({ body, etag, fetched_at: fetchedAt }: Row): StoredAnswer | undefined {
  if (typeof body !== 'string' || typeof fetchedAt !== 'number') return undefined;
  return { body, etag: typeof etag === 'string' ? etag : undefined, fetchedAt };
}

type Row = ReturnType<StatementSync['all']>[number];

interface Opened {
  readonly database: DatabaseSync;
  readonly query: StatementSync;
}

/** Undefined while nobody has written the file. */
function openForReading(sqlite: SqliteModule, path: string): Opened | undefined {
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
