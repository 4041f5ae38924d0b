import { expect, test } from 'vitest';

import { codeActions, unknownFor } from '../../server/src/features/code-actions/code-actions.ts';
import type { VersionFact } from '../support/fake-knowledge.ts';
import { projectOf, type ProjectFacts } from '../support/project-of.ts';

const WHOLE = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };

async function titlesFor(manifest: object, facts: ProjectFacts): Promise<string[]> {
  const { project, manifest: view } = await projectOf(JSON.stringify(manifest), facts);
  const actions = codeActions(view(), project, { range: WHOLE, only: ['quickfix'], canPrepareInstall: true });
  return actions.map(({ title }) => title);
}

const ABOUT_DEEP = [{ id: 'GHSA-deep', package: 'deep', versions: '>=0 <1.0.2', severity: 'high' }] as const;
const DEEP: readonly VersionFact[] = ['1.0.1', '1.0.2', '2.0.0'];
const INSTALLED = { top: '1.0.0 needs deep', deep: '1.0.1' };

/** `top` in each version asks for `deep` so. */
function topAsking(...ranges: readonly string[]): VersionFact[] {
  return ranges.map((deep, at) => ({ version: `1.${String(at)}.0`, dependencies: { deep } }));
}

const REFRESH = 'Put “npm update deep” into the terminal: deep 1.0.1 to 1.0.2 (clears 1 advisory)';
const OVERRIDE = 'Override deep 1.0.1 to 1.0.2 under top (clears 1 advisory; then npm install)';
const PARENT = 'Upgrade top to 1.1.0 (clears 1 advisory; then npm install)';

const CASES: readonly (readonly [string, Readonly<Record<string, readonly VersionFact[]>>, readonly string[]])[] = [
  ['a fixed version inside the range is fetched anew', { top: topAsking('^1.0.0'), deep: DEEP }, [REFRESH]],
  ['a pinned version is overridden', { top: topAsking('1.0.1'), deep: DEEP }, [OVERRIDE]],
  [
    'a parent that asks for the fix is the better way',
    { top: topAsking('1.0.1', '1.0.2'), deep: DEEP },
    [PARENT, OVERRIDE],
  ],
  ['the smallest such parent is taken', { top: topAsking('1.0.1', '1.0.2', '2.0.0'), deep: DEEP }, [PARENT, OVERRIDE]],
  [
    'a parent that leads no further than the affected version is passed over',
    { top: [...topAsking('1.0.1', '1.0.1'), { version: '2.0.0', dependencies: { deep: '^2.0.0' } }], deep: DEEP },
    ['Upgrade top to 2.0.0 (clears 1 advisory, major step; then npm install)', OVERRIDE],
  ],
  [
    'a parent whose range lets the installed version stay is none',
    { top: topAsking('1.0.1', '^1.0.0'), deep: DEEP },
    [OVERRIDE],
  ],
  [
    'a deprecated version and a prerelease are passed over',
    { top: topAsking('1.0.1'), deep: ['1.0.1', { version: '1.0.2', deprecated: 'broken' }, '1.0.3-rc.1', '2.0.0'] },
    ['Override deep 1.0.1 to 2.0.0 under top (clears 1 advisory, major step; then npm install)'],
  ],
  ['an earlier version is no fix', { top: topAsking('1.0.1'), deep: ['0.9.0', '1.0.1'] }, []],
  [
    'a version that brings in something as bad is none',
    {
      top: topAsking('1.0.1'),
      deep: ['1.0.1', { version: '1.0.2', dependencies: { worse: '1' } }, '1.0.3'],
      worse: ['1.0.0'],
    },
    ['Override deep 1.0.1 to 1.0.3 under top (clears 1 advisory; then npm install)'],
  ],
  [
    'what brings in something lesser says so',
    {
      top: topAsking('1.0.1'),
      deep: ['1.0.1', { version: '1.0.2', dependencies: { lesser: '1' } }],
      lesser: ['1.0.0'],
    },
    ['Override deep 1.0.1 to 1.0.2 under top (clears 1 advisory, brings in 1 advisory; then npm install)'],
  ],
  [
    'a version for another Node is passed over',
    { top: topAsking('1.0.1'), deep: ['1.0.1', { version: '1.0.2', nodeEngine: '>=22' }, '1.0.3'] },
    ['Override deep 1.0.1 to 1.0.3 under top (clears 1 advisory; then npm install)'],
  ],
  [
    'a version for another peer is passed over',
    { top: topAsking('1.0.1'), deep: ['1.0.1', { version: '1.0.2', peerDependencies: { top: '^9.0.0' } }, '1.0.3'] },
    ['Override deep 1.0.1 to 1.0.3 under top (clears 1 advisory; then npm install)'],
  ],
  [
    'what nobody was asked about is proposed by the fixed version',
    {},
    ['Override deep 1.0.1 to 1.0.2 under top (clears 1 advisory, proposed; then npm install)'],
  ],
];

test.each(CASES)('%s', async (_rule, registry, titles) => {
  const manifest = { engines: { node: '>=20' }, dependencies: { top: '^1.0.0' } };
  const advisories = [
    ...ABOUT_DEEP,
    { id: 'GHSA-worse', package: 'worse', versions: '>=0', severity: 'critical' },
    { id: 'GHSA-lesser', package: 'lesser', versions: '>=0', severity: 'low' },
  ] as const;
  expect(await titlesFor(manifest, { installed: INSTALLED, registry, advisories })).toEqual(titles);
});

test('a registry that does not tell all dependencies is no ground for a refresh or a bump', async () => {
  const registry = { top: ['1.0.0', '1.1.0'], deep: DEEP };
  const manifest = { dependencies: { top: '^1.0.0' } };
  expect(await titlesFor(manifest, { installed: INSTALLED, registry, advisories: ABOUT_DEEP })).toEqual([OVERRIDE]);
});

test('a package that a rule decides already gets no second rule: that one is raised', async () => {
  const manifest = { dependencies: { top: '^1.0.0' }, overrides: { deep: '1.0.1' } };
  const registry = { top: topAsking('^1.0.0'), deep: DEEP };
  const titles = await titlesFor(manifest, { installed: INSTALLED, registry, advisories: ABOUT_DEEP });
  expect(titles).toEqual(['Raise the override of deep to 1.0.2']);
});

test('no public service is told a name that the lockfile took from elsewhere', async () => {
  const lockfile = {
    lockfileVersion: 3,
    packages: {
      '': { dependencies: { top: '^1.0.0' } },
      'node_modules/top': { version: '1.0.0', dependencies: { inner: '1' } },
      'node_modules/inner': {
        version: '1.0.0',
        resolved: 'https://private.example/inner/-/inner-1.0.0.tgz',
        dependencies: { deep: '1.0.1' },
      },
      'node_modules/deep': { version: '1.0.1' },
    },
  };
  const top = ['1.0.0', '1.1.0'].map((version) => ({ version, dependencies: { inner: '1' } }));
  const inner = [{ version: '1.0.0', dependencies: { deep: '1.0.1' } }];
  for (const registry of [{}, { top, deep: DEEP }, { top, deep: DEEP, inner }]) {
    const files = `-- package.json --\n{ "dependencies": { "top": "^1.0.0" } }\n-- package-lock.json --\n${JSON.stringify(lockfile)}\n`;
    const { project, manifest } = await projectOf(files, { registry, advisories: ABOUT_DEEP });
    const actions = codeActions(manifest(), project, { range: WHOLE, only: ['quickfix'], canPrepareInstall: true });
    const asked = [...unknownFor(manifest(), project, WHOLE), ...actions.flatMap(({ verify }) => verify)];
    const told = asked.filter(({ withheld }) => withheld === undefined).map(({ name }) => name);
    expect(told).not.toContain('inner');
  }
});

test('malware is not made quiet', async () => {
  const advisories = [{ id: 'MAL-deep', package: 'deep', versions: '>=0 <1.0.2', kind: 'malware' }] as const;
  const registry = { top: topAsking('1.0.1', '1.0.2'), deep: DEEP };
  expect(await titlesFor({ dependencies: { top: '^1.0.0' } }, { installed: INSTALLED, registry, advisories })).toEqual(
    [],
  );
});

test('a bump of one parent says who else brings it in', async () => {
  const registry = {
    top: topAsking('1.0.1', '1.0.2'),
    other: [{ version: '1.0.0', dependencies: { deep: '1.0.1' } }],
    deep: DEEP,
  };
  const installed = { ...INSTALLED, other: '1.0.0 needs deep' };
  const manifest = { dependencies: { top: '^1.0.0', other: '1.0.0' } };
  const [first, second] = await titlesFor(manifest, { installed, registry, advisories: ABOUT_DEEP });
  expect(first).toBe('Upgrade top to 1.1.0 (clears 1 advisory, still brought in by other; then npm install)');
  expect(second).toBe('Override deep 1.0.1 to 1.0.2 (clears 1 advisory; then npm install)');
});
