import { expect, test } from 'vitest';

import { codeActions } from '../../../server/src/features/code-actions/code-actions.ts';
import { entryActions, unknownForEntries } from '../../../server/src/features/code-actions/entry-actions.ts';
import type { VersionFact } from '../../support/fake-knowledge.ts';
import { openLockfile } from '../../support/open-lockfile.ts';
import type { ProjectFacts } from '../../support/project-of.ts';

const WHOLE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

/** The titles at the cursor in the lockfile are these. */
async function checkActions(text: string, facts: ProjectFacts, titles: readonly string[]): Promise<void> {
  const { lockfile, project, position } = await openLockfile(text, facts);
  const range = { start: position, end: position };
  const actions = entryActions(lockfile, project, { range, only: undefined, canPrepareInstall: true });
  expect(actions.map(({ title }) => title)).toEqual(titles);
}

const LOCKED = `-- package.json --
{ "dependencies": { "top": "^1.0.0" } }
-- package-lock.json --
{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "top": "^1.0.0" } },
    "node_modules/deep": { "version": "1.0.1" },
    "node_modules/top": { "version": "1.0.0", "dependencies": { "deep": "1.0.1" } }
  }
}
`;
const AT_DEEP = LOCKED.replace('"node_modules/deep"', '"node_$0modules/deep"');
const AT_TOP = LOCKED.replace('"node_modules/top"', '"node_$0modules/top"');

const DEEP: readonly VersionFact[] = ['1.0.1', '1.0.2', '2.0.0'];
const top = (...ranges: readonly string[]): VersionFact[] =>
  ranges.map((deep, at) => ({ version: `1.${String(at)}.0`, dependencies: { deep } }));
const ABOUT_DEEP = [{ id: 'GHSA-deep', package: 'deep', versions: '>=0 <1.0.2', severity: 'high' }] as const;

test('a transitive entry offers what the line that brings it in offers', async () => {
  const facts = { registry: { top: top('1.0.1', '1.0.2'), deep: DEEP }, advisories: ABOUT_DEEP };
  const titles = [
    'Upgrade top to 1.1.0 (clears 1 advisory; then npm install)',
    'Override deep 1.0.1 to 1.0.2 under top (clears 1 advisory; then npm install)',
  ];
  await checkActions(AT_DEEP, facts, titles);
  const { project, test: opened } = await openLockfile(LOCKED, facts);
  const request = { range: WHOLE, only: ['quickfix'], canPrepareInstall: true };
  expect(codeActions(opened.manifest(), project, request).map(({ title }) => title)).toEqual(titles);
});

test('where a refresh mends it, nothing else is offered', () =>
  checkActions(AT_DEEP, { registry: { top: top('^1.0.0', '1.0.2'), deep: DEEP }, advisories: ABOUT_DEEP }, [
    'Put “npm update deep” into the terminal: deep 1.0.1 to 1.0.2 (clears 1 advisory)',
  ]));

test('a direct entry offers the upgrades of its manifest’s line', () =>
  checkActions(
    AT_TOP,
    {
      registry: { top: top('1.0.1', '1.0.1', '1.0.1') },
      advisories: [{ id: 'GHSA-top', package: 'top', versions: '>=0 <1.1.0', severity: 'high' }],
    },
    ['Upgrade top to 1.1.0 (clears 1 advisory)', 'Upgrade top to 1.2.0 (minor)'],
  ));

test('members that ask for the same get one edit each in one action', async () => {
  const member = '{ "dependencies": { "top": "^1.0.0" } }';
  const text = `-- package.json --
{ "workspaces": ["a", "b"] }
-- a/package.json --
${member}
-- b/package.json --
${member}
-- package-lock.json --
{
  "lockfileVersion": 3,
  "packages": {
    "": { "workspaces": ["a", "b"] },
    "a": { "dependencies": { "top": "^1.0.0" } },
    "b": { "dependencies": { "top": "^1.0.0" } },
    "node_modules/a": { "resolved": "a", "link": true },
    "node_modules/b": { "resolved": "b", "link": true },
    "node_$0modules/top": { "version": "1.0.0" }
  }
}
`;
  const { lockfile, project, position } = await openLockfile(text, {
    registry: { top: ['1.0.0', '1.1.0'] },
    advisories: [{ id: 'GHSA-top', package: 'top', versions: '>=0 <1.1.0', severity: 'high' }],
  });
  const request = { range: { start: position, end: position }, only: ['quickfix'], canPrepareInstall: true };
  const [action, ...others] = entryActions(lockfile, project, request);
  expect(others).toEqual([]);
  expect(action?.edits.map(({ path, newText }) => `${path} ${newText}`)).toEqual([
    '/project/a/package.json ^1.1.0',
    '/project/b/package.json ^1.1.0',
  ]);
});

test('an entry without findings tells nobody anything', async () => {
  const { lockfile, project } = await openLockfile(LOCKED, {});
  expect(unknownForEntries(lockfile, project, WHOLE)).toEqual([]);
});

test('malware is not made quiet', () =>
  checkActions(
    AT_DEEP,
    {
      registry: { top: top('1.0.1', '1.0.2'), deep: DEEP },
      advisories: [{ id: 'MAL-deep', package: 'deep', versions: '>=0 <1.0.2', kind: 'malware' }],
    },
    [],
  ));
