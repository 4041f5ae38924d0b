import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { PutAnswer, WriterReply, WriterRequest } from './answer-writer.ts';
import { isLocalDisk } from './disk-kind.ts';
import { loadSqlite, sqliteCode } from './probe-sqlite.ts';

export interface AnswerFileOptions {
  /** Absolute path. Its folder is made when it is missing. */
  readonly path: string;
  /** Milliseconds since the epoch: answers over ninety days older are forgotten. */
  readonly now: number;
}

const SCHEMA_VERSION = 1;
const SCHEMA = `
  CREATE TABLE answers (
    source TEXT NOT NULL,
    key TEXT NOT NULL,
    body TEXT NOT NULL,
    etag TEXT,
    fetched_at INTEGER NOT NULL,
    PRIMARY KEY (source, key)
  );
  CREATE INDEX answers_by_age ON answers (fetched_at);
  CREATE TABLE leases (name TEXT PRIMARY KEY, until INTEGER NOT NULL) WITHOUT ROWID;
  PRAGMA user_version = ${SCHEMA_VERSION};
`;

/** The statement that readers use. */
export const ANSWER_QUERY = 'SELECT body, etag, fetched_at FROM answers WHERE source = ? AND key = ?';

/** The same for a JSON list of keys; keys without an answer have no row. */
export const ANSWERS_QUERY =
  'SELECT key, body, etag, fetched_at FROM answers WHERE source = ? AND key IN (SELECT value FROM json_each(?))';

/** How long to wait for another process' transaction, which takes milliseconds. */
const BUSY_TIMEOUT_MS = 10_000;

const KEPT_MS = 90 * 24 * 60 * 60 * 1_000;

/** The writing side of the store's file. It does not throw: a failure is a reply. Only one thread of a process has one. */
export class AnswerFile {
  readonly #options: AnswerFileOptions;
  #open: { readonly database: DatabaseSync; readonly statements: Statements } | undefined;

  constructor(options: AnswerFileOptions) {
    this.#options = options;
  }

  handle(request: WriterRequest): WriterReply {
    try {
      if (request.kind === 'mend') return this.#mend();
      return this.#perform(request, undefined);
    } catch (error) {
      if (sqliteCode(error) !== 'damaged') return failed(error);
      return this.#mendAndRepeat(request);
    }
  }

  close(): void {
    const open = this.#open;
    this.#open = undefined;
    if (open?.database.isOpen === true) open.database.close();
  }

  #mendAndRepeat(request: WriterRequest): WriterReply {
    try {
      const mended = this.#mend();
      return mended.ok && request.kind !== 'mend' ? this.#perform(request, mended.setAside) : mended;
    } catch (error) {
      return failed(error);
    }
  }

  #perform(request: Exclude<WriterRequest, { kind: 'mend' }>, setAside: string | undefined): WriterReply {
    const { database, statements } = (this.#open ??= openForWriting(this.#options));
    if (request.kind === 'open') return { ok: true, granted: false, setAside };
    const granted = inTransaction(database, () => {
      if (request.kind === 'write') writeAnswers(statements, request.answers);
      if (request.kind === 'clear') database.exec('DELETE FROM answers; DELETE FROM leases');
      return request.kind === 'lease' && takeLease(statements, request);
    });
    if (request.kind === 'clear') database.exec('PRAGMA incremental_vacuum');
    return { ok: true, granted, setAside };
  }

  #mend(): WriterReply {
    this.close();
    return { ok: true, granted: false, setAside: setAsideWhenDamaged(this.#options) };
  }
}

interface Statements {
  readonly put: StatementSync;
  readonly lease: StatementSync;
}

function writeAnswers(statements: Statements, answers: readonly PutAnswer[]): void {
  for (const { source, key, answer } of answers) {
    statements.put.run(source, key, answer.body, answer.etag ?? null, answer.fetchedAt);
  }
}

function takeLease(statements: Statements, request: Extract<WriterRequest, { kind: 'lease' }>): boolean {
  const { name, now, durationMs } = request;
  // Giving back ends what this process holds, which ends later than now.
  const longest = durationMs === 0 ? now : now + durationMs + BUSY_TIMEOUT_MS;
  return statements.lease.run(name, now + durationMs, now, longest).changes === 1;
}

function openForWriting({ path, now }: AnswerFileOptions): { database: DatabaseSync; statements: Statements } {
  const sqlite = loadSqlite();
  if (sqlite === undefined) throw new Error('this Node has no SQLite');
  mkdirSync(dirname(path), { recursive: true });
  const database = new sqlite.DatabaseSync(path);
  try {
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA synchronous = NORMAL`);
    setJournal(database, path);
    inTransaction(database, () => migrate(database));
    database.prepare('DELETE FROM answers WHERE fetched_at < ?').run(now - KEPT_MS);
    database.exec('PRAGMA incremental_vacuum');
    return { database, statements: prepareStatements(database) };
  } catch (error) {
    database.close();
    throw error;
  }
}

function prepareStatements(database: DatabaseSync): Statements {
  return {
    // Of two processes that asked at once, the later answer stays.
    put: database.prepare(`
      INSERT INTO answers (source, key, body, etag, fetched_at) VALUES (?, ?, ?, ?, ?)
      ON CONFLICT DO UPDATE SET body = excluded.body, etag = excluded.etag, fetched_at = excluded.fetched_at
      WHERE excluded.fetched_at >= fetched_at`),
    // A lease that ends much later than one taken now would is from before the clock was set back. A little later ends one
    // that another process took while this one waited for its turn.
    lease: database.prepare(`
      INSERT INTO leases (name, until) VALUES (?, ?)
      ON CONFLICT DO UPDATE SET until = excluded.until WHERE until <= ? OR until > ?`),
  };
}

/** The mode stays with the file. Another process may be setting it at this moment, so a refusal is no failure. */
function setJournal(database: DatabaseSync, path: string): void {
  try {
    database.exec('PRAGMA auto_vacuum = INCREMENTAL');
    database.exec(`PRAGMA journal_mode = ${isLocalDisk(dirname(path)) ? 'WAL' : 'DELETE'}`);
  } catch (error) {
    if (sqliteCode(error) !== 'busy') throw error;
  }
}

function migrate(database: DatabaseSync): void {
  const version = Number(database.prepare('PRAGMA user_version').get()?.['user_version']);
  if (version === SCHEMA_VERSION) return;
  if (version > SCHEMA_VERSION) throw new Error('it belongs to a newer version of this program');
  database.exec('DROP TABLE IF EXISTS answers; DROP TABLE IF EXISTS leases');
  database.exec(SCHEMA);
}

function inTransaction<T>(database: DatabaseSync, work: () => T): T {
  database.exec('BEGIN IMMEDIATE');
  try {
    const result = work();
    database.exec('COMMIT');
    return result;
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

/**
 * Looks at the file as it is now, since another process may have replaced it already, and renames it when it is damaged.
 * What was set aside earlier is removed. The answer is a sentence for the log; undefined when the file is sound.
 */
function setAsideWhenDamaged({ path, now }: AnswerFileOptions): string | undefined {
  const before = statSync(path, { throwIfNoEntry: false });
  if (before === undefined || isSound(path)) return undefined;
  if (statSync(path, { throwIfNoEntry: false })?.ino !== before.ino) return undefined;
  for (const name of readdirSync(dirname(path))) {
    if (name.startsWith(`${basename(path)}.damaged-`)) rmSync(join(dirname(path), name), { force: true });
  }
  const aside = `${path}.damaged-${new Date(now).toISOString().replace(/[:.]/g, '')}`;
  renameSync(path, aside);
  for (const ending of ['-wal', '-shm', '-journal']) rmSync(path + ending, { force: true });
  return `${basename(path)} was damaged; it is kept as ${basename(aside)}, and a new one was begun`;
}

function isSound(path: string): boolean {
  const sqlite = loadSqlite();
  if (sqlite === undefined) return true;
  try {
    const database = new sqlite.DatabaseSync(path, { readOnly: true });
    try {
      database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}`);
      return database.prepare('PRAGMA quick_check(1)').get()?.['quick_check'] === 'ok';
    } finally {
      database.close();
    }
  } catch (error) {
    return sqliteCode(error) !== 'damaged';
  }
}

function failed(error: unknown): WriterReply {
  const message = error instanceof Error ? error.message : String(error);
  return { ok: false, code: sqliteCode(error) ?? 'other', message };
}
