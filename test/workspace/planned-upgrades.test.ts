import { expect, test } from 'vitest';

import { plannedUpgrades, type LineUpgrade, type UpgradeLimits } from '../../server/src/workspace/planned-upgrades.ts';
import { parseMarked } from '../support/marked-text.ts';
import { projectOf, ROOT, type ProjectFacts } from '../support/project-of.ts';

async function planned(text: string, facts: ProjectFacts, limits: UpgradeLimits): Promise<LineUpgrade[]> {
  const { project } = await projectOf(text, facts);
  return plannedUpgrades(project.manifests, project, limits);
}

/** Each file of `after` reads so once all upgrades are made; the others do not change. */
async function checkUpgrades(text: string, facts: ProjectFacts, limits: UpgradeLimits, after: string): Promise<void> {
  const files: Record<string, string> = { ...parseMarked(text).files };
  const edits = (await planned(text, facts, limits)).map(({ edit }) => edit);
  for (const { path, span, newText } of edits.sort((a, b) => b.span.start - a.span.start)) {
    const name = path.slice(ROOT.length + 1);
    const before = files[name] ?? '';
    files[name] = before.slice(0, span.start) + newText + before.slice(span.end);
  }
  expect(files).toEqual({ ...parseMarked(text).files, ...parseMarked(after).files });
}

const LIMITS = {
  patch: { step: 'patch', onlyFindings: false },
  minor: { step: 'minor', onlyFindings: false },
  major: { step: 'major', onlyFindings: false },
} as const;

const WORKSPACE = (catalog: string, old: string, direct: string): string => `-- pnpm-workspace.yaml --
packages: [packages/*]
catalog:
  # shared
  left: ${catalog} # by two
catalogs:
  old: { left: ${old} }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "left": "catalog:", "right": "${direct}", "b": "workspace:^" } }
-- packages/b/package.json --
{ "name": "b", "dependencies": { "left": "catalog:" }, "peerDependencies": { "right": "^1.0.0" } }
-- packages/c/package.json --
{ "name": "c", "dependencies": { "left": "catalog:old", "fork": "github:o/fork", "tagged": "latest" } }
`;

const LOCK = `-- pnpm-lock.yaml --
lockfileVersion: '9.0'
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
      right:
        specifier: ~1.0.0
        version: 1.0.0
  packages/b:
    dependencies:
      left:
        specifier: 'catalog:'
        version: 2.1.0
      right:
        specifier: ^1.0.0
        version: 1.0.0
  packages/c:
    dependencies:
      fork:
        specifier: github:o/fork
        version: https://codeload.example/o/fork/tar.gz/abc
      left:
        specifier: catalog:old
        version: 1.0.0
      tagged:
        specifier: latest
        version: 1.0.0
packages:
  left@1.0.0:
    resolution: {integrity: sha512-AAAA}
  left@2.1.0:
    resolution: {integrity: sha512-BBBB}
  right@1.0.0:
    resolution: {integrity: sha512-CCCC}
  tagged@1.0.0:
    resolution: {integrity: sha512-DDDD}
snapshots:
  left@1.0.0: {}
  left@2.1.0: {}
  right@1.0.0: {}
  tagged@1.0.0: {}
`;

const PUBLISHED: ProjectFacts = {
  registry: {
    left: ['1.0.0', '1.0.1', '1.2.0', '2.1.0', '2.1.1', '2.2.0', '3.0.0'],
    right: ['1.0.0', '1.0.1', '1.5.0', '2.0.0', '2.1.0-rc.1', { version: '2.2.0', deprecated: 'broken' }],
    tagged: ['1.0.0', '2.0.0'],
  },
};

test.each([
  [LIMITS.patch, WORKSPACE('^2.1.1', '^1.0.1', '~1.0.1')],
  [LIMITS.minor, WORKSPACE('^2.2.0', '^1.2.0', '~1.5.0')],
  [LIMITS.major, WORKSPACE('^3.0.0', '^3.0.0', '~2.0.0')],
])(
  'by $step, a workspace and its catalogs are upgraded where each version is written, and peers, git, tags and members left',
  (limits, after) => checkUpgrades(WORKSPACE('^2.1.0', '^1.0.0', '~1.0.0') + LOCK, PUBLISHED, limits, after),
);

test('what many members share is one upgrade', async () => {
  const all = await planned(WORKSPACE('^2.1.0', '^1.0.0', '~1.0.0') + LOCK, PUBLISHED, LIMITS.major);
  expect(all.map(({ edit: { path }, line, to }) => [path.slice(ROOT.length + 1), line.version, to])).toEqual([
    ['pnpm-workspace.yaml', '2.1.0', '3.0.0'],
    ['pnpm-workspace.yaml', '1.0.0', '3.0.0'],
    ['packages/a/package.json', '1.0.0', '2.0.0'],
  ]);
});

test.each([
  ['patch', WORKSPACE('^2.1.0', '^1.0.1', '~1.0.0')],
  ['minor', WORKSPACE('^2.1.0', '^1.0.1', '~1.5.0')],
  ['major', WORKSPACE('^2.1.0', '^1.0.1', '~1.5.0')],
] as const)('of the lines with findings, each goes by %s to the smallest version that clears it', (step, after) =>
  checkUpgrades(
    WORKSPACE('^2.1.0', '^1.0.0', '~1.0.0') + LOCK,
    {
      ...PUBLISHED,
      advisories: [
        { id: 'GHSA-1', package: 'left', versions: '>=0 <1.0.1' },
        { id: 'GHSA-2', package: 'right', versions: '>=0 <1.5.0' },
      ],
    },
    { step, onlyFindings: true },
    after,
  ),
);

const LINE = (range: string): string => `{ "dependencies": { "a": "${range}" } }`;

test('a version with a known advisory is passed over for the newest one without', () =>
  checkUpgrades(
    LINE('^1.0.0'),
    {
      installed: { a: '1.0.0' },
      registry: { a: ['1.0.0', '1.1.0', '1.2.0', '2.0.0'] },
      advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=1.2.0' }],
    },
    LIMITS.major,
    LINE('^1.1.0'),
  ));

test('a version that asks for another peer than the member has is passed over', () =>
  checkUpgrades(
    '{ "dependencies": { "a": "^1.0.0", "host": "1.0.0" } }',
    {
      installed: { a: '1.0.0', host: '1.0.0' },
      registry: { a: ['1.0.0', '1.1.0', { version: '1.2.0', peerDependencies: { host: '^2.0.0' } }], host: ['1.0.0'] },
    },
    LIMITS.minor,
    '{ "dependencies": { "a": "^1.1.0", "host": "1.0.0" } }',
  ));

test('a line that waits for an install is not led back to less than it asks for', () =>
  checkUpgrades(
    LINE('^3.0.0'),
    {
      installed: { a: '1.0.0' },
      lockedFor: { a: '^1.0.0' },
      registry: { a: ['1.0.0', '1.1.0', '3.0.0'] },
      advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' }],
    },
    { step: 'fix', onlyFindings: true },
    LINE('^3.0.0'),
  ));

test('the line of malware is left to be read about', () =>
  checkUpgrades(
    LINE('^1.0.0'),
    {
      installed: { a: '1.0.0' },
      registry: { a: ['1.0.0', '1.1.0'] },
      advisories: [{ id: 'MAL-1', package: 'a', versions: '>=0 <1.1.0' }],
    },
    LIMITS.major,
    LINE('^1.0.0'),
  ));

test('it says what may break, what is cleared, and whether all was looked up', async () => {
  const facts: ProjectFacts = {
    installed: { a: '0.1.0', b: '1.0.0' },
    registry: { a: ['0.1.0', '0.2.0'], b: ['1.0.0', '1.1.0'] },
    advisories: [{ id: 'GHSA-1', package: 'a', versions: '>=0 <0.2.0' }],
    unknown: { b: 'offline' },
  };
  const all = await planned('{ "dependencies": { "a": "^0.1.0", "b": "^1.0.0" } }', facts, LIMITS.minor);
  expect(all.map(({ to, step, breaking, clears, isVerified }) => [to, step, breaking, clears, isVerified])).toEqual([
    ['0.2.0', 'minor', true, 1, true],
    ['1.1.0', 'minor', false, 0, false],
  ]);
});
