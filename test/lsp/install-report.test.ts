import { expect, test } from 'vitest';

import { InstallReport } from '../../server/src/lsp/install-report.ts';
import { packageLockOf, pathIn, projectOf, type ProjectFacts } from '../support/project-of.ts';

const MANIFEST = '{ "dependencies": { "a": "^1.0.0", "b": "^1.0.0" } }';
const ADVISORIES = [
  { id: 'GHSA-1', package: 'a', versions: '>=0 <1.1.0' },
  { id: 'GHSA-2', package: 'a', versions: '>=0 <1.2.0' },
  { id: 'GHSA-3', package: 'b', versions: '>=1.1.0' },
];
const FACTS: ProjectFacts = { installed: { a: '1.0.0', b: '1.0.0' }, advisories: ADVISORIES };

async function reportKit(facts = FACTS) {
  const test = await projectOf(MANIFEST, facts);
  const report = new InstallReport();
  expect(report.compare(test.workspace.snapshot)).toBeUndefined();
  let installs = 0;
  return {
    ...test,
    said: () => report.compare(test.workspace.snapshot),
    install: async (installed: Readonly<Record<string, string>>) => {
      const texts = new Map([['package.json', MANIFEST]]);
      test.files.set(pathIn('package-lock.json'), packageLockOf(texts, installed) + '\n'.repeat(++installs));
      await test.workspace.rescan();
      return report.compare(test.workspace.snapshot);
    },
  };
}

test('what a changed lockfile mended and brought is counted', async () => {
  const { install, said } = await reportKit();
  expect(await install({ a: '1.2.0', b: '1.1.0' })).toBe('Lockfile changed: 2 fixed, 1 new');
  expect(said()).toBeUndefined();
});

test('an advisory that also affects the new version is neither fixed nor new', async () => {
  const { install } = await reportKit();
  expect(await install({ a: '1.1.0', b: '1.0.0' })).toBe('Lockfile changed: 1 fixed, 0 new');
});

test('a line that the lockfile does not meet yet is named', async () => {
  const { install } = await reportKit();
  expect(await install({ a: '1.2.0' })).toBe('Lockfile changed: 2 fixed, 0 new; b ^1.0.0 is not in the lockfile');
});

test('a keystroke, an opened lockfile and new knowledge are no changed lockfile', async () => {
  const { workspace, knowledge, files, said } = await reportKit();
  workspace.changeDocument(pathIn('package.json'), `${MANIFEST} `, 2);
  expect(said()).toBeUndefined();
  const lockfile = pathIn('package-lock.json');
  await workspace.openDocument(lockfile, (await files.readText(lockfile)) ?? '', 1);
  expect(said()).toBeUndefined();
  knowledge.set({});
  workspace.flush();
  expect(said()).toBeUndefined();
});

test('what was not looked up yet is said to be so, and the report is put right when it was', async () => {
  const { install, knowledge, workspace, said } = await reportKit();
  knowledge.set({ unknown: { b: 'pending' }, advisories: ADVISORIES.slice(0, 2) });
  expect(await install({ a: '1.2.0', b: '1.1.0' })).toBe('Lockfile changed: 2 fixed, 0 new, 1 package not checked yet');
  knowledge.set({ advisories: ADVISORIES });
  workspace.flush();
  expect(said()).toBe('Lockfile changed: 2 fixed, 1 new');
  knowledge.set({});
  workspace.flush();
  expect(said()).toBeUndefined();
});

test('what stays unknown for long is no news of that install any more', async () => {
  const { install, knowledge, workspace, clock, said } = await reportKit();
  knowledge.set({ unknown: { b: 'pending' }, advisories: ADVISORIES.slice(0, 2) });
  await install({ a: '1.2.0', b: '1.1.0' });
  await clock.advance(3_600_000);
  knowledge.set({ unknown: { b: 'pending' }, advisories: [{ id: 'GHSA-9', package: 'a', versions: '>=0' }] });
  workspace.flush();
  expect(said()).toBeUndefined();
});
