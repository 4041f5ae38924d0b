import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SourceError } from '../core/evidence.ts';
import type { AdvisoryRow } from './advisory-row.ts';
import { AFFECTED_QUERY, BLOCK_LENGTH, BLOCK_QUERY } from './advisory-schema.ts';
import { CountKeeper, type EcosystemCount } from './count-affected.ts';
import { halves, lineOf, readLines, valueIn, withValue } from './keyed-lines.ts';
import { decodeRecord, encodeRecord, type StoredPackage, type StoredRecord } from './stored-record.ts';

/** Changes single records of a generation, and keeps count. */
export class RecordReplacer {
  readonly #block: StatementSync;
  readonly #putBlock: StatementSync;
  readonly #affected: StatementSync;
  readonly #putAffected: StatementSync;
  readonly #removeAffected: StatementSync;
  readonly #counts: CountKeeper;

  constructor(database: DatabaseSync) {
    this.#block = database.prepare(BLOCK_QUERY);
    this.#putBlock = database.prepare('INSERT OR REPLACE INTO advisory VALUES (?, ?)');
    this.#affected = database.prepare(AFFECTED_QUERY);
    this.#putAffected = database.prepare('INSERT OR REPLACE INTO affected VALUES (?, ?, ?)');
    this.#removeAffected = database.prepare('DELETE FROM affected WHERE ecosystem = ? AND name = ?');
    this.#counts = new CountKeeper(database);
  }

  /** When the record of an id was modified that is there; undefined when there is none. */
  modifiedOf(id: string): number | undefined {
    return this.#recordOf(id)?.modified;
  }

  /** Adds a record, or puts it in place of that of its id. */
  replace({ id, modified, body, affected }: AdvisoryRow): void {
    const before = this.#recordOf(id)?.packages ?? [];
    this.#counts.replaces(before, affected);
    this.#replaceBlock(id, encodeRecord({ modified, packages: affected, body }));
    for (const named of before) this.#replaceAffected(named, id, undefined);
    for (const row of affected) this.#replaceAffected(row, id, row.entries);
  }

  /** How much more an ecosystem holds than before. By its number. */
  changeOf(ecosystem: number): EcosystemCount {
    return this.#counts.changeOf(ecosystem);
  }

  #recordOf(id: string): StoredRecord | undefined {
    const text = valueIn(this.#linesOf(id)?.lines ?? '', id);
    if (text === undefined) return undefined;
    const record = decodeRecord(text);
    if (record === undefined) throw new SourceError('bad-answer', `the advisory database is damaged at ${id}`);
    return record;
  }

  #linesOf(id: string): { readonly first: string; readonly lines: string } | undefined {
    const row = this.#block.get(id);
    return row && { first: String(row['first']), lines: String(row['lines']) };
  }

  #replaceBlock(id: string, text: string): void {
    const block = this.#linesOf(id);
    const lines = block === undefined ? lineOf(id, text) : withValue(block.lines, id, text);
    const [half, rest] = lines.length > 2 * BLOCK_LENGTH ? halves(lines) : [lines, ''];
    this.#putBlock.run(block?.first ?? id, half);
    const [next] = readLines(rest) ?? [];
    if (next !== undefined) this.#putBlock.run(next.id, rest);
  }

  #replaceAffected({ ecosystem, name }: StoredPackage, id: string, entries: string | undefined): void {
    const lines = String(this.#affected.get(ecosystem, name)?.['lines'] ?? '');
    const changed = withValue(lines, id, entries);
    if (changed === '') this.#removeAffected.run(ecosystem, name);
    else this.#putAffected.run(ecosystem, name, changed);
  }
}
