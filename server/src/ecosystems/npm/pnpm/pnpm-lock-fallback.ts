import type { Scope } from '../../../core/package.ts';
import type { Problem, Span } from '../../../core/span.ts';
import {
  distinctEntries,
  textAt,
  valueAt,
  type DocumentEntry,
  type DocumentNode,
} from '../../../text/document-tree.ts';
import { PnpmDocument, type PnpmDependency } from './pnpm-document.ts';
import { IMPORTER_GROUPS } from './pnpm-importer-lines.ts';
import type { OldMajor } from './pnpm-old-key.ts';
import { copyOf } from '../lockfile/string-table.ts';
import { readYaml } from '../../../text/yaml-tree.ts';

/**
 * Reads a document that is not in the form that pnpm writes: other indentation, braces, quotes of another kind. It builds a
 * tree of the whole document, which takes many times longer than {@link readPnpmLines}.
 */
export function readPnpmTree(text: string, start: number, end: number): PnpmDocument {
  const document = new PnpmDocument(text, start);
  document.end = end;
  const { root, problems } = readYaml(text.slice(start, end));
  for (const { span, message } of problems) document.report(start + span.start, start + span.end, message);
  new TreeReader(document).read(root);
  return document;
}

class TreeReader {
  readonly #document: PnpmDocument;

  constructor(document: PnpmDocument) {
    this.#document = document;
  }

  /** Packages come before snapshots here, wherever they stand in the text. */
  read(root: DocumentNode | undefined): void {
    const sections = new Map(this.#entries(root).map((entry) => [entry.name, entry]));
    const version = sections.get('lockfileVersion');
    if (version !== undefined) {
      this.#document.versionSpan = this.#shifted(version.nameSpan);
      this.#document.version = version.value?.kind === 'text' ? copied(version.value.text) : undefined;
    }
    const { oldMajor } = this.#document;
    if (oldMajor === undefined) {
      this.#readPackages(sections.get('packages')?.value);
      this.#readSnapshots(sections.get('snapshots')?.value);
    } else {
      this.#readOldPackages(sections.get('packages')?.value, oldMajor);
      const groups = [...sections.values()].filter(({ name }) => IMPORTER_GROUPS.has(name));
      const [first] = groups;
      if (first !== undefined) this.#readImporter('.', this.#shifted(first.nameSpan), [...sections.values()]);
    }
    this.#readImporters(sections.get('importers')?.value);
    this.#readCatalogs(sections.get('catalogs')?.value);
  }

  #readPackages(packages: DocumentNode | undefined): void {
    for (const { name, nameSpan, value } of this.#entries(packages)) {
      const { start } = this.#shifted(nameSpan);
      const resolution = valueAt(value, 'resolution');
      this.#document.packages.add(name, start, this.#document.keep(textAt(resolution, 'integrity')));
      const details = this.#document.packages.lastDetails();
      details.tarball = copied(textAt(resolution, 'tarball'));
      details.type = copied(textAt(resolution, 'type'));
      details.deprecated = copied(textAt(value, 'deprecated'));
      details.version = copied(textAt(value, 'version'));
      details.hasInstallScript = textAt(value, 'requiresBuild') === 'true';
    }
  }

  #readSnapshots(snapshots: DocumentNode | undefined): void {
    for (const { name, nameSpan, value } of this.#entries(snapshots)) {
      const { start, end } = this.#shifted(nameSpan);
      const snapshot = this.#document.addSnapshot(name, start, end);
      this.#readReferences(snapshot, value);
    }
  }

  #readOldPackages(packages: DocumentNode | undefined, major: OldMajor): void {
    for (const { name, nameSpan, value } of this.#entries(packages)) {
      const resolution = valueAt(value, 'resolution');
      const details = {
        name: copied(textAt(value, 'name')),
        version: copied(textAt(value, 'version')),
        integrity: textAt(resolution, 'integrity'),
        tarball: copied(textAt(resolution, 'tarball')),
        type: copied(textAt(resolution, 'type')),
        deprecated: copied(textAt(value, 'deprecated')),
        hasInstallScript: textAt(value, 'requiresBuild') === 'true',
      };
      this.#readReferences(this.#document.addOldPackage(name, this.#shifted(nameSpan), major, details), value);
    }
  }

  #readReferences(index: number, value: DocumentNode | undefined): void {
    const { references } = this.#document;
    const first = references.count;
    this.#addReferences(valueAt(value, 'dependencies'));
    const required = references.count - first;
    this.#addReferences(valueAt(value, 'optionalDependencies'));
    this.#document.setReferences(index, first, required);
  }

  #addReferences(group: DocumentNode | undefined): void {
    for (const { name, nameSpan, value } of this.#entries(group)) {
      if (value?.kind === 'text') this.#document.references.add(name, value.text, this.#shifted(nameSpan).start);
    }
  }

  #readImporters(importers: DocumentNode | undefined): void {
    for (const { name, nameSpan, value } of this.#entries(importers)) {
      this.#readImporter(name, this.#shifted(nameSpan), this.#entries(value));
    }
  }

  #readImporter(path: string, { start, end }: Span, groups: readonly DocumentEntry[]): void {
    const importer = this.#document.addImporter(path, start, end);
    const group = groups.find(({ name }) => name === 'specifiers')?.value;
    const specifiers = new Map(this.#entries(group).map(({ name, value }) => [name, value]));
    for (const block of groups) {
      const scope = IMPORTER_GROUPS.get(block.name);
      if (scope === 'tool') this.#document.hasTools = true;
      if (scope === undefined) continue;
      for (const dependency of this.#entries(block.value)) {
        importer.dependencies.push(this.#importerDependency(dependency, scope, specifiers));
      }
    }
  }

  /** Version 5 writes the version behind the name, and its specifier in a group of its own. */
  #importerDependency(
    { name: written, nameSpan, value }: DocumentEntry,
    scope: Scope,
    specifiers: ReadonlyMap<string, DocumentNode | undefined>,
  ): PnpmDependency {
    const version = value?.kind === 'text' ? value.text : textAt(value, 'version');
    const given = value?.kind === 'text' ? specifiers.get(written) : valueAt(value, 'specifier');
    const specifier = given?.kind === 'text' ? given.text : undefined;
    const { start, end } = this.#shifted(nameSpan);
    if (version === undefined) this.#document.report(start, end, `${written} has no version`);
    const name = copied(written);
    const reference = this.#document.references.add(name, version ?? '', start);
    return { name, scope, specifier: copied(specifier), reference };
  }

  #readCatalogs(catalogs: DocumentNode | undefined): void {
    for (const { name: catalog, value } of this.#entries(catalogs)) {
      for (const { name, value: entry } of this.#entries(value)) {
        const specifier = textAt(entry, 'specifier') ?? '';
        const version = textAt(entry, 'version');
        if (version === undefined) continue;
        this.#document.catalogs.push({
          catalog: copied(catalog),
          name: copied(name),
          specifier: copied(specifier),
          version: copied(version),
        });
      }
    }
  }

  #entries(node: DocumentNode | undefined): readonly DocumentEntry[] {
    const problems: Problem[] = [];
    const entries = distinctEntries(node, problems);
    for (const { span, message } of problems) {
      const { start, end } = this.#shifted(span);
      this.#document.report(start, end, message);
    }
    return entries.filter(({ name }) => name !== '');
  }

  #shifted({ start, end }: Span): Span {
    return { start: this.#document.start + start, end: this.#document.start + end };
  }
}

function copied(text: string): string;
function copied(text: string | undefined): string | undefined;
function copied(text: string | undefined): string | undefined {
  return text === undefined ? undefined : copyOf(text, 0, text.length);
}
