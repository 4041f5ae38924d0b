import { expect, test } from 'vitest';

import type { Ecosystem } from '../../server/src/core/ecosystem.ts';
import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { settle } from '../support/fake-clock.ts';
import { folderOf, pathIn, projectOf, ROOT, type ProjectFacts } from '../support/project-of.ts';

const MANIFEST = '{ "dependencies": { "lodash": "^4.17.20" } }';
const FACTS: ProjectFacts = {
  installed: { lodash: '4.17.20' },
  advisories: [{ id: 'GHSA-1', package: 'lodash', versions: '>=0 <4.17.21' }],
};

function countingEcosystem() {
  const parsed: string[] = [];
  const discovered: string[] = [];
  const ecosystem: Ecosystem = {
    ...npm,
    discover: (files, path, options) => {
      discovered.push(path);
      return npm.discover(files, path, options);
    },
    parseManifest: (path, text) => {
      parsed.push(path);
      return npm.parseManifest(path, text);
    },
    parseLockfile: (path, text) => {
      parsed.push(path);
      return npm.parseLockfile(path, text);
    },
  };
  return { ecosystem, parsed, discovered };
}

test('a keystroke is in the snapshot before the call returns', async () => {
  const { workspace, manifest } = await projectOf(MANIFEST, FACTS);
  const before = workspace.snapshot;
  workspace.changeDocument(pathIn('package.json'), MANIFEST.replace('4.17.20', '4.17.21'), 2);
  expect(workspace.snapshot.sequence).toBe(before.sequence + 1);
  expect(manifest().lines[0]?.pending).toEqual({ written: '^4.17.21', locked: '4.17.20' });
  expect(before.manifests.get(pathIn('package.json'))?.lines[0]?.pending).toBeUndefined();
});

test('a keystroke parses the manifest and nothing else, and looks up no more than its lines', async () => {
  const { ecosystem, parsed } = countingEcosystem();
  const installed = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`p${String(index)}`, '1.0.0']));
  const { workspace, knowledge, project } = await projectOf(
    `-- package.json --
${MANIFEST}
-- packages/a/package.json --
{ "name": "a" }
`,
    { ...FACTS, installed: { ...installed, lodash: '4.17.20' }, ecosystem },
  );
  parsed.length = 0;
  const asked = knowledge.calls.advisories;
  workspace.changeDocument(pathIn('package.json'), MANIFEST.replace('^', '~'), 2);
  expect(parsed).toEqual([pathIn('package.json')]);
  expect(knowledge.calls.advisories - asked).toBe(1);
  const [after] = workspace.snapshot.projects;
  expect(after?.assessment).toBe(project.assessment);
  expect(after?.installed).toBe(project.installed);
});

test('a keystroke leaves the lines of other members as they are', async () => {
  const { workspace, manifest } = await projectOf(
    `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "lodash": "^4.17.20" } }
`,
    FACTS,
  );
  const before = manifest('packages/a/package.json');
  workspace.changeDocument(pathIn('package.json'), '{ "workspaces": ["packages/*"], "name": "root" }', 2);
  expect(manifest('packages/a/package.json')).toBe(before);
});

test('looking at the disk again without a change parses and looks up nothing', async () => {
  const { ecosystem, parsed } = countingEcosystem();
  const { workspace, knowledge, project } = await projectOf(MANIFEST, { ...FACTS, ecosystem });
  parsed.length = 0;
  const asked = knowledge.calls.advisories;
  await workspace.rescan();
  expect(parsed).toEqual([]);
  expect(knowledge.calls.advisories).toBe(asked);
  expect(workspace.snapshot.projects[0]?.assessment).toBe(project.assessment);
});

test('opening and closing the lockfile looks up nothing again', async () => {
  const { workspace, files, project } = await projectOf(MANIFEST, FACTS);
  const path = pathIn('package-lock.json');
  const text = (await files.readText(path)) ?? '';
  await workspace.openDocument(path, text, 1);
  expect(workspace.snapshot.lockfiles.get(path)?.document.version).toBe(1);
  expect(workspace.snapshot.projects[0]?.assessment).toBe(project.assessment);
  await workspace.closeDocument(path);
  expect(workspace.snapshot.projects[0]?.assessment).toBe(project.assessment);
});

test('a lockfile that two folders share is parsed once, and is one project', async () => {
  const { ecosystem, parsed } = countingEcosystem();
  const { workspace, snapshot } = await projectOf(
    `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "lodash": "^4.17.20" } }
-- packages/b/package.json --
{ "name": "b", "dependencies": { "lodash": "^4.17.20" } }
`,
    { ...FACTS, ecosystem },
  );
  expect(snapshot.projects).toHaveLength(1);
  parsed.length = 0;
  await workspace.setFolders([folderOf(`${ROOT}/packages/a`), folderOf(`${ROOT}/packages/b`)]);
  expect(workspace.snapshot.projects).toHaveLength(1);
  expect(parsed).toEqual([]);
});

test('of 544 members that are opened and typed in, each is parsed for its own changes and the lockfile never again', async () => {
  const { ecosystem, parsed } = countingEcosystem();
  const members = Array.from({ length: 544 }, (_, index) => `packages/m${String(index)}/package.json`);
  const textOf = (path: string, range: string): string =>
    `{ "name": "${path.split('/')[1] ?? ''}", "dependencies": { "lodash": "${range}" } }\n`;
  const { workspace, manifest } = await projectOf(
    [
      '-- package.json --\n{ "workspaces": ["packages/*"] }\n',
      ...members.map((path) => `-- ${path} --\n${textOf(path, '^4.17.20')}`),
    ].join(''),
    { ...FACTS, ecosystem },
  );
  expect(parsed.filter((path) => path === pathIn('package-lock.json'))).toHaveLength(1);
  expect(new Set(parsed).size).toBe(parsed.length);
  parsed.length = 0;
  const untouched = manifest();
  for (const path of members) await workspace.openDocument(pathIn(path), textOf(path, '^4.17.20'), 1);
  expect(parsed).toEqual([]);
  for (const path of members) workspace.changeDocument(pathIn(path), textOf(path, '^4.17.21'), 2);
  expect(parsed).toEqual(members.map(pathIn));
  expect(manifest(members.at(-1)).lines[0]?.pending).toEqual({ written: '^4.17.21', locked: '4.17.20' });
  expect(manifest()).toBe(untouched);
});

test('a lockfile that changed on the disk changes the lines', async () => {
  const { workspace, files, manifest } = await projectOf(MANIFEST, FACTS);
  expect(manifest().lines[0]?.own).toHaveLength(1);
  const path = pathIn('package-lock.json');
  const text = (await files.readText(path)) ?? '';
  files.set(path, `${text.replace('"4.17.20"', '"4.17.21"')}\n`);
  await workspace.rescan();
  expect(manifest().lines[0]?.version).toBe('4.17.21');
  expect(manifest().lines[0]?.own).toEqual([]);
});

test('answers that pour in make one new snapshot', async () => {
  const { workspace, knowledge, clock, manifest, snapshots } = await projectOf(MANIFEST, {
    installed: { lodash: '4.17.20' },
  });
  const before = snapshots.length;
  knowledge.set({ advisories: FACTS.advisories ?? [] });
  workspace.knowledgeChanged();
  workspace.knowledgeChanged();
  await clock.advance(1_000);
  expect(snapshots.length - before).toBe(1);
  expect(manifest().lines[0]?.own).toHaveLength(1);
});

test('answers that hold findings do not wait for others', async () => {
  const { workspace, knowledge, clock, manifest, snapshots } = await projectOf(MANIFEST, {
    installed: { lodash: '4.17.20' },
  });
  const before = snapshots.length;
  knowledge.set({ advisories: FACTS.advisories ?? [] });
  workspace.knowledgeChanged();
  workspace.knowledgeChanged(true);
  await clock.advance(0);
  expect(manifest().lines[0]?.own).toHaveLength(1);
  await clock.advance(1_000);
  expect(snapshots.length - before).toBe(1);
});

test('a document that is opened while the folders are read has them read once', async () => {
  const gate = Promise.withResolvers<undefined>();
  const { ecosystem, discovered } = countingEcosystem();
  let isHeld = false;
  const { workspace, manifest } = await projectOf(MANIFEST, {
    ...FACTS,
    ecosystem,
    disk: (files) => ({
      ...files,
      async stat(path) {
        if (isHeld) await gate.promise;
        return files.stat(path);
      },
    }),
  });
  discovered.length = 0;
  isHeld = true;
  await workspace.closeDocument(pathIn('other.txt'));
  const scan = workspace.setFolders([folderOf(`${ROOT}/packages`), folderOf(ROOT)]);
  const opened = workspace.openDocument(pathIn('package.json'), MANIFEST.replace('4.17.20', '4.17.21'), 7);
  isHeld = false;
  gate.resolve(undefined);
  await Promise.all([scan, opened]);
  expect(manifest().document.version).toBe(7);
  expect(discovered).toHaveLength(2);
});

test('a scan that began before the typing does not bring the older text back', async () => {
  const gates: PromiseWithResolvers<undefined>[] = [];
  const { workspace, manifest } = await projectOf(MANIFEST, {
    ...FACTS,
    disk: (files) => ({
      ...files,
      async stat(path) {
        await gates[0]?.promise;
        return files.stat(path);
      },
    }),
  });
  const path = pathIn('package.json');
  await workspace.openDocument(path, MANIFEST, 1);
  gates.push(Promise.withResolvers());
  const scan = workspace.rescan();
  workspace.changeDocument(path, MANIFEST.replace('4.17.20', '4.17.21'), 2);
  expect(manifest().document.version).toBe(2);
  gates[0]?.resolve(undefined);
  await scan;
  expect(manifest().document.version).toBe(2);
  expect(manifest().lines[0]?.pending?.written).toBe('^4.17.21');
});

test('typing in a document that is no manifest of a project reads no disk', async () => {
  const { ecosystem, discovered } = countingEcosystem();
  const { workspace, snapshot } = await projectOf(MANIFEST, { ...FACTS, ecosystem });
  discovered.length = 0;
  await workspace.openDocument(pathIn('tsconfig.json'), '{', 1);
  workspace.changeDocument(pathIn('tsconfig.json'), '{}', 2);
  workspace.changeDocument('/elsewhere/package.json', '{}', 2);
  await workspace.closeDocument(pathIn('tsconfig.json'));
  await settle();
  expect(discovered).toEqual([]);
  expect(workspace.snapshot).toBe(snapshot);
});

test('a manifest that is new to the workspace is found when it is opened', async () => {
  const { workspace, files } = await projectOf(MANIFEST, FACTS);
  files.set(pathIn('other/package.json'), '{}');
  await workspace.openDocument(pathIn('other/package.json'), '{ "name": "other" }', 1);
  expect(workspace.snapshot.manifests.get(pathIn('other/package.json'))?.manifest.name).toBe('other');
});

test('a folder where the check is turned off has no project', async () => {
  const { snapshot } = await projectOf(MANIFEST, { ...FACTS, settings: { enable: false } });
  expect(snapshot.projects).toEqual([]);
});

test('folders that are closed take their projects with them', async () => {
  const { workspace } = await projectOf(MANIFEST, FACTS);
  await workspace.setFolders([]);
  expect(workspace.snapshot.projects).toEqual([]);
  expect(workspace.snapshot.manifests.size).toBe(0);
});

test('each folder has its own settings', async () => {
  const { workspace } = await projectOf(
    `-- a/package.json --
{ "name": "a" }
-- b/package.json --
{ "name": "b" }
`,
  );
  await workspace.setFolders([folderOf(`${ROOT}/a`, { settings: { inline: 'off' } }), folderOf(`${ROOT}/b`)]);
  expect(workspace.snapshot.projects.map(({ layout, settings }) => [layout.root, settings.inline])).toEqual([
    [`${ROOT}/a`, 'off'],
    [`${ROOT}/b`, 'attention'],
  ]);
});
