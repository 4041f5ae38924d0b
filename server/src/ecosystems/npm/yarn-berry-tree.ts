import type { Problem } from '../../core/span.ts';
import { distinctEntries, textAt, valueAt, type DocumentEntry, type DocumentNode } from './document-tree.ts';
import { copyOf } from './string-table.ts';
import { YarnDocument } from './yarn-document.ts';
import { draftOf, type YarnDraft } from './yarn-identity.ts';
import { keepOptionalLast } from './yarn-optional.ts';
import { readYaml } from './yaml-tree.ts';

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
    else if (entry.name !== '') document.add(readDraft(entry, document));
  }
  return document;
}

function readMetadata({ value, nameSpan }: DocumentEntry, document: YarnDocument): void {
  document.version = copied(textAt(value, 'version'));
  document.versionSpan = nameSpan;
}

function readDraft({ name, nameSpan, value }: DocumentEntry, document: YarnDocument): YarnDraft {
  const draft = draftOf((copied(name) ?? '').split(/, */), nameSpan.start, nameSpan.end);
  draft.version = copied(textAt(value, 'version')) ?? '';
  draft.resolved = textAt(value, 'resolution') ?? '';
  draft.edges = entriesOf(valueAt(value, 'dependencies'), document).flatMap((dependency) =>
    dependency.value?.kind === 'text' ? [document.addRequest(dependency.name, dependency.value.text)] : [],
  );
  const optional = entriesOf(valueAt(value, 'dependenciesMeta'), document).filter(
    (meta) => textAt(meta.value, 'optional') === 'true',
  );
  keepOptionalLast(
    draft,
    optional.map((meta) => meta.name),
    document,
  );
  return draft;
}

function entriesOf(node: DocumentNode | undefined, document: YarnDocument): readonly DocumentEntry[] {
  const problems: Problem[] = [];
  const entries = distinctEntries(node, problems);
  for (const { span, message } of problems) document.report(span.start, span.end, message);
  return entries;
}

function copied(text: string | undefined): string | undefined {
  return text === undefined ? undefined : copyOf(text, 0, text.length);
}
