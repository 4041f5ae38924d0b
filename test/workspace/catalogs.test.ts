import { describe, expect, test } from 'vitest';

import { codeActions } from '../../server/src/features/code-actions/code-actions.ts';
import { documentLinks } from '../../server/src/features/document-links.ts';
import { hover } from '../../server/src/features/hover.ts';
import { inlayHints } from '../../server/src/features/inlay-hints.ts';
import { checkDiagnostics } from '../support/check-diagnostics.ts';
import { LEARNED_AT } from '../support/fake-knowledge.ts';
import { pathIn, projectOf, ROOT, type ProjectFacts, type TestProject, uriOf } from '../support/project-of.ts';

/** One workspace in the words of a package manager: two members share a catalog, one of them has an older version by another one. */
interface Dialect {
  readonly owner: string;
  /** The root's manifest and the documents beside it, with the problem on the default catalog's line. */
  readonly root: string;
  readonly lock: string;
}

const MEMBERS = `-- packages/a/package.json --
{ "name": "a", "dependencies": { "left": "catalog:", "b": "workspace:^" } }
-- packages/b/package.json --
{ "name": "b", "dependencies": { "left": "catalog:old" } }
-- packages/c/package.json --
{ "name": "c", "dependencies": { "left": "catalog:" } }
`;

const MESSAGE = 'left 2.1.0 is affected by GHSA-1 (high): GHSA-1. Fixed in 2.1.1.';

const PNPM: Dialect = {
  owner: 'pnpm-workspace.yaml',
  root: `-- package.json --
{ "name": "root" }
-- pnpm-workspace.yaml --
packages: [packages/*]
catalog:
  left: ^2.1.0
        ^^^^^^ warning GHSA-1: ${MESSAGE}
catalogs:
  old:
    left: ^1.0.0
`,
  lock: `-- pnpm-lock.yaml --
lockfileVersion: '9.0'
catalogs:
  default:
    left:
      specifier: ^2.1.0
      version: 2.1.0
  old:
    left:
      specifier: ^1.0.0
      version: 1.0.0
importers:
  .: {}
  packages/a:
    dependencies:
      b:
        specifier: workspace:^
        version: link:../b
      left:
        specifier: 'catalog:'
        version: 2.1.0
  packages/b:
    dependencies:
      left:
        specifier: catalog:old
        version: 1.0.0
  packages/c:
    dependencies:
      left:
        specifier: 'catalog:'
        version: 2.1.0
packages:
  left@1.0.0:
    resolution: {integrity: sha512-AAAA}
  left@2.1.0:
    resolution: {integrity: sha512-BBBB}
snapshots:
  left@1.0.0: {}
  left@2.1.0: {}
`,
};

const YARN: Dialect = {
  owner: '.yarnrc.yml',
  root: `-- package.json --
{ "name": "root", "workspaces": ["packages/*"] }
-- .yarnrc.yml --
nodeLinker: node-modules
catalog:
  left: ^2.1.0
        ^^^^^^ warning GHSA-1: ${MESSAGE}
catalogs:
  old:
    left: ^1.0.0
`,
  lock: `-- yarn.lock --
__metadata:
  version: 8
  cacheKey: 10c0

"a@workspace:packages/a":
  version: 0.0.0-use.local
  resolution: "a@workspace:packages/a"
  dependencies:
    b: "workspace:^"
    left: "catalog:"
  languageName: unknown
  linkType: soft

"b@workspace:^, b@workspace:packages/b":
  version: 0.0.0-use.local
  resolution: "b@workspace:packages/b"
  dependencies:
    left: "catalog:old"
  languageName: unknown
  linkType: soft

"c@workspace:packages/c":
  version: 0.0.0-use.local
  resolution: "c@workspace:packages/c"
  dependencies:
    left: "catalog:"
  languageName: unknown
  linkType: soft

"left@npm:^1.0.0":
  version: 1.0.0
  resolution: "left@npm:1.0.0"
  languageName: node
  linkType: hard

"left@npm:^2.1.0":
  version: 2.1.0
  resolution: "left@npm:2.1.0"
  languageName: node
  linkType: hard

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
  languageName: unknown
  linkType: soft
`,
};

const BUN_LOCK = `-- bun.lock --
{
  "lockfileVersion": 1,
  "workspaces": {
    "": { "name": "root" },
    "packages/a": { "name": "a", "dependencies": { "b": "workspace:^", "left": "catalog:" } },
    "packages/b": { "name": "b", "dependencies": { "left": "catalog:old" } },
    "packages/c": { "name": "c", "dependencies": { "left": "catalog:" } },
  },
  "catalog": { "left": "^2.1.0" },
  "catalogs": { "old": { "left": "^1.0.0" } },
  "packages": {
    "a": ["a@workspace:packages/a"],
    "b": ["b@workspace:packages/b"],
    "c": ["c@workspace:packages/c"],
    "left": ["left@2.1.0", "", {}, "sha512-BBBB"],
    "b/left": ["left@1.0.0", "", {}, "sha512-AAAA"],
  }
}
`;

const BUN: Dialect = {
  owner: 'package.json',
  root: `-- package.json --
{
  "name": "root",
  "workspaces": {
    "packages": ["packages/*"],
    "catalog": {
      "left": "^2.1.0"
               ^^^^^^ warning GHSA-1: ${MESSAGE}
    },
    "catalogs": { "old": { "left": "^1.0.0" } }
  }
}
`,
  lock: BUN_LOCK,
};

const BUN_ON_TOP: Dialect = {
  owner: 'package.json',
  root: `-- package.json --
{
  "name": "root",
  "workspaces": ["packages/*"],
  "catalog": {
    "left": "^2.1.0"
             ^^^^^^ warning GHSA-1: ${MESSAGE}
  },
  "catalogs": { "old": { "left": "^1.0.0" } }
}
`,
  lock: BUN_LOCK,
};

const FACTS: ProjectFacts = {
  advisories: [{ id: 'GHSA-1', package: 'left', versions: '>=2.0.0 <2.1.1', summary: 'GHSA-1' }],
  registry: { left: ['1.0.0', '2.1.0', '2.1.1'] },
};

const LINE = { start: { line: 0, character: 0 }, end: { line: 0, character: 99 } };
const REQUEST = { only: undefined, canPrepareInstall: true };

function versions({ manifest }: TestProject, path: string): unknown[] {
  return manifest(path).lines.map(({ dependency, version, source }) => [dependency.name, version ?? source]);
}

function lineIn(text: string, line: number): string {
  return text.split('\n')[line]?.trim() ?? '';
}

describe.each([
  ['pnpm', PNPM],
  ['yarn', YARN],
  ['bun', BUN],
  ['bun, at the top level,', BUN_ON_TOP],
])('a catalog of %s', (_, { owner, root, lock }) => {
  const text = root + MEMBERS + lock;

  test('has the diagnostic on the line that writes the version, and on that line only', () =>
    checkDiagnostics(text, FACTS));

  test('is what the lines that point at it have installed, each member by its own importer', async () => {
    const project = await projectOf(text, FACTS);
    expect(versions(project, 'packages/a/package.json')).toEqual([
      ['left', '2.1.0'],
      ['b', 'workspace'],
    ]);
    expect(versions(project, 'packages/b/package.json')).toEqual([['left', '1.0.0']]);
    expect(versions(project, owner)).toEqual([
      ['left', '2.1.0'],
      ['left', '1.0.0'],
    ]);
  });

  test('is told of, and led to, where it is pointed at', async () => {
    const { manifest, project, marked } = await projectOf(text, FACTS);
    const member = manifest('packages/b/package.json');
    const shown = hover(member, project, { line: 0, character: 36 }, LEARNED_AT, uriOf);
    const [link] = documentLinks(member, project, uriOf).filter(({ target }) => target?.startsWith('file:'));
    const [, line = ''] = /^file:\/\/\/project\/[\w.-]+#L(\d+),\d+$/.exec(link?.target ?? '') ?? [];
    expect(lineIn(marked.files[owner] ?? '', Number(line) - 1)).toMatch(/left"?: "?\^1\.0\.0/);
    expect(JSON.stringify(shown?.contents)).toContain('**Catalog**: ');
    expect(JSON.stringify(shown?.contents)).toContain(`(${link?.target ?? ''})`);
  });

  test('is mended in place from a line that points at it, and has the hint', async () => {
    const { manifest, project, marked } = await projectOf(text, FACTS);
    const [fix] = codeActions(manifest('packages/a/package.json'), project, { range: LINE, ...REQUEST });
    expect(fix?.title).toBe('Upgrade left to 2.1.1 (clears 1 advisory)');
    const [edit] = fix?.edits ?? [];
    expect([edit?.path, edit?.newText]).toEqual([pathIn(owner), '^2.1.1']);
    expect(marked.files[owner]?.slice(edit?.span.start, edit?.span.end)).toBe('^2.1.0');
    const everywhere = { start: LINE.start, end: { line: 99, character: 0 } };
    expect(inlayHints(manifest(owner), project, everywhere).map(({ label }) => label)).toEqual([
      '2.1.0 · high → 2.1.1',
    ]);
  });

  test('waits for an install when its line was edited', async () => {
    const { manifest } = await projectOf(text.replace('^2.1.0', '^2.1.1'), FACTS);
    expect(manifest(owner).lines.map(({ pending }) => pending)).toEqual([
      { written: '^2.1.1', locked: '2.1.0' },
      undefined,
    ]);
  });

  test('tells the version in its range where there is no lockfile', async () => {
    const project = await projectOf(root + MEMBERS, FACTS);
    expect(versions(project, 'packages/c/package.json')).toEqual([['left', '2.1.1']]);
    expect(versions(project, owner)).toEqual([
      ['left', '2.1.1'],
      ['left', '1.0.0'],
    ]);
  });
});

test('a catalog that a member writes is none', async () => {
  const { manifest, project } = await projectOf(
    `-- package.json --
{ "workspaces": ["packages/*"], "catalog": "https://shop.example/" }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "left": "catalog:" }, "catalog": { "left": "^1.0.0" } }
`,
    FACTS,
  );
  expect(manifest('packages/a/package.json').lines.map(({ catalogLine }) => catalogLine)).toEqual([undefined]);
  expect(project.manifests.flatMap(({ problems }) => problems)).toEqual([]);
});

test('a .yarnrc.yml beside the lockfile of another package manager holds no catalog of the project', async () => {
  const { project } = await projectOf(YARN.root.replace(/^ +\^+ .*\n/gm, ''), {
    ...FACTS,
    installed: { left: '2.1.0' },
  });
  expect(project.manifests.map(({ document: { path } }) => path)).toEqual([`${ROOT}/package.json`]);
});
