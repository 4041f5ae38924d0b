import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { StoredPackage } from './stored-record.ts';

/** What an ecosystem holds. */
export interface EcosystemCount {
  readonly advisories: number;
  readonly packages: number;
}

/** Keeps the counts of a generation true while single records of it are replaced, without counting all of it again. */
export class CountKeeper {
  readonly #isNamed: StatementSync;
  /** By ecosystem: how many advisories have come, less those that went. */
  readonly #advisories = new Map<number, number>();
  /** By ecosystem and name: whether any advisory named the package before. */
  readonly #named = new Map<string, StoredPackage & { readonly before: boolean }>();

  constructor(database: DatabaseSync) {
    this.#isNamed = database.prepare('SELECT 1 FROM affected WHERE ecosystem = ? AND name = ?');
  }

  /** To be called before the rows of the packages are changed that a record named and names now. */
  replaces(before: readonly StoredPackage[], after: readonly StoredPackage[]): void {
    for (const { ecosystem, name } of [...before, ...after]) {
      const key = `${String(ecosystem)} ${name}`;
      if (!this.#named.has(key)) this.#named.set(key, { ecosystem, name, before: this.#has(ecosystem, name) });
    }
    for (const ecosystem of new Set(before.map((row) => row.ecosystem))) this.#add(ecosystem, -1);
    for (const ecosystem of new Set(after.map((row) => row.ecosystem))) this.#add(ecosystem, 1);
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
