import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Manifest } from '../../../server/src/core/manifest.ts';
import type { Parsed, Span } from '../../../server/src/core/span.ts';
import { parseManifest } from '../../../server/src/ecosystems/npm/manifest/manifest.ts';
import { parseMarked, renderMarked, type Annotation } from '../../support/marked-text.ts';

/** Every dependency, override and problem of a text, marked where it stands. */
function checkManifest(marked: string): void {
  const path = 'package.json';
  const { files } = parseMarked(marked);
  const text = files[path] ?? '';
  const { value, problems } = parseManifest(path, text);
  const at = (span: Span, severity: string, code: string, message: string): Annotation => ({
    path,
    ...span,
    severity,
    code,
    message,
  });
  const annotations = [
    ...value.dependencies.map((it) =>
      at(it.valueSpan, it.scope, it.packageName, `${it.specifier.kind} in ${it.group}`),
    ),
    ...value.overrides.map((it) => at(it.valueSpan, 'override', it.path.join('>'), it.value)),
    ...problems.map((it) => at(it.span, 'problem', '-', it.message)),
  ].sort((a, b) => a.start - b.start);
  expect(renderMarked({ files, cursor: undefined, annotations })).toBe(marked);
}

test('each group of dependencies is read, with the place of each value', () => {
  checkManifest(`{
  "name": "app",
  "dependencies": {
    "left-pad": "^1.0.0",
                 ^^^^^^ prod left-pad: range in dependencies
    "alias": "npm:@scope/real@^2"
              ^^^^^^^^^^^^^^^^^^ prod @scope/real: range in dependencies
  },
  "devDependencies": { "b": "latest" },
                             ^^^^^^ dev b: tag in devDependencies
  "optionalDependencies": { "c": "catalog:" },
                                  ^^^^^^^^ optional c: catalog in optionalDependencies
  "peerDependencies": { "d": "*" }
                              ^ peer d: range in peerDependencies
}`);
});

test('overrides are read in the dialect of npm, yarn and pnpm', () => {
  checkManifest(`{
  "overrides": {
    "foo": "1.0.0",
            ^^^^^ override foo: 1.0.0
    "bar@^2": { ".": "2.1.0", "baz": { "qux": "$qux" } }
                      ^^^^^ override bar@^2: 2.1.0
                                               ^^^^ override bar@^2>baz>qux: $qux
  },
  "resolutions": { "**/@s/a/b": "3" },
                                 ^ override @s/a>b: 3
  "pnpm": { "overrides": { "a@1>b@2": "4" } }
                                       ^ override a@1>b@2: 4
}`);
});

test('the ">" of a range in an override of pnpm does not part two packages', () => {
  const text = '{"pnpm":{"overrides":{"a@>=1 <2>b@>1 || >3":"4"}}}';
  expect(parseManifest('package.json', text).value.overrides.map(({ path }) => path)).toEqual([
    ['a@>=1 <2', 'b@>1 || >3'],
  ]);
});

test('catalogs of bun are dependencies with a catalog', () => {
  const text = '{"workspaces":{"packages":["a/*"],"catalog":{"x":"^1"},"catalogs":{"old":{"x":"^0.9"}}}}';
  const { value } = parseManifest('/w/package.json', text);
  expect(value.workspaces).toEqual(['a/*']);
  expect(value.dependencies.map(({ name, group, catalog }) => ({ name, group, catalog }))).toEqual([
    { name: 'x', group: 'catalog', catalog: 'default' },
    { name: 'x', group: 'catalogs.old', catalog: 'old' },
  ]);
});

test('groups have the span of their block', () => {
  const text = '{"name":"n","version":"1.0.0","private":true,"workspaces":["a"],"devDependencies": {"x":"1"} }';
  const { value } = parseManifest('package.json', text);
  expect(value).toMatchObject({ name: 'n', version: '1.0.0', isPrivate: true, workspaces: ['a'] });
  expect(value.groups.map(({ span }) => text.slice(span.start, span.end))).toEqual(['{"x":"1"}']);
  expect(value.groups.map(({ nameSpan }) => text.slice(nameSpan.start, nameSpan.end))).toEqual(['devDependencies']);
});

describe('what is broken', () => {
  test('of a name that stands twice the last counts, and the other is a problem', () => {
    checkManifest(`{
  "dependencies": {
    "a": "^1.0.0",
     ^ problem -: "a" stands here twice; the last one counts
    "a": "^2.0.0"
          ^^^^^^ prod a: range in dependencies
  }
}`);
  });

  test('a value that is no string is a problem, and the lines around it are read', () => {
    checkManifest(`{
  "dependencies": {
    "a": 1,
         ^ problem -: the version of "a" must be a string
    "b": "1"
          ^ prod b: range in dependencies
  }
}`);
  });

  test('half-typed JSON keeps everything that stands there', () => {
    const { value, problems } = parseManifest('package.json', '{"dependencies": {"a": "^1.0.0", "b": "^2.0');
    expect(value.dependencies.map(({ name, valueSpan }) => [name, valueSpan])).toEqual([
      ['a', { start: 24, end: 30 }],
      ['b', { start: 39, end: 43 }],
    ]);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('a name without a value is no dependency yet, and the next line still is one', () => {
    const { value } = parseManifest(
      'package.json',
      '{"dependencies": {"a": , "b": "2"}, "devDependencies": {"c": "3"}}',
    );
    expect(value.dependencies.map(({ name }) => name)).toEqual(['b', 'c']);
  });

  test('a byte order mark and Windows line ends move no place', () => {
    const text = '\uFEFF{\r\n  "dependencies": {\r\n    "a": "^1.0.0"\r\n  }\r\n}\r\n';
    const { value, problems } = parseManifest('package.json', text);
    expect(problems).toEqual([]);
    expect(value.dependencies.map((it) => text.slice(it.valueSpan.start, it.valueSpan.end))).toEqual(['^1.0.0']);
  });

  test('a merge conflict is one problem at its place, and the lower side counts', () => {
    const text = [
      '{',
      '  "dependencies": {',
      '<<<<<<< HEAD',
      '    "a": "1.0.0"',
      '=======',
      '    "a": "2.0.0",',
      '    "b": "1.0.0"',
      '>>>>>>> topic',
      '  }',
      '}',
    ].join('\n');
    const { value, problems } = parseManifest('package.json', text);
    expect(value.dependencies.map((it) => text.slice(it.valueSpan.start, it.valueSpan.end))).toEqual([
      '2.0.0',
      '1.0.0',
    ]);
    expect(problems.map(({ span }) => text.slice(span.start, span.end))).toContain('<<<<<<< HEAD');
  });

  test('the name __proto__ is a name like any other, and no package', () => {
    const { value } = parseManifest('package.json', '{"__proto__":{"x":1},"dependencies":{"__proto__":"1","a":"1"}}');
    expect(value.dependencies.map(({ name, specifier }) => [name, specifier.kind])).toEqual([
      ['__proto__', 'invalid'],
      ['a', 'range'],
    ]);
  });

  test('a text that is nested too deeply is refused, not thrown at', () => {
    const { value, problems } = parseManifest('package.json', `{"dependencies":${'['.repeat(200_000)}`);
    expect(value.dependencies).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  test.each(['', 'null', '[]', '1', '"x"', '{', '{"dependencies":[]}', '{"dependencies":"x"}', '\u0000', '}}}'])(
    'the text %j is read without throwing',
    (text) => {
      expect(parseManifest('package.json', text).value.dependencies).toEqual([]);
    },
  );
});

const NAME = fc.oneof(
  fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/),
  fc.stringMatching(/^@[a-z]{1,6}\/[a-z][a-z0-9-]{0,8}$/),
  fc.string(),
  fc.constantFrom('__proto__', 'constructor', 'toString', 'a"b', 'ü', '\u2028'),
);
const VALUE = fc.oneof(
  fc.constantFrom('^1.2.3', '~1', '*', 'npm:x@1', 'workspace:^', 'o/r', 'catalog:', 'latest'),
  fc.string(),
);
const BLOCK = fc.dictionary(NAME, VALUE, { maxKeys: 8 });
const MANIFEST = fc.record({
  name: fc.string(),
  dependencies: BLOCK,
  devDependencies: BLOCK,
  peerDependencies: BLOCK,
  overrides: fc.dictionary(NAME, fc.oneof(VALUE, BLOCK), { maxKeys: 4 }),
  workspaces: fc.oneof(fc.array(fc.string(), { maxLength: 3 }), fc.record({ catalog: BLOCK })),
});

describe('for any manifest', () => {
  test('all its dependencies are read, and each value is at its place', () => {
    fc.assert(
      fc.property(MANIFEST, fc.constantFrom(undefined, 2, '\t'), (manifest, indent) => {
        const text = JSON.stringify(manifest, undefined, indent);
        const { value, problems } = parseManifest('package.json', text);
        expect(problems).toEqual([]);
        for (const group of ['dependencies', 'devDependencies', 'peerDependencies'] as const) {
          const read = value.dependencies.filter((it) => it.group === group);
          const values = read.map((it): unknown => JSON.parse(`"${text.slice(it.valueSpan.start, it.valueSpan.end)}"`));
          expect(read.map(({ name }) => name)).toEqual(Object.keys(manifest[group]));
          expect(values).toEqual(Object.values(manifest[group]));
        }
      }),
    );
  });

  test('every beginning of it is read without throwing, and all places lie inside the text', () => {
    fc.assert(
      fc.property(MANIFEST, fc.double({ min: 0, max: 1, noNaN: true }), (manifest, part) => {
        const whole = JSON.stringify(manifest, undefined, 2);
        checkPlaces(whole.slice(0, Math.floor(whole.length * part)));
      }),
    );
  });

  test('so it is with any text, as JSON and as YAML', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[{}[\]":,#'&*!|> \n\r\ta1-]*$/)), (text) => {
        checkPlaces(text);
        checkPlaces(text, 'pnpm-workspace.yaml');
      }),
      { numRuns: 400 },
    );
  });
});

function checkPlaces(text: string, path = 'package.json'): void {
  for (const { start, end } of spansOf(parseManifest(path, text))) {
    expect(start).toBeGreaterThanOrEqual(0);
    expect(end).toBeGreaterThanOrEqual(start);
    expect(end).toBeLessThanOrEqual(text.length);
  }
}

function spansOf({ value, problems }: Parsed<Manifest>): Span[] {
  return [
    ...value.dependencies.flatMap((it) => [it.nameSpan, it.valueSpan, ...rangeSpans(it.specifier)]),
    ...value.overrides.flatMap((it) => [it.nameSpan, it.valueSpan]),
    ...value.groups.flatMap((it) => [it.nameSpan, it.span]),
    ...problems.map((it) => it.span),
  ];
}

function rangeSpans(specifier: Manifest['dependencies'][number]['specifier']): Span[] {
  return specifier.kind === 'range' || specifier.kind === 'tag' ? [specifier.rangeSpan] : [];
}
