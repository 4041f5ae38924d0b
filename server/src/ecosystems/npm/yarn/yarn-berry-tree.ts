import type { Problem } from '../../../core/span.ts';
import {
  distinctEntries,
  textAt,
  valueAt,
  type DocumentEntry,
  type DocumentNode,
} from '../../../text/document-tree.ts';
import { copyOf } from '../lockfile/string-table.ts';
import { YarnDocument } from './yarn-document.ts';
import { draftOf, type YarnDraft } from './yarn-draft.ts';
import { readYaml } from '../../../text/yaml-tree.ts';

/**
 * Reads a `yarn.lock` of yarn 2 and later that is not in the form that yarn writes. It builds a tree of the whole text,
 * which takes many times longer than reading it by lines.
 */
export function readYarnBerryTree(text: string): YarnDocument {
  const document = new YarnDocument(text, true);
  const { root, problems } = readYaml(text);
  for (const { span, message } of problems) document.report(span.start, span.end, message);
  for (const entry of entriesOf(root, document)) {
    if (entry.name === '__metadata') readMetadata(entry, document);
    else if (entry.name !== '' && (entry.value === undefined || entry.value.kind === 'map')) {
      document.add(readDraft(entry, document));
    }
  }
  document.settle();
  return document;
}

function readMetadata({ value, nameSpan }: DocumentEntry, document: YarnDocument): void {
  const version = textAt(value, 'version');
  document.version = version === undefined ? undefined : copyOf(version, 0, version.length);
  document.versionSpan = nameSpan;
}

function readDraft({ name, nameSpan, value }: DocumentEntry, document: YarnDocument): YarnDraft {
  const draft = draftOf(name, nameSpan.start, nameSpan.end);
  draft.version = textAt(value, 'version') ?? '';
  draft.resolved = textAt(value, 'resolution') ?? '';
  draft.block = blockOf(value, document);
  return draft;
}

/** The dependencies in the form that yarn writes. */
function blockOf(value: DocumentNode | undefined, document: YarnDocument): string {
  const dependencies = entriesOf(valueAt(value, 'dependencies'), document).flatMap((dependency) =>
    dependency.value?.kind === 'text'
      ? [`    ${JSON.stringify(dependency.name)}: ${JSON.stringify(dependency.value.text)}`]
      : [],
  );
  const optional = entriesOf(valueAt(value, 'dependenciesMeta'), document)
    .filter((meta) => textAt(meta.value, 'optional') === 'true')
    .flatMap((meta) => [`    ${JSON.stringify(meta.name)}:`, '      optional: true']);
  return ['  dependencies:', ...dependencies, '  dependenciesMeta:', ...optional, ''].join('\n');
}

function entriesOf(node: DocumentNode | undefined, document: YarnDocument): readonly DocumentEntry[] {
  const problems: Problem[] = [];
  const entries = distinctEntries(node, problems);
  for (const { span, message } of problems) document.report(span.start, span.end, message);
  return entries;
}
