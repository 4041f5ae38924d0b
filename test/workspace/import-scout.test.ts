import { expect, test } from 'vitest';

import type { AdvisoryFinding } from '../../server/src/core/finding.ts';
import { ImportScout } from '../../server/src/workspace/import-scout.ts';
import { importUses } from '../../server/src/workspace/import-uses.ts';
import { surveyImports } from '../../server/src/workers/survey-imports.ts';
import { fakeClock } from '../support/fake-clock.ts';
import { memoryTree } from '../support/memory-files.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';
import { recordingLog } from '../support/recording-log.ts';

const FACTS: ProjectFacts = {
  installed: { a: '1.0.0 needs deep', b: '1.0.0 needs deep', deep: '1.0.0' },
  advisories: ['a', 'b', 'deep'].map((name) => ({ id: `GHSA-${name}`, package: name, versions: '>=0' })),
  readsSources: true,
};

/** Checks how the findings of a project with such sources are imported: `a never, b test`. */
async function check(sources: string, expected: string, facts: ProjectFacts = FACTS): Promise<void> {
  const text = `-- package.json --\n{ "dependencies": { "a": "1", "b": "1" } }\n${sources}`;
  const { project } = await projectOf(text, facts);
  const found = project.assessment.findings.map(
    ({ package: { name }, imported }) => `${name} ${imported ?? 'unknown'}`,
  );
  expect(found.sort().join(', ')).toBe(expected);
}

test('what the sources import is in production, what only tests import is not, and the rest is never imported', () =>
  check("-- src/x.ts --\nimport 'a'\n-- src/x.test.ts --\nimport 'b'\n", 'a production, b test, deep production'));

test('a package that others bring in is imported as the best of them', () =>
  check("-- test/x.ts --\nimport 'b'\n", 'a never, b test, deep test'));

test('what stands in folders of installed and made files does not count', () =>
  check(
    "-- x.js --\n1\n-- node_modules/c/x.js --\nimport 'a'\n-- dist/x.js --\nimport 'b'\n",
    'a never, b never, deep never',
  ));

test('without a source nobody knows', () => check('-- README.md --\na\n', 'a unknown, b unknown, deep unknown'));

test('a folder with a project of its own is not of this one, a folder with a bare manifest is', () =>
  check(
    `-- x.js --
1
-- other/package.json --
{ "dependencies": { "a": "1" } }
-- other/x.js --
import 'a'
-- esm/package.json --
{ "type": "module" }
-- esm/x.js --
import 'b'
`,
    'a never, b production, deep production',
  ));

test('what settings exclude is not read, and nothing is where they turn it off', async () => {
  const sources = "-- x.js --\nimport 'b'\n-- old/x.js --\nimport 'a'\n";
  await check(sources, 'a never, b production, deep production', { ...FACTS, settings: { exclude: ['old/**'] } });
  const off = { ...FACTS, settings: { imports: { enable: false } } };
  await check(sources, 'a unknown, b unknown, deep unknown', off);
});

test('a source counts for its member, and for the root that may install for it', async () => {
  const text = `-- package.json --
{ "workspaces": ["packages/*"], "dependencies": { "a": "1" } }
-- packages/m/package.json --
{ "name": "m", "dependencies": { "b": "1" } }
-- packages/m/x.js --
import 'a'; import 'b'
-- packages/n/package.json --
{ "name": "n", "dependencies": { "a": "1" } }
-- packages/n/x.js --
1
`;
  const { project } = await projectOf(text, { ...FACTS, installed: { a: '1.0.0', b: '1.0.0' } });
  const uses = project.manifests.flatMap(({ importer, lines }) =>
    lines.map(({ dependency, imported }) => `${importer ?? ''} ${dependency.name} ${imported ?? 'unknown'}`),
  );
  expect(uses).toEqual(['. a production', 'packages/m b production', 'packages/n a never']);
});

test('a workspace with more sources than are read says never of nothing', async () => {
  const { project } = await projectOf('{ "dependencies": { "a": "1", "b": "1" } }', FACTS);
  const many = Object.fromEntries(
    Array.from({ length: 20_001 }, (_, at) => [`/project/src/${String(at)}.js`, "import 'a'"]),
  );
  const request = { ecosystem: 'npm', root: '/project', manifests: ['/project/package.json'], exclude: [] };
  const uses = importUses(surveyImports(request, memoryTree(many)), project.ecosystem.imports);
  expect(uses.useOf('/project/package.json', 'a')).toBe('production');
  expect(uses.useOf('/project/package.json', 'b')).toBeUndefined();
});

test('sources are read a moment after findings are there, once, and again when ten minutes have passed', async () => {
  const { snapshot, project } = await projectOf('-- package.json --\n{ "dependencies": { "a": "1" } }', {
    ...FACTS,
    readsSources: false,
  });
  const clock = fakeClock();
  const tree = memoryTree({ '/project/package.json': '{}', '/project/x.js': "import 'a'" });
  const asked: string[] = [];
  let found = 0;
  const scout = new ImportScout({
    surveyImports: (request) => {
      asked.push(request.root);
      return Promise.resolve(surveyImports(request, tree));
    },
    clock,
    log: recordingLog(),
    onFound: () => found++,
  });
  scout.consider(snapshot);
  await clock.advance(1_000);
  expect(asked).toEqual([]);
  await clock.advance(2_000);
  expect([found, scout.usesOf(project.layout)?.useOf('/project/package.json', 'a')]).toEqual([1, 'production']);
  scout.consider(snapshot);
  expect(clock.pending).toBe(0);
  await clock.advance(600_000);
  scout.consider(snapshot);
  await clock.advance(3_000);
  expect(found).toBe(2);
  scout.dispose();
  await clock.advance(600_000);
  scout.consider(snapshot);
  expect(clock.pending).toBe(0);
});

test('a package that goes by another name is imported by that', async () => {
  const text = `-- package.json --
{ "dependencies": { "other": "npm:a@1.0.0" } }
-- x.js --
import 'other'
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "other": "npm:a@1.0.0" } },
  "node_modules/other": { "name": "a", "version": "1.0.0" }
} }`;
  const { project } = await projectOf(text, { advisories: FACTS.advisories ?? [], readsSources: true });
  expect(project.assessment.findings.map(({ imported }) => imported)).toEqual(['production']);
});

test('malware is not lowered for being imported by nobody', async () => {
  const { project } = await projectOf(
    '-- package.json --\n{ "dependencies": { "a": "1", "b": "1" } }\n-- x.js --\nimport "b"',
    {
      ...FACTS,
      installed: { a: '1.0.0', b: '1.0.0' },
      advisories: [
        { id: 'MAL-1', package: 'a', versions: '>=0' },
        { id: 'GHSA-2', package: 'b', versions: '>=0', severity: 'critical' },
      ],
    },
  );
  const [first] = project.assessment.findings as readonly AdvisoryFinding[];
  expect([first?.ruleId, first?.imported]).toEqual(['MAL-1', 'never']);
});
