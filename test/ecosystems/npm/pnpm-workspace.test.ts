import { expect, test } from 'vitest';
import { parseManifest } from '../../../server/src/ecosystems/npm/manifest/manifest.ts';

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
  expect(problems.map(({ message }) => message)).toEqual([expect.stringContaining('end with a ]')]);
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

test.each(['- '.repeat(20_000), '['.repeat(20_000), '{a: '.repeat(20_000)])(
  'deep nesting is a problem and does not throw',
  (text) => {
    expect(read(text).problems.length).toBeGreaterThan(0);
  },
);

test('a catalog that is one long chain of aliases does not grow', () => {
  const lines = Array.from(
    { length: 40 },
    (_, at) => `  l${String(at + 1)}: &l${String(at + 1)} [*l${String(at)}, *l${String(at)}]`,
  );
  expect(read(`catalog:\n  l0: &l0 ^1.0.0\n${lines.join('\n')}\n`).rows.map(({ name }) => name)).toEqual(['l0']);
});

test('versions stay as they are written, and no value is no dependency', () => {
  expect(read('catalog:\n  a: 1.10\n  b: ~\n  c:\n').rows.map(({ name, value }) => [name, value])).toEqual([
    ['a', '1.10'],
  ]);
});
