import { expect, test } from 'vitest';

import { codeActions } from '../../server/src/features/code-actions/code-actions.ts';
import { checkDiagnostics, foundIn } from '../support/check-diagnostics.ts';
import { parseMarked } from '../support/marked-text.ts';
import { pathIn, projectOf, type ProjectFacts } from '../support/project-of.ts';

const LODASH = { id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21' } as const;

/** The document of the cursor after the action of this title. */
async function checkFix(text: string, facts: ProjectFacts, title: string, after: string): Promise<void> {
  const test = await projectOf(text, facts);
  const path = test.marked.cursor?.path ?? '';
  const position = test.cursor();
  const request = { range: { start: position, end: position }, only: undefined, canPrepareInstall: false };
  const action = codeActions(test.manifest(path), test.project, request).find((item) => item.title === title);
  const [late] = action?.late ?? [];
  expect(late?.path).toBe(pathIn(path));
  const before = parseMarked(text).files[path] ?? '';
  const edits = [...(late?.replacements(before) ?? [])].sort((a, b) => b.span.start - a.span.start);
  const applied = edits.reduce(
    (now, { span, newText }) => now.slice(0, span.start) + newText + now.slice(span.end),
    before,
  );
  expect(applied.trimEnd()).toBe(after);
}

test('an override of a package that is not installed matches nothing', () =>
  checkDiagnostics(
    `{ "dependencies": { "a": "1.0.0" }, "overrides": {
  "gone": "2.0.0",
   ^^^^ hint override-unused: This override of gone matches nothing in package-lock.json. Remove it.
  "a": "$a",
  "old": { "b": "2.0.0" },
            ^ hint override-unused: This override of b matches nothing in package-lock.json. Remove it.
  "a@2": { "c": "1.0.0" },
            ^ hint override-unused: This override of c matches nothing in package-lock.json. Remove it.
  "a@1": { "b": "1.0.0" }
} }`,
    { installed: { a: '1.0.0 needs b c', b: '1.0.0', c: '1.0.0' } },
  ));

test.each([
  ['a package of another name', '"gone": "npm:other@1.0.0"'],
  ['a path', '"gone": "file:../gone"'],
  ['a wildcard', '"@types/*": "1.0.0"'],
  ['a member of the workspace', '"shop": { "b": "1.0.0" }'],
])('nothing is said of an override with %s', (_, rule) =>
  checkDiagnostics(`{ "name": "shop", "dependencies": { "a": "1.0.0" }, "overrides": { ${rule} } }`, {
    installed: { a: '1.0.0 needs b', b: '1.0.0' },
  }),
);

test('an override of an alias is not unused', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": { "a": "1.0.0" }, "overrides": { "old-b": "1.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "a": "1.0.0" } },
  "node_modules/a": { "version": "1.0.0", "dependencies": { "old-b": "npm:b@1" } },
  "node_modules/old-b": { "name": "b", "version": "1.0.0" }
} }`,
    {},
  ));

test('nothing is said of overrides while a line waits for an install', async () => {
  const { annotations } = await foundIn('{ "dependencies": { "new": "1.0.0" }, "overrides": { "gone": "1.0.0" } }', {
    installed: {},
  });
  expect(annotations.map(({ code }) => code)).toEqual(['waiting-for-install']);
});

test('an override that the lockfile was not made with waits for an install', () =>
  checkDiagnostics(
    `{ "dependencies": { "a": "1.0.0" }, "overrides": {
  "b": "2.0.0",
        ^^^^^ information waiting-for-install: b 2.0.0 is forced, package-lock.json still has 1.0.0. Run: npm install.
  "a": { "c": "^2.0.0" },
               ^^^^^^ information waiting-for-install: c ^2.0.0 is forced, package-lock.json still has 1.5.0. Run: npm install.
  "d": { "c": "^1.5.0" },
  "b@1": { "c": "3.0.0" },
  "gone": "1.0.0"
} }`,
    { installed: { a: '1.0.0 needs b c d', b: '1.0.0', c: '1.5.0', d: '1.0.0 needs c' } },
  ));

test('the block of another package manager is not judged', () =>
  checkDiagnostics('{ "dependencies": { "a": "1.0.0" }, "resolutions": { "gone": "1.0.0" } }', {
    installed: { a: '1.0.0' },
  }));

test('an override that forces an affected version says which one to raise it to', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "1.0.0"
        ^^^^^ information GHSA-1: a 1.0.0 brings in 1 affected package, 1 high, by way of a > lodash 4.17.20.
}, "overrides": {
  "lodash": "4.17.20"
             ^^^^^^^ hint override-affected: This override forces lodash 4.17.20, which 1 advisory affects. Raise it to 4.17.21.
} }`,
    { installed: { a: '1.0.0 needs lodash', lodash: '4.17.20' }, advisories: [LODASH] },
  ));

test('an override that lets the fixed version in only waits for a refresh', async () => {
  const { annotations } = await foundIn('{ "dependencies": { "a": "1.0.0" }, "overrides": { "lodash": "^4.17.20" } }', {
    installed: { a: '1.0.0 needs lodash', lodash: '4.17.20' },
    advisories: [LODASH],
  });
  expect(annotations.map(({ code }) => code)).toEqual(['GHSA-1']);
});

const ASKS = (range: string): ProjectFacts => ({
  installed: { a: '1.0.0 needs b', b: '1.3.0' },
  registry: {
    a: [
      {
        version: '1.0.0',
        needs: { dependencies: { b: range }, optionalDependencies: {}, optionalPeers: [], hasBundled: false },
      },
    ],
  },
});

test('an override that all asked ranges lie in is no longer needed', () =>
  checkDiagnostics(
    `{ "dependencies": { "a": "1.0.0" }, "overrides": {
  "b": "^1.2.0"
   ^ hint override-unneeded: This override of b is no longer needed: all that ask for it take what it forces without it. Remove it.
} }`,
    ASKS('^1.3.0'),
  ));

test.each([
  ['someone asks for less', ASKS('^1.1.0')],
  ['nobody has told what is asked for', { installed: { a: '1.0.0 needs b', b: '1.3.0' } }],
])('an override stays where %s', (_, facts) =>
  checkDiagnostics('{ "dependencies": { "a": "1.0.0" }, "overrides": { "b": "^1.2.0" } }', facts),
);

const INSTALLED: ProjectFacts = { installed: { a: '1.0.0' } };
const PNPM = `-- package.json --
{ "dependencies": { "a": "1.0.0" } }
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: 1.0.0
        version: 1.0.0
packages:
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  a@1.0.0: {}
-- pnpm-workspace.yaml --
`;

test.each([
  [
    'the last of its block with the block',
    `{\n  "dependencies": { "a": "1.0.0" },\n  "overrides": {\n    "$0gone": "1.0.0"\n  }\n}`,
    INSTALLED,
    'package.json',
    `{\n  "dependencies": { "a": "1.0.0" }\n}`,
  ],
  [
    'the first of several with its comma',
    `{\n  "dependencies": { "a": "1.0.0" },\n  "overrides": {\n    "$0gone": "1.0.0",\n    "a": "1.0.0"\n  }\n}`,
    INSTALLED,
    'package.json',
    `{\n  "dependencies": { "a": "1.0.0" },\n  "overrides": {\n    "a": "1.0.0"\n  }\n}`,
  ],
  [
    'the last of several with the comma before it',
    `{\n  "dependencies": { "a": "1.0.0" },\n  "overrides": {\n    "a": "1.0.0",\n    "x": { "$0gone": "1.0.0" }\n  }\n}`,
    INSTALLED,
    'package.json',
    `{\n  "dependencies": { "a": "1.0.0" },\n  "overrides": {\n    "a": "1.0.0"\n  }\n}`,
  ],
  [
    'a line of YAML, and no comment above it',
    `${PNPM}# why\noverrides:\n  # kept\n  a: 1.0.0\n  $0gone: 1.0.0 # gone too\npackages: []\n`,
    {},
    'pnpm-workspace.yaml',
    '# why\noverrides:\n  # kept\n  a: 1.0.0\npackages: []',
  ],
  [
    'the only line of YAML with its head',
    `${PNPM}packages: []\noverrides:\n  "$0a>gone": 1.0.0\n`,
    {},
    'pnpm-workspace.yaml',
    'packages: []',
  ],
])('the quick fix removes %s', (_, text, facts, path, after) =>
  checkFix(path === 'package.json' ? `-- package.json --\n${text}` : text, facts, 'Remove the override of gone', after),
);

test('the quick fix raises an override in its own manner', () =>
  checkFix(
    '-- package.json --\n{ "dependencies": { "a": "1.0.0" }, "overrides": { "lodash": "$0~4.16.0" } }',
    { installed: { a: '1.0.0 needs lodash', lodash: '4.16.6' }, advisories: [LODASH] },
    'Raise the override of lodash to 4.17.21 (proposed)',
    '{ "dependencies": { "a": "1.0.0" }, "overrides": { "lodash": "~4.17.21" } }',
  ));
