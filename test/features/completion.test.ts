import { CompletionItemTag, type CompletionItem } from 'vscode-languageserver-types';
import { expect, test } from 'vitest';

import { completion } from '../../server/src/features/completion.ts';
import { LEARNED_AT } from '../support/fake-knowledge.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

const REGISTRY = { a: ['1.0.0', '1.1.0', '2.0.0'] };

async function itemsAt(
  text: string,
  facts: ProjectFacts,
): Promise<{ items: CompletionItem[]; offsets: (item: CompletionItem) => [number, number] }> {
  const { manifest, project, cursor, marked } = await projectOf(text, { installed: {}, ...facts });
  const view = manifest(marked.cursor?.path);
  const offsets = (item: CompletionItem): [number, number] => {
    if (item.textEdit === undefined || !('range' in item.textEdit)) throw new Error('the item has no range');
    const { start, end } = item.textEdit.range;
    return [view.document.lines.offsetAt(start), view.document.lines.offsetAt(end)];
  };
  return { items: completion(view, project, cursor()), offsets };
}

/** What the manifest reads after the first item was taken; undefined when nothing is offered. */
async function checkFirst(
  text: string,
  after: string | undefined,
  facts: ProjectFacts = { registry: REGISTRY },
): Promise<void> {
  const { items, offsets } = await itemsAt(text, facts);
  const [first] = items;
  const plain =
    text
      .replace('$0', '')
      .replace(/^-- .* --\n/, '')
      .split('\n-- ')[0] ?? '';
  if (first === undefined) {
    expect(after).toBeUndefined();
    return;
  }
  const [start, end] = offsets(first);
  expect(plain.slice(0, start) + (first.textEdit?.newText ?? '') + plain.slice(end)).toBe(after);
}

test('the newest version comes first', async () => {
  const { items } = await itemsAt('{ "dependencies": { "a": "$0" } }', { registry: REGISTRY });
  expect(items.map(({ label }) => label)).toEqual(['2.0.0', '1.1.0', '1.0.0']);
  const order = items.map(({ sortText = '' }) => sortText);
  expect([...order].sort()).toEqual(order);
  expect(items.map(({ preselect }) => preselect === true)).toEqual([true, false, false]);
});

test("the list stands before the editor's own", async () => {
  const { items } = await itemsAt('{ "dependencies": { "a": "$0" } }', { registry: REGISTRY });
  for (const { sortText = '' } of items) expect(sortText < '!' && sortText < '0').toBe(true);
});

test('each version says what is known of it', async () => {
  const { items } = await itemsAt('{ "dependencies": { "a": "$0" } }', {
    registry: {
      a: ['1.0.0', { version: '1.1.0', deprecated: 'do not\nuse' }, { version: '2.0.0', publishedAt: LEARNED_AT }],
    },
    advisories: [
      { id: 'GHSA-1', package: 'a', versions: '>=0 <2.0.0' },
      { id: 'GHSA-2', package: 'a', versions: '>=0 <1.1.0' },
    ],
  });
  expect(items.map(({ detail, tags }) => [detail, tags])).toEqual([
    ['no known advisory · 2026-01-15', undefined],
    ['1 advisory · deprecated: do not use', [CompletionItemTag.Deprecated]],
    ['2 advisories', undefined],
  ]);
});

test('a version that could not be looked up is not said to be free of advisories', async () => {
  const { items } = await itemsAt('{ "dependencies": { "a": "$0" } }', {
    registry: REGISTRY,
    unknown: { a: 'offline' },
  });
  expect(items.map(({ detail }) => detail)).toEqual(['not checked', 'not checked', 'not checked']);
});

test.each([
  ['an empty value', '"$0"', '"2.0.0"'],
  ['a caret', '"^$0"', '"^2.0.0"'],
  ['a caret range', '"^1.$00.0"', '"^2.0.0"'],
  ['a tilde range', '"~1.0.0$0"', '"~2.0.0"'],
  ['a lower bound', '">=1.0.0$0"', '">=2.0.0"'],
  ['a version', '"$01.0.0"', '"2.0.0"'],
  ['a version that is typed halfway', '"1.$0"', '"2.0.0"'],
  ['a caret range that is typed halfway', '"^1.$0"', '"^2.0.0"'],
  ['a range of a major version', '"^1$0"', '"^2.0.0"'],
  ['a tag', '"la$0"', '"2.0.0"'],
])('%s keeps its operator', async (_, before, after) => {
  await checkFirst(`{ "dependencies": { "a": ${before} } }`, `{ "dependencies": { "a": ${after} } }`);
});

test('an alias keeps its name, whether its range is typed to the end or not', async () => {
  await checkFirst('{ "dependencies": { "x": "npm:a@^1.0.0$0" } }', '{ "dependencies": { "x": "npm:a@^2.0.0" } }');
  await checkFirst('{ "dependencies": { "x": "npm:a@^1.$0" } }', '{ "dependencies": { "x": "npm:a@^2.0.0" } }');
  await checkFirst('{ "dependencies": { "x": "np$0m:a" } }', undefined);
});

test('in a catalog the versions are offered where they are written, and not where the catalog is named', async () => {
  await checkFirst('-- pnpm-workspace.yaml --\ncatalog:\n  a: ^1.0.0$0', 'catalog:\n  a: ^2.0.0', {
    registry: REGISTRY,
  });
  await checkFirst('{ "dependencies": { "a": "catalog:$0" } }', undefined);
});

test.each([
  ['in the name', '"$0a": "1.0.0"'],
  ['outside of the value', '"a": "1.0.0" $0'],
  ['in what is not from a registry', '"a": "file:$0../a"'],
])('%s nothing is offered', async (_, line) => {
  await checkFirst(`{ "dependencies": { ${line} } }`, undefined);
});

test('while the registry has not answered nothing is offered', () =>
  checkFirst('{ "dependencies": { "a": "$0" } }', undefined, {}));

test('of very many versions the newest hundred are offered', async () => {
  const versions = Array.from({ length: 1_000 }, (_, index) => `1.${String(index)}.0`);
  const { items } = await itemsAt('{ "dependencies": { "a": "$0" } }', { registry: { a: versions } });
  expect(items).toHaveLength(100);
  expect(items[0]?.label).toBe('1.999.0');
});

test('what is filtered is what stands in the text', async () => {
  const { items } = await itemsAt('{ "dependencies": { "a": "^1.$0" } }', { registry: REGISTRY });
  expect(items.map(({ filterText }) => filterText)).toEqual(['^2.0.0', '^1.1.0', '^1.0.0']);
});
