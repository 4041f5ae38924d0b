/** A name and version whose characters are not those of the text, as in a scalar with escapes. */
interface Written {
  readonly name: string;
  readonly version: string;
  readonly start: number;
}

/**
 * The references of a document: the name and version that a dependency has. They are kept as places in the text, because a
 * lockfile has several times more of them than packages, and most are only ever compared. Those of one package follow each other.
 */
export class PnpmReferences {
  readonly #text: string;
  /** Four offsets for each: of its name's characters, and of its version's. */
  readonly #places: number[] = [];
  readonly #written = new Map<number, Written>();

  constructor(text: string) {
    this.#text = text;
  }

  /** How many there are, which is the number of the next. */
  get count(): number {
    return this.#places.length / WIDTH;
  }

  /** Adds one that stands in the text; the answer is its number. */
  addPlace(nameStart: number, nameEnd: number, versionStart: number, versionEnd: number): number {
    this.#places.push(nameStart, nameEnd, versionStart, versionEnd);
    return this.count - 1;
  }

  /** Adds one by what it means; its name stands at `start`, in whatever form. */
  add(name: string, version: string, start: number): number {
    const number = this.addPlace(start, start, start, start);
    this.#written.set(number, { name, version, start });
    return number;
  }

  /** True when its characters are those of the text. */
  isInText(number: number): boolean {
    return this.#written.size === 0 || !this.#written.has(number);
  }

  /** Offset of the name, and then of its end, of the version, and of its end. Only of one that is in the text. */
  place(number: number, which: 0 | 1 | 2 | 3): number {
    return this.#places[number * WIDTH + which] ?? 0;
  }

  startsWith(number: number, prefix: string): boolean {
    return this.isInText(number)
      ? this.#text.startsWith(prefix, this.place(number, 2))
      : this.versionOf(number).startsWith(prefix);
  }

  startOf(number: number): number {
    return this.place(number, 0);
  }

  /** The name. For the moment only: it may be a view of the whole text. */
  nameOf(number: number): string {
    return this.#written.get(number)?.name ?? this.#text.slice(this.place(number, 0), this.place(number, 1));
  }

  /** The version. For the moment only, too. */
  versionOf(number: number): string {
    return this.#written.get(number)?.version ?? this.#text.slice(this.place(number, 2), this.place(number, 3));
  }
}

const WIDTH = 4;
