import type { AffectedRow } from './advisory-row.ts';
import type { StoredPackage } from './stored-record.ts';

export interface StagedEntry {
  /** The number of the record. */
  readonly row: number;
  readonly text: string;
}

/** Which packages the records affect that are staged, in columns as they are. Records are numbered from 0. */
export class StagedPackages {
  /** By the number of the ecosystem and the name: the number of the package. */
  readonly #numbers = new Map<number, Map<string, number>>();
  /** By the number of the package. */
  readonly #packages: StoredPackage[] = [];
  readonly #lastEntries: number[] = [];
  /** By the number of the entry; `earlier` is the one before it of the same package, or -1. */
  readonly #texts: string[] = [];
  readonly #rows: number[] = [];
  readonly #earlier: number[] = [];
  readonly #packageOf: number[] = [];
  /** By the number of the record, with one more: its first entry. */
  readonly #starts: number[] = [0];

  /** Adds the next record. */
  addRow(affected: readonly AffectedRow[]): void {
    const row = this.#starts.length - 1;
    for (const { ecosystem, name, entries } of affected) {
      const number = this.#numberOf(ecosystem, name);
      this.#earlier.push(this.#lastEntries[number] ?? -1);
      this.#lastEntries[number] = this.#texts.length;
      this.#texts.push(entries);
      this.#rows.push(row);
      this.#packageOf.push(number);
    }
    this.#starts.push(this.#texts.length);
  }

  ofRow(row: number): readonly StoredPackage[] {
    const packages: StoredPackage[] = [];
    for (let entry = this.#starts[row] ?? 0; entry < (this.#starts[row + 1] ?? 0); entry++) {
      const named = this.#packages[this.#packageOf[entry] ?? 0];
      if (named !== undefined) packages.push(named);
    }
    return packages;
  }

  ecosystems(): readonly number[] {
    return [...this.#numbers.keys()].sort((a, b) => a - b);
  }

  /** The packages of an ecosystem by name, each with its entries as they came. */
  *of(ecosystem: number): Generator<{ readonly name: string; readonly entries: readonly StagedEntry[] }> {
    const numbers = this.#numbers.get(ecosystem) ?? new Map<string, number>();
    for (const name of [...numbers.keys()].sort()) {
      const entries: StagedEntry[] = [];
      let entry = this.#lastEntries[numbers.get(name) ?? 0] ?? -1;
      for (; entry >= 0; entry = this.#earlier[entry] ?? -1) {
        entries.push({ row: this.#rows[entry] ?? 0, text: this.#texts[entry] ?? '' });
      }
      yield { name, entries: entries.reverse() };
    }
  }

  #numberOf(ecosystem: number, name: string): number {
    let numbers = this.#numbers.get(ecosystem);
    if (numbers === undefined) this.#numbers.set(ecosystem, (numbers = new Map<string, number>()));
    const known = numbers.get(name);
    if (known !== undefined) return known;
    const number = this.#packages.length;
    numbers.set(name, number);
    this.#packages.push({ ecosystem, name });
    this.#lastEntries.push(-1);
    return number;
  }
}
