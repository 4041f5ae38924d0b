import { statSync } from 'node:fs';
import { basename } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AdvisoryDatabase, DatabaseInfo } from '../core/advisory-database.ts';
import type { Advisory, AdvisoryRecord, Affected } from '../core/advisory.ts';
import { SourceError } from '../core/evidence.ts';
import {
  ADVISORY_APPLICATION_ID,
  ADVISORY_SCHEMA_VERSION,
  AFFECTED_NAMES_QUERY,
  AFFECTED_QUERY,
  BLOCK_QUERY,
} from './advisory-schema.ts';
import { readLines, valueIn } from './keyed-lines.ts';
import { RecentlyUsed } from './recently-used.ts';
import { loadSqlite } from './probe-sqlite.ts';
import { decodeAdvisory, decodeAffected } from './stored-advisory.ts';
import { decodeRecord, type StoredRecord } from './stored-record.ts';

/** A generation that is open. */
export interface OpenAdvisoryDatabase extends AdvisoryDatabase {
  /** Absolute path of the file. */
  readonly path: string;
  /** When it was built, in milliseconds since the epoch. */
  readonly builtAt: number;
  /** The size of the file. */
  readonly bytes: number;
  /** Up to when it has read OSV's export, in milliseconds since the epoch; undefined when it never did. */
  readonly exportStamp: number | undefined;
  /** The records of an id, be it their own or an alias. Goes through all advisories: for a question that is asked once. */
  records(id: string): readonly AdvisoryRecord[];
  close(): void;
}

/**
 * Opens a generation for reading; nothing but its description is read. Throws a {@link SourceError} when the file is
 * missing, is no generation of this version, or cannot be read; so do the look-ups of a damaged file, because an empty
 * answer would look like safety.
 */
export function openAdvisoryDatabase(path: string): OpenAdvisoryDatabase {
  const sqlite = loadSqlite();
  if (sqlite === undefined) throw new SourceError('disabled', 'this Node has no SQLite');
  return readable(path, () => {
    const database = new sqlite.DatabaseSync(path, { readOnly: true });
    try {
      checkHeader(database);
      return new SqliteAdvisoryDatabase(path, database);
    } catch (error) {
      database.close();
      throw error;
    }
  });
}

/** Advisories that were read lately: a package that many lockfiles hold is shown again and again. */
const KEPT_ADVISORIES = 500;

class SqliteAdvisoryDatabase implements OpenAdvisoryDatabase {
  readonly path: string;
  readonly builtAt: number;
  readonly bytes: number;
  readonly exportStamp: number | undefined;
  readonly info: DatabaseInfo;
  readonly #database: DatabaseSync;
  readonly #affected: StatementSync;
  readonly #block: StatementSync;
  readonly #ecosystems = new Map<string, number>();
  readonly #recent = new RecentlyUsed<string, Advisory>(KEPT_ADVISORIES);
  /** Names that no advisory of an ecosystem names, of those that were expected last. */
  #silent: { readonly ecosystem: string; readonly names: ReadonlySet<string> } | undefined;

  constructor(path: string, database: DatabaseSync) {
    this.path = path;
    this.#database = database;
    // One read transaction for the whole lifetime: nobody writes to a generation, and taking the file's lock for every
    // look-up would cost six times the look-up.
    database.exec(`PRAGMA mmap_size = ${MAPPED_BYTES}; BEGIN`);
    const rows = database.prepare('SELECT * FROM ecosystem ORDER BY name').all();
    for (const row of rows) this.#ecosystems.set(String(row['name']), Number(row['id']));
    this.info = {
      label: basename(path),
      ecosystems: rows.map((row) => ({
        name: String(row['name']),
        complete: row['complete'] === 1,
        asOf: Number(row['as_of']),
        advisories: Number(row['advisories']),
        packages: Number(row['packages']),
      })),
    };
    this.bytes = statSync(path).size;
    const meta = database.prepare('SELECT value FROM meta WHERE key = ?');
    this.builtAt = Number(meta.get('builtAt')?.['value'] ?? 0);
    const stamp = meta.get('exportStamp')?.['value'];
    this.exportStamp = stamp === undefined ? undefined : Number(stamp);
    this.#affected = database.prepare(AFFECTED_QUERY);
    this.#block = database.prepare(BLOCK_QUERY);
  }

  expect(ecosystem: string, names: readonly string[]): void {
    const id = this.#ecosystems.get(ecosystem);
    if (id === undefined) return;
    // What is no plain name might be read in another way there and back.
    const silent = new Set(names.filter((name) => PLAIN_NAME.test(name)));
    try {
      const named = this.#database.prepare(AFFECTED_NAMES_QUERY).all(JSON.stringify([...silent]), id);
      for (const { value } of named) silent.delete(String(value));
    } catch {
      return;
    }
    this.#silent = { ecosystem, names: silent };
  }

  affected(ecosystem: string, name: string): readonly { readonly id: string; readonly affected: Affected }[] {
    if (this.#silent?.ecosystem === ecosystem && this.#silent.names.has(name)) return NOTHING;
    const id = this.#ecosystems.get(ecosystem);
    if (id === undefined) return NOTHING;
    const row = readable(this.path, () => this.#affected.get(id, name));
    if (row === undefined) return NOTHING;
    const lines = readLines(String(row['lines']));
    if (lines === undefined || lines.length === 0) throw damaged(this.path);
    return lines.flatMap((line) => {
      const entries = decodeAffected(ecosystem, name, line.value);
      if (entries === undefined) throw damaged(this.path);
      return entries.map((affected) => ({ id: line.id, affected }));
    });
  }

  advisory(id: string): Advisory | undefined {
    const recent = this.#recent.get(id);
    if (recent !== undefined) return recent;
    const record = this.#recordOf(id);
    if (record === undefined || record.body === null) return undefined;
    const advisory = decodeAdvisory(id, record.modified, record.body);
    if (advisory === undefined) throw damaged(this.path);
    this.#recent.set(id, advisory);
    return advisory;
  }

  records(id: string): readonly AdvisoryRecord[] {
    const blocks = readable(this.path, () => {
      return this.#database.prepare(BLOCKS_WITH_QUERY).all(`%${JSON.stringify(id).replace(/[%_\\]/g, '\\$&')}%`);
    });
    const named = blocks.flatMap((row) => readLines(String(row['lines'])) ?? []);
    const ids = new Set([id, ...named.map((line) => line.id)]);
    return [...ids].flatMap((found): AdvisoryRecord[] => {
      const advisory = this.advisory(found);
      if (advisory === undefined || (found !== id && !advisory.aliases.includes(id))) return [];
      const affected = (this.#recordOf(found)?.packages ?? []).flatMap(({ ecosystem, name }) => {
        const of = this.info.ecosystems.find((each) => this.#ecosystems.get(each.name) === ecosystem)?.name ?? '';
        return this.affected(of, name).flatMap((row) => (row.id === found ? [row.affected] : []));
      });
      return [{ advisory, withdrawn: undefined, affected }];
    });
  }

  #recordOf(id: string): StoredRecord | undefined {
    const lines = readable(this.path, () => this.#block.get(id)?.['lines']);
    const text = typeof lines === 'string' ? valueIn(lines, id) : undefined;
    if (text === undefined) return undefined;
    const record = decodeRecord(text);
    if (record === undefined) throw damaged(this.path);
    return record;
  }

  close(): void {
    this.#database.close();
  }
}

/** Those that hold an id as it stands in the text of an advisory: among the aliases, or elsewhere. */
const BLOCKS_WITH_QUERY = "SELECT lines FROM advisory WHERE lines LIKE ? ESCAPE '\\'";

/** A generation is read where it lies in the system's memory, which spares a copy of each page. */
const MAPPED_BYTES = 256 * 1024 * 1024;

const NOTHING: readonly never[] = [];
const PLAIN_NAME = /^[\x21-\x7e]+$/;

function checkHeader(database: DatabaseSync): void {
  const application = database.prepare('PRAGMA application_id').get()?.['application_id'];
  const version = database.prepare('PRAGMA user_version').get()?.['user_version'];
  if (application !== ADVISORY_APPLICATION_ID) throw new SourceError('bad-answer', 'it is no advisory database');
  if (version !== ADVISORY_SCHEMA_VERSION) {
    throw new SourceError(
      'bad-answer',
      `it has version ${String(version)}, this program reads ${ADVISORY_SCHEMA_VERSION}`,
    );
  }
}

function readable<T>(path: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new SourceError('bad-answer', `the advisory database ${path} cannot be read: ${reason}`, { cause });
  }
}

function damaged(path: string): SourceError {
  return new SourceError('bad-answer', `the advisory database ${path} is damaged`);
}
