import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { AdvisoryRow } from './advisory-row.ts';

/** What an ecosystem holds. */
export interface EcosystemCount {
  readonly advisories: number;
  readonly packages: number;
}

/** Counts all rows that a generation has. */
export function countTable(database: DatabaseSync): Map<number, EcosystemCount> {
  const rows = database
    .prepare(
      'SELECT ecosystem, count(DISTINCT advisory) AS a, count(DISTINCT name) AS p FROM affected GROUP BY ecosystem',
    )
    .all();
  return new Map(
    rows.map((row) => [Number(row['ecosystem']), { advisories: Number(row['a']), packages: Number(row['p']) }]),
  );
}

/** Keeps the counts of a generation true while single records of it are replaced, without counting all of it again. */
export class CountKeeper {
  readonly #rowsOf: StatementSync;
  readonly #isNamed: StatementSync;
  /** By ecosystem: how many advisories have come, less those that went. */
  readonly #advisories = new Map<number, number>();
  /** By ecosystem and name: whether any advisory named the package before. */
  readonly #named = new Map<string, { readonly ecosystem: number; readonly name: string; readonly before: boolean }>();

  constructor(database: DatabaseSync) {
    this.#rowsOf = database.prepare('SELECT ecosystem, name FROM affected WHERE advisory = ?');
    this.#isNamed = database.prepare('SELECT 1 FROM affected WHERE ecosystem = ? AND name = ? LIMIT 1');
  }

  /** To be called before the rows of its id are replaced. */
  replaces({ id, affected }: AdvisoryRow): void {
    const before = this.#rowsOf.all(id).map((row) => {
      return { ecosystem: Number(row['ecosystem']), name: String(row['name']) };
    });
    for (const { ecosystem, name } of [...before, ...affected]) {
      const key = `${String(ecosystem)} ${name}`;
      if (!this.#named.has(key)) this.#named.set(key, { ecosystem, name, before: this.#has(ecosystem, name) });
    }
    for (const ecosystem of new Set(before.map((row) => row.ecosystem))) this.#add(ecosystem, -1);
    for (const ecosystem of new Set(affected.map((row) => row.ecosystem))) this.#add(ecosystem, 1);
  }

  /** How much more an ecosystem holds than before. */
  changeOf(id: number): EcosystemCount {
    let packages = 0;
    for (const { ecosystem, name, before } of this.#named.values()) {
      if (ecosystem === id) packages += Number(this.#has(ecosystem, name)) - Number(before);
    }
    return { advisories: this.#advisories.get(id) ?? 0, packages };
  }

  #has(ecosystem: number, name: string): boolean {
    return this.#isNamed.get(ecosystem, name) !== undefined;
  }

  #add(ecosystem: number, number: number): void {
    this.#advisories.set(ecosystem, (this.#advisories.get(ecosystem) ?? 0) + number);
  }
}
