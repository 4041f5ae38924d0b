import { expect, test } from 'vitest';

import type { Action } from '../../server/src/features/code-actions/action.ts';
import { codeActions, type CodeActionRequest } from '../../server/src/features/code-actions/code-actions.ts';
import { INSTALL_COMMAND } from '../../server/src/protocol.ts';
import { parseMarked } from '../support/marked-text.ts';
import { projectOf, ROOT, type ProjectFacts, type TestProject } from '../support/project-of.ts';

type Asked = Partial<Pick<CodeActionRequest, 'only' | 'canPrepareInstall'>>;

async function actionsAt(
  text: string,
  facts: ProjectFacts,
  asked: Asked = {},
): Promise<{ actions: Action[]; test: TestProject }> {
  const test = await projectOf(text, facts);
  const path = test.marked.cursor?.path;
  const at = test.marked.cursor ? test.cursor() : { line: 0, character: 0 };
  const end = test.marked.cursor ? at : { line: 99, character: 0 };
  const request = { range: { start: at, end }, only: undefined, canPrepareInstall: true, ...asked };
  return { actions: codeActions(test.manifest(path), test.project, request), test };
}

async function checkTitles(
  text: string,
  facts: ProjectFacts,
  titles: readonly string[],
  asked: Asked = {},
): Promise<void> {
  const { actions } = await actionsAt(text, facts, asked);
  expect(actions.map(({ title }) => title)).toEqual(titles);
}

/** Each file of `after` reads so once the action with that title was taken; the others did not change. */
async function checkAction(
  text: string,
  title: string,
  after: string,
  facts: ProjectFacts,
  asked: Asked = {},
): Promise<void> {
  const { actions, test } = await actionsAt(text, facts, asked);
  const action = actions.find((candidate) => candidate.title.startsWith(title));
  expect(actions.map((candidate) => candidate.title)).toContain(action?.title);
  const files: Record<string, string> = { ...test.marked.files };
  for (const { path, span, newText } of [...(action?.edits ?? [])].sort((a, b) => b.span.start - a.span.start)) {
    const name = path.slice(ROOT.length + 1);
    const before = files[name] ?? '';
    files[name] = before.slice(0, span.start) + newText + before.slice(span.end);
  }
  expect(files).toEqual({ ...test.marked.files, ...parseMarked(after).files });
}

const LODASH: ProjectFacts = {
  installed: { lodash: '4.17.20' },
  advisories: [
    { id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21' },
    { id: 'GHSA-2', package: 'lodash', versions: '>=0 <4.17.21' },
    { id: 'GHSA-3', package: 'lodash', versions: '>=0 <5.0.0' },
  ],
  registry: { lodash: ['4.17.20', '4.17.21', '5.0.0'] },
};

test('the smallest step comes first, the major one apart, and the plain upgrades after them', () =>
  checkTitles('{ "dependencies": { "lodash": "$0^4.17.20" } }', LODASH, [
    'Upgrade lodash to 4.17.21 (clears 2 advisories, leaves 1)',
    'Upgrade lodash to 5.0.0 (clears 3 advisories, major step)',
    'Upgrade lodash to 4.17.21 (patch)',
    'Upgrade lodash to 5.0.0 (major)',
  ]));

test('preferred is the smallest step that clears all, and neither a breaking nor a partial one', async () => {
  const text = '{ "dependencies": { "lodash": "$0^4.17.20" } }';
  const preferred = async (advisories: ProjectFacts['advisories']): Promise<string[]> => {
    const { actions } = await actionsAt(text, { ...LODASH, advisories: advisories ?? [] });
    return actions.filter(({ isPreferred }) => isPreferred).map(({ title }) => title);
  };
  expect(await preferred(LODASH.advisories)).toEqual([]);
  expect(await preferred(LODASH.advisories?.slice(0, 2))).toEqual(['Upgrade lodash to 4.17.21 (clears 2 advisories)']);
  expect(await preferred(LODASH.advisories?.slice(2))).toEqual([]);
});

test('what was not looked up in full is proposed, and says what to look up', async () => {
  const { actions } = await actionsAt(
    '{ "dependencies": { "lodash": "$0^4.17.20" } }',
    { ...LODASH, advisories: LODASH.advisories?.slice(0, 1) ?? [], registry: {} },
    {},
  );
  expect(actions.map(({ title, verify }) => [title, verify[0]?.name])).toEqual([
    ['Upgrade lodash to 4.17.21 (clears 1 advisory, proposed)', 'lodash'],
  ]);
});

test('a quick fix names the diagnostic that it mends', async () => {
  const { actions } = await actionsAt('{ "dependencies": { "lodash": "$0^4.17.20" } }', LODASH);
  expect(actions.map(({ kind, mends }) => [kind, mends])).toEqual([
    ['quickfix', ['GHSA-1']],
    ['quickfix', ['GHSA-1']],
    ['refactor.rewrite.provender.patch', []],
    ['refactor.rewrite.provender.major', []],
  ]);
});

test.each([
  ['a caret', '^4.17.20', '^4.17.21'],
  ['a tilde', '~4.17.20', '~4.17.21'],
  ['an exact version', '4.17.20', '4.17.21'],
  ['a lower bound', '>=4.17.20', '>=4.17.21'],
  ['an alias', 'npm:lodash@^4.17.20', 'npm:lodash@^4.17.21'],
])('%s is kept by the edit', (_, before, after) =>
  checkAction(
    `{ "dependencies": { "lodash": "$0${before}" } }`,
    'Upgrade lodash to 4.17.21 (clears',
    `{ "dependencies": { "lodash": "${after}" } }`,
    LODASH,
  ),
);

test('comments, indentation and line ends around the version are kept', () =>
  checkAction(
    '{\r\n\t// why\r\n\t"dependencies": {\r\n\t\t"lodash" :  "$0^4.17.20" , // here\r\n\t}\r\n}',
    'Upgrade lodash to 4.17.21 (clears',
    '{\r\n\t// why\r\n\t"dependencies": {\r\n\t\t"lodash" :  "^4.17.21" , // here\r\n\t}\r\n}',
    LODASH,
  ));

const CATALOG = (range: string): string => `-- pnpm-workspace.yaml --
packages:
  - packages/*
catalog:
  # kept
  lodash: ${range} # and this
`;

const CATALOG_LOCK = `-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .: {}
  packages/a:
    dependencies:
      lodash:
        specifier: 'catalog:'
        version: 4.17.20
packages:
  lodash@4.17.20:
    resolution: {integrity: sha512-AAAA}
snapshots:
  lodash@4.17.20: {}
`;

test('the edit for a line that points at a catalog lands in the catalog', () => {
  return checkAction(
    `${CATALOG('^4.17.20')}${CATALOG_LOCK}-- packages/a/package.json --
{ "name": "a", "dependencies": { "lodash": "$0catalog:" } }
`,
    'Upgrade lodash to 4.17.21 (clears',
    CATALOG('^4.17.21'),
    LODASH,
  );
});

test('malware has no upgrade among the quick fixes', () =>
  checkTitles(
    '{ "dependencies": { "evil": "$01.0.0" } }',
    { installed: { evil: '1.0.0' }, advisories: [{ id: 'MAL-1', package: 'evil', versions: '>=0 <1.0.1' }] },
    [],
  ));

test('a line that waits for an install offers the command at the right root, for a client that knows it', async () => {
  const text = `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "lodash": "$0^4.17.21" } }
`;
  const facts = { installed: { lodash: '4.17.20' }, lockedFor: { lodash: '^4.17.20' } };
  const { actions } = await actionsAt(text, facts);
  expect(actions.map(({ command }) => command)).toEqual([
    { title: 'Put “npm install” into the terminal', command: INSTALL_COMMAND, arguments: [ROOT, 'npm install'] },
  ]);
  await checkTitles(text, facts, [], { canPrepareInstall: false });
});

test('a line without a finding can be upgraded by each size of step', () =>
  checkTitles(
    '{ "dependencies": { "a": "$0~1.0.0" } }',
    { installed: { a: '1.0.0' }, registry: { a: ['1.0.0', '1.0.1', '1.4.0', '2.0.0', '2.1.0'] } },
    ['Upgrade a to 1.0.1 (patch)', 'Upgrade a to 1.4.0 (minor)', 'Upgrade a to 2.1.0 (major)'],
  ));

const SEVERAL = `{
  "dependencies": {
    "lodash": "^4.17.20",
    "major": "1.0.0",
    "evil": "1.0.0"
  },
  "devDependencies": { "tool": "~1.0.0" }
}`;

const SEVERAL_FACTS: ProjectFacts = {
  installed: { lodash: '4.17.20', major: '1.0.0', evil: '1.0.0', tool: '1.0.0 dev' },
  advisories: [
    { id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21' },
    { id: 'GHSA-2', package: 'major', versions: '>=0 <2.0.0' },
    { id: 'GHSA-3', package: 'tool', versions: '>=0 <1.3.0' },
    { id: 'MAL-1', package: 'evil', versions: '>=0 <1.0.1' },
  ],
};

test('source.fixAll.provender mends everything that does not break, and leaves malware to be read about', () =>
  checkAction(
    SEVERAL,
    'Fix all without breaking (2)',
    SEVERAL.replace('^4.17.20', '^4.17.21').replace('~1.0.0', '~1.3.0'),
    SEVERAL_FACTS,
    { only: ['source.fixAll.provender'] },
  ));

test.each([['source.fixAll'], ['source'], ['source.organizeImports'], ['source.fixAll.other']])(
  'a bare %s, as on saving, gets nothing',
  (only) => checkTitles(SEVERAL, SEVERAL_FACTS, [], { only: [only] }),
);

test('nothing is offered to fix where all is mended', () =>
  checkTitles('{}', { installed: {} }, [], { only: ['source.fixAll.provender'] }));

test('only the kinds that are asked for are answered, with those below them', async () => {
  const text = '{ "dependencies": { "lodash": "$0^4.17.20" } }';
  const titles = async (...only: string[]): Promise<number> => (await actionsAt(text, LODASH, { only })).actions.length;
  expect(await titles('quickfix')).toBe(2);
  expect(await titles('refactor')).toBe(2);
  expect(await titles('refactor.rewrite')).toBe(2);
  expect(await titles('refactor.rewrite.provender.patch')).toBe(1);
  expect(await titles('ref')).toBe(0);
  expect(await titles('')).toBe(4);
  expect(await titles('quickfix', 'source.fixAll.provender')).toBe(3);
});
