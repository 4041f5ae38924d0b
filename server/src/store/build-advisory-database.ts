import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  constants,
  copyFileSync,
  fsyncSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { basename, dirname } from 'node:path';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { DatabaseInfo } from '../core/advisory-database.ts';
import type { AdvisoryRecord, Affected } from '../core/advisory.ts';
import { SourceError } from '../core/evidence.ts';
import { openAdvisoryDatabase } from './advisory-database.ts';
import type { AdvisoryRow } from './advisory-row.ts';
import { ADVISORY_APPLICATION_ID, ADVISORY_SCHEMA, ADVISORY_SCHEMA_VERSION, PAGE_BYTES } from './advisory-schema.ts';
import { loadSqlite, type SqliteModule } from './probe-sqlite.ts';
import type { EcosystemCount } from './count-affected.ts';
import { keptIn, keptOf, type Kept } from './keep-previous.ts';
import { RecordReplacer } from './replace-record.ts';
import { StagedRows } from './staged-rows.ts';
import { encodeAdvisory, encodeAffected } from './stored-advisory.ts';

export interface BuildOptions {
  /** Absolute path of the file to make. Its folder is made when it is missing. */
  readonly target: string;
  /** A generation to start from. */
  readonly previous?: string;
  /**
   * True for an import of everything: the generation is built anew, and takes from the previous one what the import does not
   * name.
   */
  readonly isWhole?: boolean;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface Completeness {
  /** OSV names of the ecosystems of which everything was added. */
  readonly complete: readonly string[];
  /** The time of the export, where it is known better than by its newest record. Milliseconds since the epoch. */
  readonly asOf?: number;
  /** Up to when OSV's export was read for it, in milliseconds since the epoch. */
  readonly exportStamp?: number;
}

export type AddOutcome = 'stored' | 'withdrawn' | 'older';

/** The name of a file that is being built. Nobody reads it; a kill leaves it behind. */
export function isUnfinished(name: string): boolean {
  return name.endsWith('.unfinished');
}

/**
 * Builds a generation in a file beside its target, which `finish` renames into place: whoever reads the target sees
 * the old generation or the whole new one, also when this process is killed.
 */
export class AdvisoryDatabaseBuilder {
  /** Why the previous generation was not used; undefined when it was, or when none was given. */
  readonly previousTrouble: string | undefined;
  readonly #options: BuildOptions;
  readonly #temporary: string;
  readonly #sqlite: SqliteModule;
  readonly #database: DatabaseSync;
  readonly #statements: Statements;
  /** Of a generation that is built anew, or changed in so much that it might as well be. */
  #staged: StagedRows | undefined;
  #counts: ReadonlyMap<number, EcosystemCount> = new Map();
  /** Of one that is copied and changed. */
  readonly #replacer: RecordReplacer | undefined;
  #replaced = 0;
  readonly #ecosystems = new Map<string, EcosystemState>();

  /** Throws when the folder cannot be written, and a {@link SourceError} when this Node has no SQLite. */
  constructor(options: BuildOptions) {
    const sqlite = loadSqlite();
    if (sqlite === undefined) throw new SourceError('disabled', 'this Node has no SQLite');
    this.#options = options;
    this.#sqlite = sqlite;
    this.#temporary = `${options.target}.${process.pid}-${randomBytes(4).toString('hex')}.unfinished`;
    mkdirSync(dirname(options.target), { recursive: true });
    const isWhole = options.isWhole === true;
    this.previousTrouble = isWhole ? undefined : copyPrevious(options.previous, this.#temporary);
    const isCopy = !isWhole && options.previous !== undefined && this.previousTrouble === undefined;
    this.#database = openForBuilding(sqlite, this.#temporary, isCopy);
    this.#statements = prepareStatements(this.#database);
    this.#staged = isCopy ? undefined : new StagedRows();
    this.#replacer = isCopy ? new RecordReplacer(this.#database) : undefined;
    for (const row of this.#database.prepare('SELECT * FROM ecosystem').all()) {
      this.#ecosystems.set(String(row['name']), {
        id: Number(row['id']),
        newest: 0,
        before: { complete: row['complete'] === 1, asOf: Number(row['as_of']) },
      });
    }
    this.#database.exec('BEGIN');
  }

  /** Adds a record, or replaces an older one of its id. A withdrawn one stays as a mark that keeps older copies out. */
  add(record: AdvisoryRecord): AddOutcome {
    const { id } = record.advisory;
    const parsed = Date.parse(record.advisory.modified);
    const modified = Number.isNaN(parsed) ? 0 : Math.min(parsed, this.#options.now);
    const packages = groupByPackage(record.affected).map(({ ecosystem, name, entries }) => {
      const state = this.#ecosystemState(ecosystem);
      if (modified > state.newest) state.newest = modified;
      return { ecosystem: state.id, name, entries };
    });
    const stored = this.#staged?.modifiedOf(id) ?? this.#replacer?.modifiedOf(id);
    if (stored !== undefined && stored > modified) return 'older';
    const isWithdrawn = record.withdrawn !== undefined;
    const affected = isWithdrawn ? [] : packages.map((row) => ({ ...row, entries: encodeAffected(row.entries) }));
    const row = { id, modified, body: isWithdrawn ? null : encodeAdvisory(record.advisory), affected };
    this.#put(row);
    return isWithdrawn ? 'withdrawn' : 'stored';
  }

  #put(row: AdvisoryRow): void {
    if (this.#staged === undefined && this.#replaced >= MOST_REPLACED) this.#staged = new StagedRows();
    this.#replaced += 1;
    if (this.#staged === undefined) this.#replacer?.replace(row);
    else this.#staged.add(row);
  }

  /** Puts the generation into place. Throws when the disk refuses; the target is then as it was. */
  finish(completeness: Completeness): DatabaseInfo {
    try {
      if (this.#staged) {
        if (this.#replacer === undefined) this.#takePrevious(this.#staged);
        else this.#takeCopied(this.#staged);
        this.#counts = this.#staged.flush(this.#database);
      }
      this.#describe(completeness);
      this.#database.exec('COMMIT');
      this.#database.close();
      flushToDisk(this.#temporary);
      const built = openAdvisoryDatabase(this.#temporary);
      built.close();
      renameSync(this.#temporary, this.#options.target);
      flushFolder(dirname(this.#options.target));
      return { ...built.info, label: basename(this.#options.target) };
    } catch (error) {
      this.discard();
      throw error;
    }
  }

  /** All that the copy has and the import did not name, for its tables to be filled anew. */
  #takeCopied(staged: StagedRows): void {
    const { records } = keptOf(this.#database, (id) => staged.modifiedOf(id) !== undefined);
    for (const record of records) staged.add(record);
    this.#database.exec(
      'DELETE FROM advisory; DELETE FROM affected; UPDATE ecosystem SET advisories = 0, packages = 0',
    );
  }

  /** What was imported by hand besides, or is no longer listed, stays. */
  #takePrevious(staged: StagedRows): void {
    const { previous, isWhole } = this.#options;
    if (previous === undefined || isWhole !== true) return;
    let kept: Kept;
    try {
      kept = keptIn(this.#sqlite, previous, (id) => staged.modifiedOf(id) !== undefined);
    } catch {
      // A previous one that cannot be read is no reason to have none.
      return;
    }
    const idOf = new Map(kept.ecosystems.map(({ id, name, asOf }) => [id, this.#ecosystemState(name, asOf).id]));
    for (const { affected, ...record } of kept.records) {
      staged.add({ ...record, affected: affected.map((row) => ({ ...row, ecosystem: idOf.get(row.ecosystem) ?? 0 })) });
    }
  }

  /** Forgets what was built. */
  discard(): void {
    if (this.#database.isOpen) this.#database.close();
    rmSync(this.#temporary, { force: true });
  }

  /** `asOf` is that of the generation before, where it is not one to start from. */
  #ecosystemState(name: string, asOf?: number): EcosystemState {
    const known = this.#ecosystems.get(name);
    if (known !== undefined) return known;
    const id = Number(this.#statements.ecosystem.run(name).lastInsertRowid);
    const before = asOf === undefined ? undefined : { complete: false, asOf };
    const state: EcosystemState = { id, newest: 0, before };
    this.#ecosystems.set(name, state);
    return state;
  }

  /**
   * An ecosystem is complete as of this import when it was said to be and a record of it was read. One that was
   * complete before stays so as of then: a few newer records do not make the rest any newer.
   */
  #describe({ complete, asOf, exportStamp }: Completeness): void {
    for (const [name, { id, newest, before }] of this.#ecosystems) {
      const isComplete = complete.includes(name) && newest > 0;
      const keeps = !isComplete && before?.complete === true;
      const time = keeps ? before.asOf : Math.max(newest, before?.asOf ?? 0, isComplete ? (asOf ?? 0) : 0);
      this.#statements.describe.run(isComplete || keeps ? 1 : 0, Math.min(time, this.#options.now), id);
    }
    this.#count();
    const note = this.#database.prepare('INSERT OR REPLACE INTO meta VALUES (?, ?)');
    note.run('builtAt', this.#options.now);
    if (exportStamp !== undefined) note.run('exportStamp', exportStamp);
  }

  #count(): void {
    const update = this.#database.prepare(
      'UPDATE ecosystem SET advisories = advisories + ?, packages = packages + ? WHERE id = ?',
    );
    for (const { id } of this.#ecosystems.values()) {
      const { advisories, packages } = this.#counts.get(id) ?? this.#replacer?.changeOf(id) ?? NONE;
      update.run(advisories, packages, id);
    }
  }
}

/** Records that are replaced one by one. To fill the tables anew takes less time for more of them. */
const MOST_REPLACED = 2_000;

const NONE: EcosystemCount = { advisories: 0, packages: 0 };

interface EcosystemState {
  readonly id: number;
  /** The newest `modified` that this import read; 0 when it read none. */
  newest: number;
  readonly before: { readonly complete: boolean; readonly asOf: number } | undefined;
}

interface Statements {
  readonly ecosystem: StatementSync;
  readonly describe: StatementSync;
}

function prepareStatements(database: DatabaseSync): Statements {
  return {
    ecosystem: database.prepare(
      'INSERT INTO ecosystem (name, complete, as_of, advisories, packages) VALUES (?, 0, 0, 0, 0)',
    ),
    describe: database.prepare('UPDATE ecosystem SET complete = ?, as_of = ? WHERE id = ?'),
  };
}

/** Without a journal and without waiting for the disk: until it is finished, the file is of no use to anybody. */
function openForBuilding(sqlite: SqliteModule, path: string, isCopy: boolean): DatabaseSync {
  const database = new sqlite.DatabaseSync(path);
  database.exec(`PRAGMA page_size = ${PAGE_BYTES}`);
  database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE');
  if (isCopy) return database;
  database.exec(`PRAGMA application_id = ${ADVISORY_APPLICATION_ID}; PRAGMA user_version = ${ADVISORY_SCHEMA_VERSION}`);
  database.exec(ADVISORY_SCHEMA);
  return database;
}

function copyPrevious(previous: string | undefined, path: string): string | undefined {
  if (previous === undefined) return undefined;
  try {
    openAdvisoryDatabase(previous).close();
    copyFileSync(previous, path, constants.COPYFILE_FICLONE);
    chmodSync(path, 0o644);
    return undefined;
  } catch (error) {
    rmSync(path, { force: true });
    return error instanceof Error ? error.message : String(error);
  }
}

/** One record may name a package in several entries, which make one row. */
function groupByPackage(affected: readonly Affected[]): { ecosystem: string; name: string; entries: Affected[] }[] {
  const [only, ...others] = affected;
  if (only === undefined) return [];
  if (others.length === 0) return [{ ecosystem: only.ecosystem, name: only.name, entries: [only] }];
  const groups = new Map<string, { ecosystem: string; name: string; entries: Affected[] }>();
  for (const entry of affected) {
    const key = `${entry.ecosystem}\0${entry.name}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { ecosystem: entry.ecosystem, name: entry.name, entries: [entry] });
    else group.entries.push(entry);
  }
  return [...groups.values()];
}

function flushToDisk(path: string): void {
  const file = openSync(path, 'r+');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Makes the rename last through a power cut. Windows cannot open folders, and needs no such thing. */
function flushFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
