import type { Scope } from '../../../core/package.ts';
import type { PnpmDependency, PnpmDocument, PnpmImporter } from './pnpm-document.ts';
import { plainStart, type PnpmLineReader } from './pnpm-line-reader.ts';
import { copyOf } from '../lockfile/string-table.ts';

/** The groups of an importer that hold dependencies. Two of them only the document of the package manager itself has. */
export const IMPORTER_GROUPS: ReadonlyMap<string, Scope> = new Map([
  ['dependencies', 'prod'],
  ['devDependencies', 'dev'],
  ['optionalDependencies', 'optional'],
  ['configDependencies', 'tool'],
  ['packageManagerDependencies', 'tool'],
]);

type Resolved = Pick<PnpmDependency, 'name' | 'specifier' | 'reference'>;

/** Reads the section `importers` from a position on; the answer is where it ends. */
export function readImporterLines(reader: PnpmLineReader, from: number): number {
  const { document, cursor } = reader;
  const { text } = document;
  /** By their three lines: members of a workspace mostly ask for the same. */
  const known = new Map<string, Resolved>();
  let importer: PnpmImporter | undefined;
  let scope: Scope | undefined;
  let position = from;
  for (;;) {
    if (importer !== undefined && scope !== undefined && text.startsWith('      ', position)) {
      const end = endOfDependency(text, position);
      if (end !== -1) {
        const lines = text.slice(position + 6, end);
        let dependency = known.get(lines);
        if (dependency === undefined) {
          dependency = readPlainDependency(document, position + 6);
          if (dependency !== undefined) known.set(lines, dependency);
        }
        if (dependency !== undefined) {
          const { name, specifier, reference } = dependency;
          importer.dependencies.push({ name, scope, specifier, reference });
          position = end + 1;
          continue;
        }
      }
    }
    if (!reader.nextInSection(position)) return cursor.resume();
    if (cursor.indent === 2) {
      scope = undefined;
      const path = reader.readKeyed();
      importer = path === undefined ? undefined : document.addImporter(path, cursor.keyStart, cursor.keyEnd);
    } else if (cursor.indent === 4) {
      if (importer === undefined) reader.oddLine();
      else scope = readGroup(reader);
    } else if (cursor.indent === 6 && importer !== undefined && scope !== undefined) {
      readDependency(reader, importer, scope);
    } else if (cursor.indent < 6 || scope !== undefined) {
      reader.oddLine();
    }
    position = cursor.resume();
  }
}

function readGroup(reader: PnpmLineReader): Scope | undefined {
  const { cursor } = reader;
  if (!cursor.readKey()) {
    reader.oddLine();
    return undefined;
  }
  const scope = IMPORTER_GROUPS.get(cursor.text.slice(cursor.keyStart, cursor.keyEnd));
  if (scope === 'tool') reader.document.hasTools = true;
  if (scope === undefined || cursor.hasNoValue()) return scope;
  if (!cursor.hasEmptyValue()) reader.oddLine();
  return undefined;
}

/** The end of the last of three lines, of which two are a specifier and a version; -1 when they are not. */
function endOfDependency(text: string, position: number): number {
  const keyEnd = text.indexOf('\n', position);
  if (keyEnd === -1 || !text.startsWith(SPECIFIER, keyEnd + 1)) return -1;
  const specifierEnd = text.indexOf('\n', keyEnd + 1);
  if (specifierEnd === -1 || !text.startsWith(VERSION, specifierEnd + 1)) return -1;
  return text.indexOf('\n', specifierEnd + 1);
}

/** Reads three lines that {@link endOfDependency} knows, from after the indentation of the first; undefined when one is in another form. */
function readPlainDependency(document: PnpmDocument, from: number): Resolved | undefined {
  const { text } = document;
  const keyEnd = text.indexOf('\n', from);
  const specifierFrom = keyEnd + 1 + SPECIFIER.length;
  const specifierEnd = text.indexOf('\n', specifierFrom);
  const versionFrom = specifierEnd + 1 + VERSION.length;
  const versionEnd = text.indexOf('\n', versionFrom);
  const name = text.charCodeAt(keyEnd - 1) === COLON ? plainStart(text, from, keyEnd - 1) : -1;
  const specifier = plainStart(text, specifierFrom, specifierEnd);
  const version = plainStart(text, versionFrom, versionEnd);
  if (name === -1 || specifier === -1 || version === -1) return undefined;
  const nameEnd = keyEnd - 1 - (name - from);
  return {
    name: copyOf(text, name, nameEnd),
    specifier: copyOf(text, specifier, specifierEnd - (specifier - specifierFrom)),
    reference: document.references.addPlace(name, nameEnd, version, versionEnd - (version - versionFrom)),
  };
}

/** Reads `name:` and below it, two columns further in, `specifier` and `version`, in whatever form. */
function readDependency(reader: PnpmLineReader, importer: PnpmImporter, scope: Scope): void {
  const { document, cursor } = reader;
  if (!cursor.readKey() || !cursor.hasNoValue()) {
    reader.oddLine();
    return;
  }
  const { text, keyStart, keyEnd } = cursor;
  const name = copyOf(text, keyStart, keyEnd);
  let specifier: string | undefined;
  let version: string | undefined;
  while (cursor.next()) {
    if (cursor.indent <= 6) {
      cursor.hold();
      break;
    }
    const field = cursor.indent === 8 && cursor.readKey() ? text.slice(cursor.keyStart, cursor.keyEnd) : undefined;
    if (field === undefined) reader.oddLine();
    else if (field === 'specifier') specifier = cursor.copyValue();
    else if (field === 'version') version = cursor.readValue();
  }
  if (version === undefined) document.report(keyStart, keyEnd, `${name} has no version`);
  importer.dependencies.push({
    name,
    scope,
    specifier,
    reference: document.references.add(name, version ?? '', keyStart),
  });
}

const SPECIFIER = '        specifier: ';
const VERSION = '        version: ';
const COLON = 58;
