import { copyOf } from './string-table.ts';
import type { PnpmDocument, PnpmImporter } from './pnpm-document.ts';
import { PnpmLane } from './pnpm-lane.ts';
import { PnpmLineCursor } from './pnpm-line-cursor.ts';
import type { PnpmPackage } from './pnpm-packages.ts';
import { readResolution } from './pnpm-resolution.ts';
import type { Scope } from '../../core/package.ts';
import type { Span } from '../../core/span.ts';

/**
 * Fills a document from its lines, as pnpm writes them: two columns of indentation a level, one key a line. The answer is
 * the places that are written in another way and were not read.
 */
export function readPnpmLines(document: PnpmDocument): readonly Span[] {
  const reader = new LineReader(document);
  reader.read();
  return reader.odd;
}

/** More say nothing new. */
const MAX_ODD = 50;

/** The groups of an importer that hold dependencies. Two of them only the document of the package manager itself has. */
export const IMPORTER_GROUPS: ReadonlyMap<string, Scope> = new Map([
  ['dependencies', 'prod'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['configDependencies', 'tool'],
  ['packageManagerDependencies', 'tool'],
]);

class LineReader {
  readonly odd: Span[] = [];
  readonly #document: PnpmDocument;
  readonly #lines: PnpmLineCursor;
  readonly #lane: PnpmLane;
  /** The snapshot and the block that the lines are in; -1 and undefined for none. */
  #snapshot = -1;
  #group: Scope | undefined;

  constructor(document: PnpmDocument) {
    this.#document = document;
    this.#lane = new PnpmLane(document.text, document.start, document.keys);
    this.#lines = new PnpmLineCursor(document.text, document.start, document.end);
  }

  read(): void {
    const lines = this.#lines;
    while (lines.next()) {
      if (lines.atDocumentEnd()) {
        this.#document.end = lines.content;
        this.#document.next = lines.position;
        return;
      }
      if (lines.indent !== 0 || !lines.readKey()) {
        this.#oddLine();
        continue;
      }
      const section = lines.text.slice(lines.keyStart, lines.keyEnd);
      if (section === 'lockfileVersion') {
        this.#document.versionSpan = { start: lines.keyStart, end: lines.keyEnd };
        if (lines.readValue()) this.#document.version = lines.value();
      } else if (!SECTIONS.has(section)) {
        this.#skipBelow(0);
      } else if (lines.hasNoValue()) {
        this.#readSection(section);
      } else if (!lines.hasEmptyValue()) {
        this.#oddLine();
      }
    }
  }

  #readSection(section: string): void {
    this.#lane.position = this.#lines.position;
    if (section === 'packages') this.#readPackages();
    else if (section === 'snapshots') this.#readSnapshots();
    else if (section === 'importers') this.#readImporters();
    else this.#readCatalogs();
  }

  #readPackages(): void {
    const lines = this.#lines;
    const { text } = lines;
    let item: PnpmPackage | undefined;
    for (;;) {
      item = this.#readPackageLane(item);
      if (!this.#nextLine()) return;
      if (lines.indent === 4) {
        if (item === undefined) this.#oddLine();
        else if (PACKAGE_FIELDS.includes(text.charCodeAt(lines.content))) this.#readPackageField(item);
      } else if (lines.indent === 2) {
        item = undefined;
        if (!this.#readKeyed()) continue;
        const { keyStart, keyEnd } = lines;
        item = this.#document.addPackage(this.#document.keys.read(text, keyStart, keyEnd), text, keyStart, keyEnd);
      } else if (lines.indent === 0) {
        lines.hold();
        return;
      } else if (lines.indent < 6) {
        this.#oddLine();
      }
      this.#lane.position = lines.position;
    }
  }

  /** Reads as many packages as are in pnpm's own form. Of their many fields only a few are of use. */
  #readPackageLane(last: PnpmPackage | undefined): PnpmPackage | undefined {
    const lane = this.#lane;
    const { text } = this.#document;
    let item = last;
    for (;;) {
      if (item !== undefined) lane.passFields(PACKAGE_FIELDS);
      lane.pass('\n');
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
    const { text } = lines;
    if (!lines.readKey()) {
      this.#oddLine();
      return;
    }
    switch (text.slice(lines.keyStart, lines.keyEnd)) {
      case 'resolution':
        readResolution(item, lines.hasNoValue() ? this.#textBelow(4) : lines.rest());
        break;
      case 'deprecated':
        item.deprecated = this.#readMessage();
        break;
      case 'version':
        if (lines.readValue()) item.version = this.#copyValue();
        break;
      case 'requiresBuild':
        item.hasInstallScript = lines.rest() === 'true';
    }
  }

  #readSnapshots(): void {
    const lines = this.#lines;
    const document = this.#document;
    const { text } = lines;
    this.#snapshot = -1;
    this.#group = undefined;
    for (;;) {
      this.#readSnapshotLane();
      if (!this.#nextLine()) break;
      if (lines.indent === 6) {
        if (this.#group !== undefined) this.#readSnapshotDependency(this.#group === 'optional');
      } else if (lines.indent === 4) {
        if (this.#snapshot === -1 || !lines.readKey()) this.#oddLine();
        else this.#group = this.#readGroup();
      } else if (lines.indent === 2) {
        this.#closeSnapshot();
        if (!this.#readKeyed()) continue;
        const { keyStart, keyEnd } = lines;
        this.#snapshot = document.addSnapshot(document.keys.read(text, keyStart, keyEnd), text, keyStart, keyEnd);
      } else if (lines.indent === 0) {
        lines.hold();
        break;
      } else if (lines.indent < 8) {
        this.#oddLine();
      }
      this.#lane.position = lines.position;
    }
    this.#closeSnapshot();
  }

  #closeSnapshot(): void {
    if (this.#snapshot !== -1) this.#document.closeSnapshot(this.#snapshot);
    this.#snapshot = -1;
    this.#group = undefined;
  }

  /** Reads as many snapshots as are in pnpm's own form. */
  #readSnapshotLane(): void {
    const lane = this.#lane;
    const document = this.#document;
    for (;;) {
      if (this.#group !== undefined) {
        const isOptional = this.#group === 'optional';
        while (lane.readReference(6)) document.refer(lane.first, lane.second, lane.start, lane.end, isOptional);
      }
      if (this.#snapshot !== -1 && lane.pass('    dependencies:\n')) this.#group = 'prod';
      else if (this.#snapshot !== -1 && lane.pass('    optionalDependencies:\n')) this.#group = 'optional';
      else {
        lane.pass('\n');
        if (!lane.readKey(2)) return;
        this.#closeSnapshot();
        this.#snapshot = document.addSnapshot(lane, document.text, lane.start, lane.end);
      }
    }
  }

  #readSnapshotDependency(isOptional: boolean): void {
    const lines = this.#lines;
    if (lines.readKey()) {
      const { keyStart, keyEnd } = lines;
      if (lines.readValue()) {
        this.#refer(keyStart, keyEnd, isOptional);
        return;
      }
    }
    this.#oddLine();
  }

  #readImporters(): void {
    const lines = this.#lines;
    let importer: PnpmImporter | undefined;
    let group: Scope | undefined;
    for (;;) {
      if (importer !== undefined && group !== undefined) this.#readImporterLane(importer, group);
      if (!this.#nextLine()) return;
      if (lines.indent === 6) {
        if (group !== undefined && importer !== undefined) this.#readImporterDependency(importer, group);
      } else if (lines.indent === 4) {
        group = undefined;
        if (importer === undefined || !lines.readKey()) this.#oddLine();
        else group = this.#readGroup();
      } else if (lines.indent === 2) {
        group = undefined;
        importer = undefined;
        if (!this.#readKeyed()) continue;
        const path = copyOf(lines.text, lines.keyStart, lines.keyEnd);
        importer = this.#document.addImporter(path, lines.keyStart, lines.keyEnd);
      } else if (lines.indent === 0) {
        lines.hold();
        return;
      } else if (lines.indent % 2 === 1) {
        this.#oddLine();
      }
      this.#lane.position = lines.position;
    }
  }

  /** Reads as many dependencies as are in pnpm's own form: a specifier and a version that is no link. */
  #readImporterLane(importer: PnpmImporter, scope: Scope): void {
    const lane = this.#lane;
    const document = this.#document;
    const isOptional = scope === 'optional';
    for (;;) {
      const { position } = lane;
      let specifier = '';
      let isRead = lane.readKey(6) && lane.pass('        specifier: ') && lane.readText();
      if (isRead) specifier = copyOf(document.text, lane.valueStart, lane.valueEnd);
      isRead &&= lane.pass('        version: ') && lane.readVersion();
      if (!isRead) {
        lane.position = position;
        return;
      }
      const reference = document.refer(lane.first, lane.second, lane.start, lane.end, isOptional);
      importer.dependencies.push({ scope, specifier, reference });
    }
  }

  #readGroup(): Scope | undefined {
    const lines = this.#lines;
    const group = IMPORTER_GROUPS.get(lines.text.slice(lines.keyStart, lines.keyEnd));
    if (group === 'tool') this.#document.hasTools = true;
    if (group === undefined || lines.hasNoValue()) return group;
    if (!lines.hasEmptyValue()) this.#oddLine();
    return undefined;
  }

  /** Reads `name:` and below it, two columns further in, `specifier` and `version`. */
  #readImporterDependency(importer: PnpmImporter, scope: Scope): void {
    const lines = this.#lines;
    if (!lines.readKey() || !lines.hasNoValue()) {
      this.#oddLine();
      return;
    }
    const { text, keyStart, keyEnd } = lines;
    const isOptional = scope === 'optional';
    let specifier: string | undefined;
    let reference = -1;
    while (lines.next()) {
      if (lines.indent <= 6) {
        lines.hold();
        break;
      }
      if (lines.indent !== 8 || !lines.readKey()) this.#oddLine();
      else if (text.startsWith('specifier:', lines.keyStart) && lines.readValue()) specifier = this.#copyValue();
      else if (text.startsWith('version:', lines.keyStart) && lines.readValue()) {
        reference = this.#refer(keyStart, keyEnd, isOptional);
      }
    }
    if (reference === -1) {
      this.#document.report(keyStart, keyEnd, `${text.slice(keyStart, keyEnd)} has no version`);
      reference = this.#document.refer(0, 0, keyStart, keyEnd, isOptional);
    }
    importer.dependencies.push({ scope, specifier, reference });
  }

  #readCatalogs(): void {
    const lines = this.#lines;
    let catalog = '';
    let name = '';
    let specifier = '';
    while (lines.next()) {
      if (lines.indent === 0) {
        lines.hold();
        return;
      }
      if (!lines.readKey()) {
        this.#oddLine();
        continue;
      }
      const key = copyOf(lines.text, lines.keyStart, lines.keyEnd);
      if (lines.indent === 2) catalog = key;
      else if (lines.indent === 4) name = key;
      else if (lines.indent !== 6 || !lines.readValue()) this.#oddLine();
      else if (key === 'specifier') specifier = this.#copyValue();
      else if (key === 'version')
        this.#document.catalogs.push({ catalog, name, specifier, version: this.#copyValue() });
    }
  }

  /** Reads a key whose value stands below it; false, and noted, when it is something else. */
  #readKeyed(): boolean {
    const lines = this.#lines;
    if (
      lines.readKey() &&
      (lines.text.charCodeAt(lines.end - 1) === COLON || lines.hasNoValue() || lines.hasEmptyValue())
    ) {
      return true;
    }
    this.#oddLine();
    return false;
  }

  #refer(nameStart: number, nameEnd: number, isOptional: boolean): number {
    const name = this.#lines.text.slice(nameStart, nameEnd);
    return this.#document.referTo(name, this.#lines.value(), nameStart, nameEnd, isOptional);
  }

  /** Moves to the line that the lane has come to. */
  #nextLine(): boolean {
    this.#lines.seek(this.#lane.position);
    return this.#lines.next();
  }

  #copyValue(): string {
    const lines = this.#lines;
    const { decoded } = lines;
    if (decoded !== undefined) return copyOf(decoded, 0, decoded.length);
    return copyOf(lines.text, lines.valueStart, lines.valueEnd);
  }

  /** A message on one line, or a block of several. */
  #readMessage(): string | undefined {
    const lines = this.#lines;
    if (lines.readValue()) return this.#copyValue();
    const message = this.#textBelow(4).replace(/\s+/g, ' ').trim();
    return message === '' ? undefined : copyOf(message, 0, message.length);
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

  #skipBelow(indent: number): void {
    const lines = this.#lines;
    while (lines.next()) {
      if (lines.indent > indent) continue;
      lines.hold();
      return;
    }
  }

  #oddLine(): void {
    const { content, end } = this.#lines;
    if (this.odd.length < MAX_ODD) this.odd.push({ start: content, end });
  }
}

const SECTIONS: ReadonlySet<string> = new Set(['importers', 'packages', 'snapshots', 'catalogs']);
const PLAIN_RESOLUTION = '    resolution: {integrity: ';
/** The length of a SHA-512 hash in base64, with its name before it. */
const SHA512 = 95;
const COLON = 58;
/** The first letters of the fields that are read (`resolution`, `requiresBuild`, `deprecated`, `version`), and odd ones. */
const PACKAGE_FIELDS: readonly number[] = [...'rdv#?:\'"'].map((letter) => letter.charCodeAt(0));
