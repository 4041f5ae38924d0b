import type { Scope } from '../../core/package.ts';
import type { Span } from '../../core/span.ts';
import type { PnpmDocument, PnpmImporter, PnpmPackage } from './pnpm-document.ts';
import { PnpmLane } from './pnpm-lane.ts';
import type { HashedKey } from './pnpm-keys.ts';
import { PnpmLineCursor } from './pnpm-line-cursor.ts';
import { readResolution } from './pnpm-resolution.ts';
import { copyOf } from './string-table.ts';

/**
 * Fills a document from its lines, as pnpm writes them: two columns of indentation a level, one key a line. The answer is
 * the places that are written in another way and were not read.
 */
export function readPnpmLines(document: PnpmDocument, codes: Uint16Array): readonly Span[] {
  const reader = new LineReader(document, codes);
  reader.read();
  return reader.odd;
}

/** The groups of an importer that hold dependencies. Two of them only the document of the package manager itself has. */
export const IMPORTER_GROUPS: ReadonlyMap<string, Scope> = new Map([
  ['dependencies', 'prod'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['configDependencies', 'tool'],
  ['packageManagerDependencies', 'tool'],
]);

/** More say nothing new. */
const MAX_ODD = 50;

class LineReader {
  readonly odd: Span[] = [];
  readonly #document: PnpmDocument;
  readonly #lines: PnpmLineCursor;
  readonly #lane: PnpmLane;
  /** What the lines belong to: a snapshot, -1 for none, or an importer, and one of its blocks. */
  #snapshot = -1;
  #importer: PnpmImporter | undefined;
  #scope: Scope | undefined;

  constructor(document: PnpmDocument, codes: Uint16Array) {
    this.#document = document;
    this.#lines = new PnpmLineCursor(document.text, document.start);
    this.#lane = new PnpmLane(document.text, codes, document.start, document.keys);
  }

  read(): void {
    const lines = this.#lines;
    // Snapshots that stand before the packages they are made of are read after them.
    let early = -1;
    while (lines.next()) {
      if (lines.atDocumentEnd()) {
        this.#document.end = lines.content;
        this.#document.next = lines.content + '---'.length;
        break;
      }
      if (lines.indent !== 0 || !lines.readKey()) {
        this.#oddLine();
        continue;
      }
      const section = lines.text.slice(lines.keyStart, lines.keyEnd);
      if (section === 'lockfileVersion') {
        this.#document.versionSpan = { start: lines.keyStart, end: lines.keyEnd };
        this.#document.version = copied(lines.readValue());
      } else if (!SECTIONS.has(section)) {
        this.#textBelow(0);
      } else if (!lines.hasNoValue()) {
        if (!lines.hasEmptyValue()) this.#oddLine();
      } else if (section === 'snapshots' && this.#document.packages.length === 0) {
        early = lines.position;
        this.#textBelow(0);
      } else {
        this.#readSection(section);
      }
    }
    if (early === -1) return;
    lines.seek(early);
    this.#readSection('snapshots');
  }

  #readSection(section: string): void {
    this.#lane.position = this.#lines.position;
    if (section === 'packages') this.#readPackages();
    else if (section === 'snapshots') this.#readSnapshots();
    else if (section === 'importers') this.#readImporters();
    else this.#readCatalogs();
  }

  /** Moves to the next line of the section, which is where the lane has come to; false at the section's end. */
  #nextInSection(): boolean {
    const lines = this.#lines;
    lines.seek(this.#lane.position);
    if (!lines.next()) return false;
    if (lines.indent > 0) return true;
    lines.hold();
    return false;
  }

  #readPackages(): void {
    const lines = this.#lines;
    const { text } = lines;
    let item: PnpmPackage | undefined;
    for (;;) {
      item = this.#readPlainPackages(item);
      if (!this.#nextInSection()) return;
      if (lines.indent === 4) {
        if (item === undefined) this.#oddLine();
        else if (USEFUL_FIELDS.includes(text.charAt(lines.content))) this.#readPackageField(item);
      } else if (lines.indent === 2) {
        const key = this.#readKeyed();
        item = key && this.#document.addPackage(key, text, key.start, key.end);
      } else if (lines.indent < 6) {
        this.#oddLine();
      }
      this.#lane.position = lines.resume();
    }
  }

  /** Reads as many packages as are in pnpm's own form. Of their many fields only a few are of use. */
  #readPlainPackages(last: PnpmPackage | undefined): PnpmPackage | undefined {
    const lane = this.#lane;
    const { text } = this.#document;
    let item = last;
    for (;;) {
      if (item !== undefined) lane.passFields(USEFUL_FIELDS);
      lane.passBlank();
      if (!lane.readKey(2)) return item;
      item = this.#document.addPackage(lane, text, lane.start, lane.end);
      const start = lane.position + PLAIN_RESOLUTION.length;
      if (text.startsWith('}\n', start + SHA512) && lane.pass(PLAIN_RESOLUTION)) {
        item.integrity = copyOf(text, start, start + SHA512);
        lane.position = start + SHA512 + '}\n'.length;
      }
    }
  }

  #readPackageField(item: PnpmPackage): void {
    const lines = this.#lines;
    if (!lines.readKey()) {
      this.#oddLine();
      return;
    }
    switch (lines.text.slice(lines.keyStart, lines.keyEnd)) {
      case 'resolution':
        readResolution(item, lines.hasNoValue() ? this.#textBelow(4) : lines.rest());
        break;
      case 'deprecated':
        item.deprecated = copied(lines.readValue() ?? this.#textBelow(4).replace(/\s+/g, ' ').trim());
        break;
      case 'version':
        item.version = copied(lines.readValue());
        break;
      case 'requiresBuild':
        item.hasInstallScript = lines.rest().trim() === 'true';
    }
  }

  #readSnapshots(): void {
    const lines = this.#lines;
    for (;;) {
      this.#readPlainSnapshots();
      if (!this.#nextInSection()) break;
      if (lines.indent === 6) {
        if (this.#scope !== undefined) this.#readReference();
      } else if (lines.indent === 4) {
        this.#scope = undefined;
        if (this.#snapshot === -1 || !lines.readKey()) this.#oddLine();
        else this.#scope = this.#readGroup();
      } else if (lines.indent === 2) {
        this.#closeSnapshot();
        const key = this.#readKeyed();
        if (key) this.#snapshot = this.#document.addSnapshot(key, lines.text, key.start, key.end);
      } else if (lines.indent < 8 || this.#scope !== undefined) {
        this.#oddLine();
      }
      this.#lane.position = lines.resume();
    }
    this.#closeSnapshot();
  }

  #closeSnapshot(): void {
    if (this.#snapshot !== -1) this.#document.closeSnapshot(this.#snapshot);
    this.#snapshot = -1;
    this.#scope = undefined;
  }

  /** Reads as many snapshots as are in pnpm's own form. */
  #readPlainSnapshots(): void {
    const lane = this.#lane;
    const document = this.#document;
    for (;;) {
      if (this.#scope !== undefined) {
        const isOptional = this.#scope === 'optional';
        while (lane.readReference(6)) this.#referByLane(isOptional);
      }
      if (this.#snapshot !== -1 && lane.isField()) {
        this.#scope = undefined;
        if (lane.pass('    dependencies:\n')) this.#scope = 'prod';
        else if (lane.pass('    optionalDependencies:\n')) this.#scope = 'optional';
        else if (!lane.pass('    optional: true\n')) return;
      } else {
        lane.passBlank();
        if (!lane.readKey(2)) return;
        this.#closeSnapshot();
        this.#snapshot = document.addSnapshot(lane, document.text, lane.start, lane.end);
      }
    }
  }

  #referByLane(isOptional: boolean): number {
    const { first, second, start, end, valueStart, valueEnd } = this.#lane;
    const { text } = this.#document;
    if (!text.startsWith('link:', valueStart)) return this.#document.refer(first, second, start, end, isOptional);
    return this.#document.referToFolder(text.slice(valueStart + 'link:'.length, valueEnd), start, end, isOptional);
  }

  #readReference(): void {
    const lines = this.#lines;
    const version = lines.readKey() ? lines.readValue() : undefined;
    if (version === undefined) {
      this.#oddLine();
      return;
    }
    const { text, keyStart, keyEnd } = lines;
    this.#document.referTo(text.slice(keyStart, keyEnd), version, keyStart, keyEnd, this.#scope === 'optional');
  }

  #readImporters(): void {
    const lines = this.#lines;
    for (;;) {
      this.#readPlainImporters();
      if (!this.#nextInSection()) break;
      if (lines.indent === 6) {
        if (this.#scope !== undefined && this.#importer !== undefined)
          this.#readDependency(this.#importer, this.#scope);
      } else if (lines.indent === 4) {
        this.#scope = undefined;
        if (this.#importer === undefined || !lines.readKey()) this.#oddLine();
        else this.#scope = this.#readGroup();
      } else if (lines.indent === 2) {
        this.#scope = undefined;
        const key = this.#readKeyed();
        this.#importer = key && this.#addImporter(key.start, key.end);
      } else if (lines.indent % 2 === 1 || this.#scope !== undefined) {
        this.#oddLine();
      }
      this.#lane.position = lines.resume();
    }
    this.#importer = undefined;
    this.#scope = undefined;
  }

  #addImporter(start: number, end: number): PnpmImporter {
    return this.#document.addImporter(this.#document.text.slice(start, end), start, end);
  }

  /** Reads as many importers as are in pnpm's own form. */
  #readPlainImporters(): void {
    const lane = this.#lane;
    for (;;) {
      if (this.#importer !== undefined && this.#scope !== undefined) {
        while (this.#readPlainDependency(this.#importer, this.#scope));
      }
      if (this.#importer !== undefined && lane.isField()) {
        this.#scope = undefined;
        if (lane.pass('    dependencies:\n')) this.#scope = 'prod';
        else if (lane.pass('    devDependencies:\n')) this.#scope = 'dev';
        else if (lane.pass('    optionalDependencies:\n')) this.#scope = 'optional';
        else return;
      } else {
        lane.passBlank();
        if (!lane.readKey(2)) return;
        this.#importer = this.#addImporter(lane.start, lane.end);
        this.#scope = undefined;
      }
    }
  }

  /** Reads a dependency whose specifier and version follow in this order. */
  #readPlainDependency(importer: PnpmImporter, scope: Scope): boolean {
    const lane = this.#lane;
    const { position } = lane;
    if (lane.readKey(6) && lane.pass('        specifier: ') && lane.readText()) {
      const specifier = copyOf(this.#document.text, lane.valueStart, lane.valueEnd);
      if (lane.pass('        version: ') && lane.readVersion()) {
        importer.dependencies.push({ scope, specifier, reference: this.#referByLane(scope === 'optional') });
        return true;
      }
    }
    lane.position = position;
    return false;
  }

  #readGroup(): Scope | undefined {
    const lines = this.#lines;
    const scope = IMPORTER_GROUPS.get(lines.text.slice(lines.keyStart, lines.keyEnd));
    if (scope === 'tool') this.#document.hasTools = true;
    if (scope === undefined || lines.hasNoValue()) return scope;
    if (!lines.hasEmptyValue()) this.#oddLine();
    return undefined;
  }

  /** Reads `name:` and below it, two columns further in, `specifier` and `version`. */
  #readDependency(importer: PnpmImporter, scope: Scope): void {
    const lines = this.#lines;
    if (!lines.readKey() || !lines.hasNoValue()) {
      this.#oddLine();
      return;
    }
    const { text, keyStart, keyEnd } = lines;
    const name = text.slice(keyStart, keyEnd);
    let specifier: string | undefined;
    let version: string | undefined;
    while (lines.next()) {
      if (lines.indent <= 6) {
        lines.hold();
        break;
      }
      const field = lines.indent === 8 && lines.readKey() ? text.slice(lines.keyStart, lines.keyEnd) : undefined;
      if (field === undefined) this.#oddLine();
      else if (field === 'specifier') specifier = copied(lines.readValue());
      else if (field === 'version') version = lines.readValue();
    }
    if (version === undefined) this.#document.report(keyStart, keyEnd, `${name} has no version`);
    const reference = this.#document.referTo(name, version ?? '', keyStart, keyEnd, scope === 'optional');
    importer.dependencies.push({ scope, specifier, reference });
  }

  #readCatalogs(): void {
    const lines = this.#lines;
    let catalog = '';
    let name = '';
    let specifier = '';
    while (this.#nextInSection()) {
      this.#lane.position = lines.position;
      if (!lines.readKey()) {
        this.#oddLine();
        continue;
      }
      const key = copyOf(lines.text, lines.keyStart, lines.keyEnd);
      const value = copied(lines.readValue());
      if (lines.indent === 2) catalog = key;
      else if (lines.indent === 4) name = key;
      else if (lines.indent !== 6 || value === undefined) this.#oddLine();
      else if (key === 'specifier') specifier = value;
      else if (key === 'version') this.#document.catalogs.push({ catalog, name, specifier, version: value });
    }
  }

  /** Reads a key whose value stands below it; undefined, and noted, when it is something else. */
  #readKeyed(): HashedKey | undefined {
    const lines = this.#lines;
    if (lines.readKey() && (lines.afterKey >= lines.end || lines.hasEmptyValue() || lines.hasNoValue())) {
      return this.#document.keys.read(lines.text, lines.keyStart, lines.keyEnd);
    }
    return this.#oddLine();
  }

  /** The lines below that are further in, as one text. */
  #textBelow(indent: number): string {
    const lines = this.#lines;
    const start = lines.end;
    let end = start;
    while (lines.next()) {
      if (lines.indent <= indent) {
        lines.hold();
        break;
      }
      end = lines.end;
    }
    return lines.text.slice(start, end);
  }

  /** Notes the line as one that cannot be read. */
  #oddLine(): undefined {
    const { content, end } = this.#lines;
    if (this.odd.length < MAX_ODD) this.odd.push({ start: content, end });
    return undefined;
  }
}

function copied(value: string | undefined): string | undefined {
  return value === undefined || value === '' ? undefined : copyOf(value, 0, value.length);
}

const SECTIONS: ReadonlySet<string> = new Set(['importers', 'packages', 'snapshots', 'catalogs']);
const PLAIN_RESOLUTION = '    resolution: {integrity: ';
/** The length of a SHA-512 hash in base64, with its name before it. */
const SHA512 = 95;
/** First letters of `resolution`, `requiresBuild`, `deprecated` and `version`, and of keys that are written oddly. */
const USEFUL_FIELDS = 'rdv?\'":{';
