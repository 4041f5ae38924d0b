import { expect, test } from 'vitest';

import { dependencyTree } from '../../server/src/features/dependency-tree.ts';
import type { RiskGroup, RiskItem, RisksParams, RisksResult } from '../../server/src/protocol.ts';
import { baseOf } from '../support/base-of.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

async function treeOf(text: string, facts: ProjectFacts, params: Partial<RisksParams> = {}): Promise<RisksResult> {
  const { snapshot } = await projectOf(text, facts);
  return dependencyTree(snapshot, { grouping: 'action', filter: '', ...params }, (path) => `file://${path}`);
}

/** The tree as indented text: a group with its description, and below it the rows. */
async function checkTree(
  text: string,
  facts: ProjectFacts,
  expected: string,
  params: Partial<RisksParams> = {},
): Promise<void> {
  const { groups } = await treeOf(text, facts, params);
  expect(groups.map(groupText).join('\n')).toBe(expected.trim());
}

function groupText({ label, description, items }: RiskGroup): string {
  return [`${label} (${description})`, ...items.map((item) => `  ${item.label}: ${item.description}`)].join('\n');
}

const TEXT = `{
  "dependencies": {
    "fixable": "^1.0.0",
    "breaking": "^1.0.0",
    "hopeless": "^1.0.0",
    "brings": "^1.0.0",
    "evil": "1.0.0",
    "old": "1.0.0",
    "bumped": "^2.0.0",
    "source": "github:x/source"
  }
}`;

const FACTS: ProjectFacts = {
  installed: {
    fixable: '1.0.0',
    breaking: '1.0.0',
    hopeless: '1.0.0',
    brings: '1.0.0 needs deep',
    deep: '1.0.0',
    evil: '1.0.0 needs unasked',
    old: '1.0.0',
    bumped: '1.0.0',
    unasked: '1.0.0',
  },
  lockedFor: { bumped: '^1.0.0' },
  advisories: [
    { id: 'GHSA-1', package: 'fixable', versions: '>=0 <1.1.0', aliases: ['CVE-2026-7'], summary: 'one\nline' },
    { id: 'GHSA-2', package: 'fixable', versions: '>=0 <1.1.0', severity: 'critical' },
    { id: 'GHSA-3', package: 'breaking', versions: '>=0 <2.0.0', severity: 'medium' },
    { id: 'GHSA-4', package: 'hopeless', versions: '>=0', severity: 'low' },
    { id: 'GHSA-5', package: 'deep', versions: '>=0' },
    { id: 'MAL-1', package: 'evil', versions: '>=0' },
  ],
  registry: { old: [{ version: '1.0.0', deprecated: 'gone' }] },
  unknown: { unasked: 'offline' },
};

test('risks are grouped by what to do, worst first, each affected package once', () =>
  checkTree(
    TEXT,
    FACTS,
    `
Do now (1 edit clears 2 findings, 1 without an edit)
  evil 1.0.0: malware · remove it
  fixable 1.0.0: critical · 2 advisories → 1.1.0
Needs a major (1 package)
  breaking 1.0.0: medium · 1 advisory → 2.0.0
Brought in by others (1 package)
  deep 1.0.0: high · 1 advisory · by way of brings
No fix yet (1 package)
  hopeless 1.0.0: low · 1 advisory
Worth knowing (1 package)
  old 1.0.0: low · deprecated
Waiting for install (1 line)
  bumped: ^2.0.0 written, lockfile has 1.0.0
Not checked (1 package)
  unasked 1.0.0: offline`,
  ));

test('what is mended already and waits for an install stands on the line that waits, and not under "No fix yet"', () =>
  checkTree(
    `{ "dependencies": { "bumped": "^1.1.0" } }`,
    {
      installed: { bumped: '1.0.0' },
      lockedFor: { bumped: '^1.0.0' },
      advisories: [{ id: 'GHSA-1', package: 'bumped', versions: '>=0 <1.1.0' }],
    },
    `
Waiting for install (1 line)
  bumped: ^1.1.0 written, lockfile has 1.0.0`,
  ));

test('the badge counts what to do now', async () => {
  expect((await treeOf(TEXT, FACTS)).badge).toBe(2);
});

test('they are grouped by severity, kind or manifest as well', async () => {
  const labels = async (grouping: RisksParams['grouping']): Promise<string[]> =>
    (await treeOf(TEXT, FACTS, { grouping })).groups
      .map(({ label, items }) => `${label} ${String(items.length)}`)
      .slice(0, -2);
  expect(await labels('severity')).toEqual(['malware 1', 'critical 1', 'high 1', 'medium 1', 'low 2']);
  expect(await labels('kind')).toEqual(['Malware 1', 'Vulnerabilities 4', 'Deprecated 1']);
  expect(await labels('manifest')).toEqual(['package.json 6']);
});

test('a filter takes names, advisory ids and aliases, in any case', async () => {
  const found = async (filter: string): Promise<string[]> =>
    (await treeOf(TEXT, FACTS, { filter })).groups.flatMap(({ items }) => items.map(({ label }) => label));
  expect(await found('FIX')).toEqual(['fixable 1.0.0']);
  expect(await found(' ghsa-5 ')).toEqual(['deep 1.0.0']);
  expect(await found('cve-2026-7')).toEqual(['fixable 1.0.0']);
  expect(await found('bump')).toEqual(['bumped']);
  expect(await found('unask')).toEqual(['unasked 1.0.0']);
  expect(await found('nothing of that name')).toEqual([]);
});

test('a click goes to the line, and of a transitive risk to the line that brings it in', async () => {
  const { groups } = await treeOf(TEXT, FACTS);
  const place = (label: string): Pick<RiskItem, 'uri' | 'range'> | undefined =>
    groups.flatMap(({ items }) => items).find((item) => item.label.startsWith(label));
  expect(place('fixable')).toMatchObject({
    uri: 'file:///project/package.json',
    range: { start: { line: 2, character: 16 } },
  });
  expect(place('deep')).toMatchObject({ uri: 'file:///project/package.json', range: { start: { line: 5 } } });
  expect(place('bumped')).toMatchObject({ range: { start: { line: 8 } } });
});

test('only what the line offers an edit for is actionable', async () => {
  const { groups } = await treeOf(TEXT, {
    ...FACTS,
    advisories: [...(FACTS.advisories ?? []).slice(0, 5), { id: 'MAL-1', package: 'evil', versions: '>=0 <1.0.1' }],
  });
  const actionable = groups.flatMap(({ items }) => items.filter((item) => item.actionable).map(({ label }) => label));
  expect(actionable).toEqual(['fixable 1.0.0', 'breaking 1.0.0', 'bumped']);
});

test('text of others is one line in the tooltip', async () => {
  const { groups } = await treeOf(TEXT, FACTS, { filter: 'fixable' });
  expect(groups[0]?.items[0]?.tooltip).toBe(
    'GHSA-2 (critical): something is wrong · fixed in 1.1.0\nGHSA-1 (high): one line · fixed in 1.1.0',
  );
});

test('an affected package that members share stands once', async () => {
  const member = (name: string): string => `-- packages/${name}/package.json --
{ "name": "${name}", "dependencies": { "fixable": "^1.0.0" } }
`;
  const { groups, badge } = await treeOf(
    `-- package.json --\n{ "workspaces": ["packages/*"] }\n${member('a')}${member('b')}`,
    {
      installed: { fixable: '1.0.0' },
      advisories: [{ id: 'GHSA-1', package: 'fixable', versions: '>=0 <1.1.0' }],
    },
  );
  expect(groups[0]?.items.map(({ label }) => label)).toEqual(['fixable 1.0.0']);
  expect([groups[0]?.description, badge]).toEqual(['2 edits clear 1 finding', 1]);
});

test('rows have ids of their own, also where names repeat', async () => {
  const { groups } = await treeOf(
    `-- package.json --
{ "dependencies": { "a": "^2.0.0", "b": "1.0.0" }, "devDependencies": { "a": "^2.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "a": "^1.0.0", "b": "1.0.0" } },
  "node_modules/a": { "version": "1.0.0" },
  "node_modules/b": { "version": "1.0.0" },
  "node_modules/b/node_modules/a": { "version": "1.0.0", "resolved": "https://other.example/a/-/a-1.0.0.tgz" }
} }`,
    { unknown: { a: 'offline' } },
  );
  const ids = groups.flatMap(({ items }) => items.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThan(3);
});

test('very many packages that were not checked are counted in full and listed in part', async () => {
  const installed = Object.fromEntries(Array.from({ length: 800 }, (_, index) => [`p${String(index)}`, '1.0.0']));
  const { groups, coverage } = await treeOf('{}', { installed, unknown: { '*': 'offline' } });
  expect([groups[0]?.description, groups[0]?.items.length]).toEqual(['800 packages', 500]);
  expect(coverage).toContain('800 could not be');
});

test('without a risk there is no group, and the coverage says what that rests on', async () => {
  expect(await treeOf('{}', { installed: { a: '1.0.0' } })).toEqual({ groups: [], badge: 0, coverage: '1 checked' });
});

test('what is not in the lockfile was not checked, unless it is private or development is left out', async () => {
  const text = `-- package.json --
{ "dependencies": { "added": "^1.0.0", "@acme/own": "1.0.0" }, "devDependencies": { "tool": "1.0.0" } }
-- .npmrc --
@acme:registry=https://npm.acme.example/`;
  const facts = { installed: {}, lockedFor: {}, settings: { devDependencies: false } };
  const { groups, coverage } = await treeOf(text, facts);
  expect(groups.find(({ id }) => id === 'unchecked')?.items.map(({ label }) => label)).toEqual([
    'added',
    '@acme/own',
    'tool',
  ]);
  expect(coverage).toMatch(/^0 checked, 1 could not be, 2 left out/);
});

test('what a lockfile holds as a version is one line in a label', async () => {
  const facts = { installed: { odd: '1.0.0\n\u001b[31m\u202e' }, unknown: { odd: 'offline' } };
  const { groups } = await treeOf('{ "dependencies": { "odd": "1.0.0" } }', facts);
  expect(groups.flatMap(({ items }) => items.map(({ label }) => label))).toContain('odd 1.0.0 [31m');
});

test('what no source imports comes later at its severity, and says why', async () => {
  const facts: ProjectFacts = {
    installed: { a: '1.0.0', b: '1.0.0' },
    advisories: ['a', 'b'].map((name) => ({ id: `GHSA-${name}`, package: name, versions: '>=0' })),
    readsSources: true,
  };
  const text = `-- package.json --\n{ "dependencies": { "a": "^1.0.0", "b": "^1.0.0" } }\n-- x.js --\nimport 'b'\n`;
  await checkTree(
    text,
    facts,
    `
No fix yet (2 packages)
  b 1.0.0: high · 1 advisory
  a 1.0.0: high · 1 advisory · never imported`,
  );
  const { groups } = await treeOf(text, facts);
  expect(groups[0]?.items[1]?.tooltip).toContain('No source here imports it, so it comes later');
});

test('what an earlier commit did not have is marked as new, and since when', async () => {
  const facts: ProjectFacts = {
    installed: { a: '1.0.0', b: '1.0.0' },
    advisories: ['a', 'b'].map((name) => ({ id: `GHSA-${name}`, package: name, versions: '>=0' })),
    base: baseOf('origin/main', ['b@1.0.0'], {}),
  };
  const text = '{ "dependencies": { "a": "^1.0.0", "b": "^1.0.0" } }';
  await checkTree(
    text,
    facts,
    `
No fix yet (2 packages)
  a 1.0.0: high · 1 advisory
  b 1.0.0: new · high · 1 advisory`,
  );
  const { groups } = await treeOf(text, facts);
  expect(groups[0]?.items[1]?.tooltip).toContain('new since origin/main');
});
