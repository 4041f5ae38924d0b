import { describe, expect, it } from 'vitest';
import { loadSqlite, sqliteCode, withoutSqliteWarning } from '../../server/src/store/probe-sqlite.ts';

describe('the warning that SQLite is experimental', () => {
  /** What reaches the user of one warning that is given while the work runs. */
  function warningsOf(...warning: readonly unknown[]): readonly unknown[] {
    const seen: unknown[] = [];
    const emitter = { emitWarning: (...given: unknown[]) => void seen.push(given[0]) };
    withoutSqliteWarning(emitter, () => emitter.emitWarning(...warning));
    return seen;
  }

  it('is left out, in each form that Node writes it', () => {
    expect(warningsOf('SQLite is an experimental feature', 'ExperimentalWarning')).toEqual([]);
    expect(warningsOf('SQLite is an experimental feature', { type: 'ExperimentalWarning' })).toEqual([]);
  });

  it('is the only one left out', () => {
    expect(warningsOf('WASI is an experimental feature', 'ExperimentalWarning')).toHaveLength(1);
    expect(warningsOf('SQLite is deprecated', 'DeprecationWarning')).toHaveLength(1);
  });

  it('does not stay left out, also after an error', () => {
    const seen: unknown[] = [];
    const emitter = { emitWarning: (...warning: unknown[]) => void seen.push(warning[0]) };
    const failing = (): never => {
      throw new Error('no');
    };
    expect(() => withoutSqliteWarning(emitter, failing)).toThrow('no');
    emitter.emitWarning('SQLite', 'ExperimentalWarning');
    expect(seen).toEqual(['SQLite']);
  });
});

it('tells what kind of failure SQLite had', () => {
  const sqlite = loadSqlite();
  expect(sqlite).toBeDefined();
  const codeOf = (work: () => void): unknown => {
    try {
      work();
      return 'none';
    } catch (error) {
      return sqliteCode(error);
    }
  };
  expect(codeOf(() => new sqlite!.DatabaseSync('/nowhere/at/all.db'))).toBe('cannot-open');
  expect(codeOf(() => new sqlite!.DatabaseSync(':memory:').exec('nonsense'))).toBeUndefined();
  expect(sqliteCode(new Error('other'))).toBeUndefined();
});
