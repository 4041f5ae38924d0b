import type * as Sqlite from 'node:sqlite';

export type SqliteModule = typeof Sqlite;

/**
 * `node:sqlite`, loaded when it is first needed; undefined where this Node has none or it is switched off. Node 22 warns
 * that it is experimental: that one warning is kept from the user, who can do nothing about it.
 */
export function loadSqlite(): SqliteModule | undefined {
  if (typeof process.getBuiltinModule !== 'function') return undefined;
  return withoutSqliteWarning(process, () => {
    try {
      return process.getBuiltinModule('node:sqlite');
    } catch {
      return undefined;
    }
  });
}

/** Runs the work with warnings about SQLite left out and all others passed on. */
export function withoutSqliteWarning<T>(emitter: { emitWarning: typeof process.emitWarning }, work: () => T): T {
  const original = emitter.emitWarning;
  emitter.emitWarning = new Proxy(original, {
    apply: (target, self, args: readonly unknown[]) => {
      if (!isSqliteWarning(args)) Reflect.apply(target, self, args);
    },
  });
  try {
    return work();
  } finally {
    emitter.emitWarning = original;
  }
}

function isSqliteWarning([warning, options]: readonly unknown[]): boolean {
  const message = warning instanceof Error ? warning.message : warning;
  const type = warning instanceof Error ? warning.name : typeOf(options);
  return type === 'ExperimentalWarning' && typeof message === 'string' && /\bsqlite\b/i.test(message);
}

function typeOf(options: unknown): unknown {
  return typeof options === 'object' && options !== null && 'type' in options ? options.type : options;
}

/** SQLite's result code of an error that `node:sqlite` threw, extended codes reduced to their kind. */
export function sqliteCode(error: unknown): SqliteCode | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined;
  return CODES.get(error.errcode & 0xff);
}

/** @see https://www.sqlite.org/rescode.html */
export type SqliteCode = 'busy' | 'read-only' | 'io' | 'damaged' | 'full' | 'cannot-open';

const CODES: ReadonlyMap<number, SqliteCode> = new Map([
  [5, 'busy'],
  [6, 'busy'],
  [8, 'read-only'],
  [10, 'io'],
  [11, 'damaged'],
  [13, 'full'],
  [14, 'cannot-open'],
  [26, 'damaged'],
]);
