import type { Span } from '../../../core/span.ts';
import type { PnpmDocument } from './pnpm-document.ts';
import { readImporterLines } from './pnpm-importer-lines.ts';
import { PnpmLineReader } from './pnpm-line-reader.ts';
import { OldImporterReader } from './pnpm-old-importer-lines.ts';
import { readOldPackageLines } from './pnpm-old-package-lines.ts';
import { readPackageLines } from './pnpm-package-lines.ts';
import { readSnapshotLines } from './pnpm-snapshot-lines.ts';
import { copyOf } from '../lockfile/string-table.ts';

/**
 * Fills a document from its lines, as pnpm writes them: two columns of indentation a level, one key a line. The answer is
 * the places that are written in another way and were not read.
 */
export function readPnpmLines(document: PnpmDocument): readonly Span[] {
  const reader = new PnpmLineReader(document);
  const { cursor } = reader;
  // Snapshots that stand before the packages they are made of are read after them.
  let early = -1;
  /** Before version 9 a project with one importer has its groups at the top. */
  let root: OldImporterReader | undefined;
  while (cursor.next()) {
    if (cursor.atDocumentEnd()) {
      document.end = cursor.content;
      document.next = cursor.content + '---'.length;
      break;
    }
    if (cursor.indent !== 0 || !cursor.readKey()) {
      reader.oddLine();
      continue;
    }
    const section = cursor.text.slice(cursor.keyStart, cursor.keyEnd);
    const read = document.oldMajor === undefined ? SECTIONS.get(section) : OLD_SECTIONS[document.oldMajor].get(section);
    if (section === 'lockfileVersion') {
      document.versionSpan = { start: cursor.keyStart, end: cursor.keyEnd };
      document.version = cursor.copyValue();
    } else if (document.oldMajor !== undefined && OLD_GROUPS.has(section)) {
      root ??= new OldImporterReader(reader);
      cursor.seek(root.readRootGroup());
    } else if (read === undefined) {
      if (section === 'pnpmfileChecksum') document.hasHooks = true;
      cursor.textBelow();
    } else if (!cursor.hasNoValue()) {
      if (!cursor.hasEmptyValue()) reader.oddLine();
    } else if (section === 'snapshots' && document.packages.count === 0) {
      early = cursor.position;
      cursor.textBelow();
    } else {
      cursor.seek(read(reader, cursor.position));
    }
  }
  if (early !== -1) readSnapshotLines(reader, early);
  return reader.odd;
}

const SECTIONS: ReadonlyMap<string, (reader: PnpmLineReader, from: number) => number> = new Map([
  ['packages', readPackageLines],
  ['snapshots', readSnapshotLines],
  ['importers', readImporterLines],
  ['catalogs', readCatalogLines],
]);

/** The same before version 9, which has no catalogs, and its snapshots among the packages. */
const OLD_SECTIONS = {
  5: new Map([
    ['packages', (reader: PnpmLineReader, from: number) => readOldPackageLines(reader, from, 5)],
    ['importers', (reader: PnpmLineReader, from: number) => new OldImporterReader(reader).readSection(from)],
  ]),
  6: new Map([
    ['packages', (reader: PnpmLineReader, from: number) => readOldPackageLines(reader, from, 6)],
    ['importers', readImporterLines],
  ]),
} as const;

const OLD_GROUPS: ReadonlySet<string> = new Set([
  'specifiers',
  'dependencies',
  'devDependencies',
  'optionalDependencies',
]);

/** Reads the section `catalogs` from a position on; the answer is where it ends. */
function readCatalogLines(reader: PnpmLineReader, from: number): number {
  const { document, cursor } = reader;
  let catalog = '';
  let name = '';
  let specifier = '';
  let position = from;
  while (reader.nextInSection(position)) {
    position = cursor.position;
    if (!cursor.readKey()) {
      reader.oddLine();
      continue;
    }
    const key = copyOf(cursor.text, cursor.keyStart, cursor.keyEnd);
    const value = cursor.copyValue();
    if (cursor.indent === 2) catalog = key;
    else if (cursor.indent === 4) name = key;
    else if (cursor.indent !== 6 || value === undefined) reader.oddLine();
    else if (key === 'specifier') specifier = value;
    else if (key === 'version') document.catalogs.push({ catalog, name, specifier, version: value });
  }
  return cursor.resume();
}
