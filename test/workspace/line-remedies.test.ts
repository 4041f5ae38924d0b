import { expect, test } from 'vitest';

import { lineRemedies } from '../../server/src/workspace/line-remedies.ts';
import { placeFindings } from '../../server/src/workspace/place-findings.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

async function remediesOf(text: string, facts: ProjectFacts): Promise<string[]> {
  const { project, manifest } = await projectOf(text, facts);
  const [line] = manifest().lines;
  if (line === undefined) throw new Error('the manifest has no line');
  return lineRemedies(line, manifest(), project).map(
    ({ to, state, edits }) => `${to} ${state}: ${edits.map(({ path, newText }) => `${path} ${newText}`).join()}`,
  );
}

const ABOUT_A = [{ id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' }];

test('a peer that the member has installed in another version rules a candidate out', async () => {
  const text = '{ "dependencies": { "a": "^1.0.0", "react": "^17.0.0" } }';
  const facts: ProjectFacts = {
    installed: { a: '1.0.0', react: '17.0.2' },
    advisories: ABOUT_A,
    registry: {
      a: [
        '1.0.0',
        { version: '1.1.0', peerDependencies: { react: '^18.0.0', unused: '^1.0.0' } },
        { version: '1.1.1', peerDependencies: { react: '>=17', unused: '^1.0.0' } },
      ],
    },
  };
  expect(await remediesOf(text, facts)).toEqual(['1.1.1 verified: /project/package.json ^1.1.1']);
});

test('a line that asks for the fixed version already needs an install and no edit', async () => {
  const facts = {
    installed: { a: '1.0.0' },
    lockedFor: { a: '^1.0.0' },
    advisories: ABOUT_A,
    registry: { a: ['1.0.0', '1.1.0'] },
  };
  expect(await remediesOf('{ "dependencies": { "a": "^1.1.0" } }', facts)).toEqual([]);
  expect(await remediesOf('{ "dependencies": { "a": "~1.0.0" } }', facts)).toHaveLength(1);
});

test('where an override puts another package in the place of the named one, no version is written', async () => {
  const text = `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "a": "^1.0.0" } },
  "node_modules/a": { "name": "b", "version": "1.0.0" }
} }`;
  expect(await remediesOf(text, { advisories: [{ id: 'GHSA-1', package: 'b', versions: '>=0 <2.0.0' }] })).toEqual([]);
});

test('a form that has no plain counterpart is left alone', async () => {
  const facts = { installed: { a: '1.0.0' }, advisories: ABOUT_A, registry: { a: ['1.0.0', '1.1.0'] } };
  expect(await remediesOf('{ "dependencies": { "a": "1.0.0 || ^3.0.0" } }', facts)).toEqual([]);
});

const MEMBERS = `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/x/package.json --
{ "name": "x", "dependencies": { "a": "^1.0.0" } }
-- packages/y/package.json --
{ "name": "y", "dependencies": { "a": "^1.0.0" } }
`;

test('a finding stands on every line and on its entry, the lines first, and one remedy mends all lines', async () => {
  const { project } = await projectOf(MEMBERS, {
    installed: { a: '1.0.0' },
    advisories: ABOUT_A,
    registry: { a: ['1.0.0', '1.1.0'] },
  });
  const [placed, ...others] = placeFindings(project);
  expect(others).toEqual([]);
  expect(placed?.places.map(({ path }) => path)).toEqual([
    '/project/packages/x/package.json',
    '/project/packages/y/package.json',
    '/project/package-lock.json',
  ]);
  expect(placed?.remedies.map(({ to, edits }) => [to, edits.length])).toEqual([['1.1.0', 2]]);
});

test('members that point at one catalog line have one edit', async () => {
  const member = (name: string): string => `-- packages/${name}/package.json --
{ "name": "${name}", "dependencies": { "a": "catalog:" } }
`;
  const importer = (name: string): string => `  packages/${name}:
    dependencies:
      a:
        specifier: 'catalog:'
        version: 1.0.0
`;
  const { project } = await projectOf(
    `${member('x')}${member('y')}-- pnpm-workspace.yaml --
packages:
  - packages/*
catalog:
  a: ^1.0.0
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .: {}
${importer('x')}${importer('y')}packages:
  a@1.0.0:
    resolution: {integrity: sha512-AAAA}
snapshots:
  a@1.0.0: {}
`,
    { advisories: ABOUT_A },
  );
  const remedies = placeFindings(project).flatMap((placed) => placed.remedies);
  expect(remedies.map(({ edits }) => edits.map(({ path, newText }) => [path, newText]))).toEqual([
    [['/project/pnpm-workspace.yaml', '^1.1.0']],
  ]);
});

test('a transitive finding stands on the lines that bring it in', async () => {
  const { project } = await projectOf('{ "dependencies": { "a": "1.0.0", "b": "1.0.0", "c": "1.0.0" } }', {
    installed: { a: '1.0.0 needs z', b: '1.0.0 needs z', c: '1.0.0', z: '1.0.0' },
    advisories: [{ id: 'GHSA-1', package: 'z', versions: '>=0' }],
  });
  expect(placeFindings(project).map(({ places, remedies }) => [places.map(({ path }) => path), remedies])).toEqual([
    [['/project/package.json', '/project/package.json', '/project/package-lock.json'], []],
  ]);
});
