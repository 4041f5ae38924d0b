import type { Scope } from '../../../core/package.ts';
import { copyOf } from '../lockfile/string-table.ts';
import type { PnpmImporter } from './pnpm-document.ts';
import { IMPORTER_GROUPS } from './pnpm-importer-lines.ts';
import type { PnpmLineReader } from './pnpm-line-reader.ts';

/**
 * Reads what members ask for in a lockfile before version 9: in `importers`, or in the groups of the only one at the top of
 * the document. Version 5 has a line `name: version` and the specifiers in a group of their own, which comes first; version
 * 6 has both below the name, as 9 has.
 */
export class OldImporterReader {
  readonly #reader: PnpmLineReader;
  #importer: PnpmImporter | undefined;
  #specifiers = new Map<string, string>();

  constructor(reader: PnpmLineReader) {
    this.#reader = reader;
  }

  /** Reads the section `importers` from a position on; the answer is where it ends. */
  readSection(from: number): number {
    const { cursor, document } = this.#reader;
    let position = from;
    while (this.#reader.nextInSection(position)) {
      if (cursor.indent === 2) {
        const path = this.#reader.readKeyed();
        this.#specifiers = new Map();
        this.#importer = path === undefined ? undefined : document.addImporter(path, cursor.keyStart, cursor.keyEnd);
        position = cursor.resume();
      } else if (cursor.indent === 4 && cursor.readKey()) {
        position = this.#readGroupHere(4);
      } else {
        this.#reader.oddLine();
        position = cursor.resume();
      }
    }
    return cursor.resume();
  }

  /** Reads the group of the root whose key the cursor is on; the answer is where it ends. */
  readRootGroup(): number {
    const { cursor, document } = this.#reader;
    this.#importer ??= document.addImporter('.', cursor.keyStart, cursor.keyEnd);
    return this.#readGroupHere(0);
  }

  #readGroupHere(indent: number): number {
    const { cursor } = this.#reader;
    const name = cursor.text.slice(cursor.keyStart, cursor.keyEnd);
    const scope = IMPORTER_GROUPS.get(name);
    if (!cursor.hasNoValue() && !cursor.hasEmptyValue()) this.#reader.oddLine();
    if (name !== 'specifiers' && (scope === undefined || this.#importer === undefined)) {
      cursor.textBelow();
      return cursor.resume();
    }
    let position = cursor.resume();
    for (;;) {
      cursor.seek(position);
      if (!cursor.next()) return cursor.resume();
      if (cursor.indent <= indent) {
        cursor.hold();
        return cursor.resume();
      }
      if (cursor.indent !== indent + 2 || !cursor.readKey()) this.#reader.oddLine();
      else if (scope === undefined) this.#addSpecifier();
      else this.#addDependency(scope);
      position = cursor.resume();
    }
  }

  #addSpecifier(): void {
    const { cursor } = this.#reader;
    const specifier = cursor.copyValue();
    if (specifier !== undefined) this.#specifiers.set(copyOf(cursor.text, cursor.keyStart, cursor.keyEnd), specifier);
  }

  #addDependency(scope: Scope): void {
    const { cursor, document } = this.#reader;
    const { keyStart, keyEnd } = cursor;
    const name = copyOf(cursor.text, keyStart, keyEnd);
    const { specifier, version } = cursor.hasNoValue()
      ? this.#readBelow()
      : { specifier: this.#specifiers.get(name), version: cursor.copyValue() };
    if (version === undefined) document.report(keyStart, keyEnd, `${name} has no version`);
    const reference = document.references.add(name, version ?? '', keyStart);
    this.#importer?.dependencies.push({ name, scope, specifier, reference });
  }

  /** The fields `specifier` and `version` on the lines below a name. */
  #readBelow(): { specifier: string | undefined; version: string | undefined } {
    const { cursor } = this.#reader;
    const { indent } = cursor;
    const fields = new Map<string, string | undefined>();
    while (cursor.next()) {
      if (cursor.indent <= indent) {
        cursor.hold();
        break;
      }
      if (cursor.indent === indent + 2 && cursor.readKey()) {
        fields.set(cursor.text.slice(cursor.keyStart, cursor.keyEnd), cursor.copyValue());
      } else {
        this.#reader.oddLine();
      }
    }
    return { specifier: fields.get('specifier'), version: fields.get('version') };
  }
}
