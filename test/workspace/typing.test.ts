import fc from 'fast-check';
import { expect, test } from 'vitest';
import { pathIn, projectOf, type ProjectFacts, type TestProject } from '../support/project-of.ts';

const MANIFEST = `{
  "name": "shop",
  "dependencies": {
    "a": "^1.0.0",
    "b": "~2.0.0",
    "alias": "npm:a@^1.0.0",
    "c": "catalog:",
    "absent": "npm:e@^1.0.0",
    "gone": "latest"
  },
  "devDependencies": {
    "d": "1.0.0",
    "b": "2.0.1"
  },
  "peerDependencies": { "a": ">=1" },
  "overrides": { "d": "1.0.1" }
}
`;
const WITH_CATALOG = MANIFEST.replace(/\n\}\n$/, ',\n  "catalog": { "c": "^3.0.0" }\n}\n');

const FACTS: ProjectFacts = {
  installed: { a: '1.2.0 needs c', b: '2.0.0', c: '3.0.0', d: '1.0.0 dev', alias: '1.2.0' },
  advisories: [
    { id: 'GHSA-aaaa-aaaa-aaaa', package: 'a', versions: '>=0 <1.3.0' },
    { id: 'GHSA-cccc-cccc-cccc', package: 'c', versions: '>=3.0.0' },
  ],
  registry: { a: ['1.2.0', '1.3.0'], b: ['2.0.0', '2.0.1'], gone: ['5.0.0'] },
};

/** What people do to lines and what a cursor in the middle of a word leaves behind. */
const EDIT = fc.oneof(
  fc.record({ kind: fc.constant('delete' as const), line: fc.nat(20) }),
  fc.record({ kind: fc.constant('duplicate' as const), line: fc.nat(20) }),
  fc.record({ kind: fc.constant('swap' as const), line: fc.nat(20) }),
  fc.record({
    kind: fc.constant('insert' as const),
    line: fc.nat(20),
    text: fc.constantFrom(
      '',
      '    ',
      '    "b": "^1.0.0",',
      '    "e": "1.0.0",',
      '    "a": "^1.0.0",',
      '    "half',
      '  "devDependencies": {',
      '  },',
      '<<<<<<< ours',
      '    "c": "workspace:*",',
      '    "__proto__": "^1.0.0",',
    ),
  }),
  fc.record({
    kind: fc.constant('replace' as const),
    from: fc.constantFrom('^1.0.0', '~2.0.0', '"a"', '"b"', 'catalog:', 'latest', '1.0.0', '"dependencies"', 'shop'),
    to: fc.constantFrom(
      '^1.',
      '1.3.0',
      '"b"',
      '"a"',
      'catalog:old',
      'npm:b@2',
      '^1.0.0',
      'git+ssh://host/x',
      '"d"',
      '',
    ),
  }),
  fc.record({ kind: fc.constant('cut' as const), length: fc.nat(500) }),
  fc.record({ kind: fc.constant('windows' as const) }),
  fc.record({ kind: fc.constant('back' as const), steps: fc.nat(3) }),
);

type Edit = typeof EDIT extends fc.Arbitrary<infer T> ? T : never;

/** `history` ends with the text to edit. */
function applied(edit: Edit, history: readonly string[]): string {
  const text = history.at(-1) ?? '';
  const lines = text.split('\n');
  switch (edit.kind) {
    case 'delete':
      return lines.toSpliced(edit.line, 1).join('\n');
    case 'duplicate':
      return lines.toSpliced(edit.line, 0, ...lines.slice(edit.line, edit.line + 1)).join('\n');
    case 'swap':
      return lines.toSpliced(edit.line, 2, ...lines.slice(edit.line, edit.line + 2).reverse()).join('\n');
    case 'insert':
      return lines.toSpliced(edit.line, 0, edit.text).join('\n');
    case 'replace':
      return text.replace(edit.from, () => edit.to);
    case 'cut':
      return text.slice(0, edit.length);
    case 'windows':
      return text.replaceAll(/\r?\n/g, '\r\n');
    case 'back':
      return history.at(-1 - edit.steps) ?? text;
  }
}

function type({ workspace }: TestProject, text: string, version: number): void {
  workspace.changeDocument(pathIn('package.json'), text, version);
}

/** Compares with a workspace that has seen no other text but the one that it was opened with. */
async function expectFresh(project: TestProject, opened: string, text: string, facts: ProjectFacts): Promise<void> {
  const fresh = await projectOf(opened, facts);
  type(fresh, text, 2);
  // Another revision of knowledge has every line made anew.
  fresh.knowledge.set(facts);
  fresh.workspace.flush();
  expect(viewOf(project)).toStrictEqual(viewOf(fresh));
}

function viewOf({ manifest }: TestProject): unknown {
  const { lines, manifest: value, problems, importer } = manifest();
  return { lines, value, problems, importer };
}

interface Case {
  readonly what: string;
  readonly opened: string;
  readonly facts: ProjectFacts;
}

const CASES: readonly Case[] = [
  { what: 'a lockfile', opened: MANIFEST, facts: FACTS },
  { what: 'a catalog in it', opened: WITH_CATALOG, facts: FACTS },
  { what: 'no lockfile', opened: MANIFEST, facts: { registry: { a: ['1.2.0', '1.3.0'], b: ['2.0.0'] } } },
  {
    what: 'development dependencies left out',
    opened: MANIFEST,
    facts: { ...FACTS, settings: { devDependencies: false } },
  },
];

test.each(CASES)('after any edits the view is that of the last text alone: $what', async ({ opened, facts }) => {
  await fc.assert(
    fc.asyncProperty(fc.array(EDIT, { minLength: 1, maxLength: 12 }), async (edits) => {
      const project = await projectOf(opened, facts);
      const history = [opened];
      for (const [index, edit] of edits.entries()) {
        const text = applied(edit, history);
        history.push(text);
        type(project, text, index + 2);
        await expectFresh(project, opened, text, facts);
      }
    }),
    { numRuns: 60 },
  );
});

test.each([
  ['its version', '"a": "^1.0.0"', '"a": "^1.3.0"'],
  ['its name', '"a": "^1.0.0"', '"d": "^1.0.0"'],
  ['the package behind its name', '"npm:e@^1.0.0"', '"npm:f@^1.0.0"'],
  ['the kind of what it asks for', '"latest"', '"workspace:latest"'],
  ['the block that it stands in', '"devDependencies"', '"optionalDependencies"'],
  ['a rule that decides its version', '"overrides": { "d"', '"overrides": { "a"'],
])('a line is made anew when an edit changes %s, and when it is taken back', async (_, from, to) => {
  const project = await projectOf(MANIFEST, FACTS);
  const edited = MANIFEST.replace(from, to);
  expect(edited).not.toBe(MANIFEST);
  type(project, edited, 2);
  await expectFresh(project, MANIFEST, edited, FACTS);
  type(project, MANIFEST, 3);
  await expectFresh(project, MANIFEST, MANIFEST, FACTS);
});

test('a line that is typed costs a look-up of that line alone', async () => {
  const project = await projectOf('{ "dependencies": {\n"a": "^1.0.0",\n"b": "~2.0.0",\n"d": "^1.0.0" } }', FACTS);
  const before = project.manifest().lines;
  const calls = project.knowledge.calls.registryPackage;
  type(project, '{ "dependencies": {\n"a": "^1.0.0",\n\n"b": "~2.0.1",\n"e": "1",\n"d": "^1.0.0" } }', 2);
  expect(project.knowledge.calls.registryPackage - calls).toBe(2);
  const after = project.manifest().lines;
  expect(after.map(({ dependency }) => dependency.name)).toEqual(['a', 'b', 'e', 'd']);
  expect(after[3]?.dependency.nameSpan).not.toEqual(before[2]?.dependency.nameSpan);
  expect(after[3]?.advisories).toBe(before[2]?.advisories);
});

test('a line is looked up anew when knowledge has grown', async () => {
  const project = await projectOf(MANIFEST, FACTS);
  const worst = (): number | undefined => project.manifest().lines[0]?.own.length;
  expect(worst()).toBe(1);
  project.knowledge.set({ ...FACTS, advisories: [] });
  type(project, `${MANIFEST}\n`, 2);
  expect(worst()).toBe(0);
});
