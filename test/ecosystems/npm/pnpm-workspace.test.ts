import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { readBlockYaml } from '../../../server/src/ecosystems/npm/block-yaml.ts';
import type { DocumentNode } from '../../../server/src/ecosystems/npm/document-tree.ts';
import { parseManifest } from '../../../server/src/ecosystems/npm/manifest.ts';

function read(text: string) {
  const { value, problems } = parseManifest('/w/pnpm-workspace.yaml', text);
  const rows = value.dependencies.map((it) => ({
    name: it.name,
    group: it.group,
    catalog: it.catalog,
    kind: it.specifier.kind,
    value: text.slice(it.valueSpan.start, it.valueSpan.end),
  }));
  return { value, rows, problems };
}

test('members, catalogs and overrides are read with their places', () => {
  const text = [
    '# the workspace',
    'packages:',
    "  - 'packages/*'   # all",
    '  - "!**/test/**"',
    'catalog:',
    '  react: ^18.2.0',
    '  "@scope/b": \'npm:c@~2.0.0\' # an alias',
    'catalogs:',
    '  old: { react: ^17.0.0, vue : "^2" }',
    'overrides:',
    "  'a@1>b': '>=2'",
    '',
  ].join('\n');
  const { value, rows, problems } = read(text);
  expect(problems).toEqual([]);
  expect(value.workspaces).toEqual(['packages/*', '!**/test/**']);
  expect(rows).toEqual([
    { name: 'react', group: 'catalog', catalog: 'default', kind: 'range', value: '^18.2.0' },
    { name: '@scope/b', group: 'catalog', catalog: 'default', kind: 'range', value: 'npm:c@~2.0.0' },
    { name: 'react', group: 'catalogs.old', catalog: 'old', kind: 'range', value: '^17.0.0' },
    { name: 'vue', group: 'catalogs.old', catalog: 'old', kind: 'range', value: '^2' },
  ]);
  expect(value.overrides.map(({ path, value }) => [path, value])).toEqual([[['a@1', 'b'], '>=2']]);
  expect(value.groups.map(({ name }) => name)).toEqual(['catalog', 'catalogs.old']);
});

test('without packages it declares no workspace', () => {
  expect(read('catalog:\n  a: 1.0.0\n').value.workspaces).toBeUndefined();
});

test('a line that is half typed costs that line only', () => {
  const { rows, problems } = read('catalog:\n  a: ^1\n  b\n  c: ^3\n');
  expect(rows.map(({ name }) => name)).toEqual(['a', 'c']);
  expect(problems).toHaveLength(1);
});

test('a bracket that is never closed costs its own entry only', () => {
  const { rows, value, problems } = read('packages: [a, b\ncatalog:\n  c: ^3\n');
  expect(value.workspaces).toEqual(['a', 'b']);
  expect(rows.map(({ name }) => name)).toEqual(['c']);
  expect(problems.map(({ message }) => message)).toEqual(['this bracket is never closed']);
});

test('an anchor on a version is followed, and an alias that names nothing is a problem', () => {
  const { rows, problems, value } = read('catalog:\n  a: &v ^1.0.0\n  b: *v\n  c: *w\n');
  expect(rows.map(({ name }) => name)).toEqual(['a', 'b']);
  expect(value.dependencies.map(({ specifier }) => specifier)).toMatchObject([
    { range: '^1.0.0' },
    { range: '^1.0.0' },
  ]);
  expect(problems.length).toBeGreaterThan(0);
});

test('a merge conflict is one problem, and both sides are read', () => {
  const { rows, problems } = read(
    'catalog:\n<<<<<<< HEAD\n  a: 1.0.0\n=======\n  a: 2.0.0\n  b: 1.0.0\n>>>>>>> topic\n',
  );
  expect(rows.map(({ name, value }) => [name, value])).toEqual([
    ['a', '2.0.0'],
    ['b', '1.0.0'],
  ]);
  expect(problems.some(({ message }) => message.includes('merge conflict'))).toBe(true);
});

test('deep nesting neither throws nor takes long', () => {
  const started = performance.now();
  read('- '.repeat(20_000));
  read('['.repeat(20_000));
  read(Array.from({ length: 2_000 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n'));
  expect(performance.now() - started).toBeLessThan(2_000);
});

describe('the YAML reader agrees with the YAML library', () => {
  test.each([
    "a: 1\nb: two words # comment\nc: \"q: # no\"\nd: 'it''s'\n",
    'a:\n- x\n- - y\n  - z\n-  k: v\n   l: w\n'.replace('-  k', '- k').replace('   l', '  l'),
    'a:\n  - b: 1\n    c:\n      - d\n  - e\nf: {g: [h, "i,j"], k: {}}\nl: []\n',
    '%YAML 1.2\n---\na: b\n...\n',
    'a:\n  b: folded\n    over lines\n  c: d\n',
    'a: |\n  text\n   more\nb: c\n'.replace('a: |\n  text\n   more\n', ''),
    '"a b": c\n? d\n'.replace('? d\n', ''),
    'url: https://host.example:8080/a#b\nempty:\nnext: ~\n',
    '- a\n- b: c\n-\n  - d\n',
    '{a: b,\n  c: [d,\n  e]}\n',
    'a: b\r\nc:\r\n  - d\r\n',
  ])('for %j', (text) => {
    const { root, problems } = readBlockYaml(text);
    expect(problems).toEqual([]);
    expect(plain(root)).toEqual(textual(parse(text)));
  });

  const KEY = fc.oneof(fc.stringMatching(/^[a-z@/][a-z0-9@/._-]{0,10}$/), fc.string({ minLength: 1, maxLength: 6 }));
  const SCALAR = fc.oneof(
    fc.constantFrom(
      '^1.0.0',
      '>=1 <2',
      '*',
      'npm:a@^1',
      '!x/**',
      '- a',
      '# b',
      'a: b',
      "it's",
      '"',
      'null',
      '~',
      ' x ',
    ),
    fc.stringMatching(/^[ -~]{0,20}$/),
  );
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { maxDepth: 4 },
      SCALAR,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(KEY, tie('tree'), { maxKeys: 4 }),
    ),
  }));

  test('for whatever the library writes on lines of their own', () => {
    fc.assert(
      fc.property(fc.dictionary(KEY, tree, { minKeys: 1, maxKeys: 5 }), (value) => {
        const text = stringify(value, { lineWidth: 0, blockQuote: false });
        fc.pre(!/^\s*(?:- )*\? /m.test(text));
        const { root, problems } = readBlockYaml(text);
        expect(problems, text).toEqual([]);
        expect(plain(root), text).toEqual(value);
      }),
      { numRuns: 500 },
    );
  });
});

/** Our tree as plain values. */
function plain(node: DocumentNode | undefined): unknown {
  switch (node?.kind) {
    case 'map':
      return Object.fromEntries(node.entries.map(({ name, value }) => [name, plain(value)]));
    case 'list':
      return node.items.map(plain);
    case 'text':
      return node.text;
    default:
      return null;
  }
}

/** The library's numbers as texts, since a version may look like a number. */
function textual(value: unknown): unknown {
  if (typeof value === 'number') return String(value);
  if (Array.isArray(value)) return value.map(textual);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, textual(item)]));
}
