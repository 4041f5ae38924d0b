import { describe, expect, test } from 'vitest';

import { isDevelopmentOnly } from '../../server/src/core/package.ts';
import type { LineView } from '../../server/src/workspace/snapshot.ts';
import { projectOf, ROOT, type TestProject } from '../support/project-of.ts';

const CLASSIC = `-- yarn.lock --
# yarn lockfile v1


a@^1.0.0:
  version "1.2.3"
  resolved "https://registry.example/a/-/a-1.2.3.tgz#0"
  integrity sha512-a
  dependencies:
    deep "^1.0.0"

deep@^1.0.0:
  version "1.0.0"
  resolved "https://registry.example/deep/-/deep-1.0.0.tgz#0"
  integrity sha512-deep
`;

const BERRY = `-- yarn.lock --
__metadata:
  version: 8

"a@npm:^1.0.0":
  version: 1.2.3
  resolution: "a@npm:1.2.3"
  dependencies:
    deep: "npm:^1.0.0"
  languageName: node
  linkType: hard

"deep@npm:^1.0.0":
  version: 1.0.0
  resolution: "deep@npm:1.0.0"
  languageName: node
  linkType: hard

"member@workspace:packages/member":
  version: 0.0.0-use.local
  resolution: "member@workspace:packages/member"
  dependencies:
    a: "npm:^1.0.0"
  languageName: unknown
  linkType: soft

"root@workspace:.":
  version: 0.0.0-use.local
  resolution: "root@workspace:."
  dependencies:
    a: "npm:^1.0.0"
  languageName: unknown
  linkType: soft
`;

const ROOT_MANIFEST = `-- package.json --
{ "name": "root", "workspaces": ["packages/*"], "devDependencies": { "a": "^1.0.0" } }
`;
const MEMBER_MANIFEST = `-- packages/member/package.json --
{ "name": "member", "devDependencies": { "a": "^1.0.0" } }
`;

function lineOf({ manifest }: TestProject, path = 'package.json'): LineView | undefined {
  return manifest(path).lines[0];
}

function waiting(line: LineView | undefined): unknown {
  return [line?.version, line?.isLocked, line?.pending];
}

describe.each([
  ['yarn 1', CLASSIC],
  ['yarn 4', BERRY],
])('a workspace of %s', (_, lock) => {
  const text = ROOT_MANIFEST + MEMBER_MANIFEST + lock;

  test('has the installed version on the lines of its root and of its members', async () => {
    const project = await projectOf(text);
    expect(project.project.layout).toMatchObject({ lockfile: `${ROOT}/yarn.lock`, installCommand: 'yarn install' });
    expect(project.project.manifests.map(({ importer }) => importer)).toEqual(['.', 'packages/member']);
    expect(waiting(lineOf(project))).toEqual(['1.2.3', true, undefined]);
    expect(waiting(lineOf(project, 'packages/member/package.json'))).toEqual(['1.2.3', true, undefined]);
  });

  test('tells development, direct dependencies and the shortest way to the others', async () => {
    const { installed } = (await projectOf(text)).project;
    const deep = installed.packages.findIndex(({ subject }) => subject.name === 'deep');
    expect(installed.packages.map(({ direct }) => direct)).toEqual([true, false]);
    expect(installed.packages.every(({ scopes }) => isDevelopmentOnly(scopes))).toBe(true);
    const [route] = installed.routes.routesTo(installed.packages[deep]?.entries ?? []);
    expect(route && installed.routes.namesOf(route)).toEqual(['a', 'deep']);
  });

  test('says on an edited line what is still installed', async () => {
    const edited = text.replace(
      '"devDependencies": { "a": "^1.0.0" } }\n-- packages',
      '"devDependencies": { "a": "^2.0.0" } }\n-- packages',
    );
    const project = await projectOf(edited);
    expect(waiting(lineOf(project))).toEqual(['1.2.3', true, { written: '^2.0.0', locked: '1.2.3' }]);
    expect(waiting(lineOf(project, 'packages/member/package.json'))).toEqual(['1.2.3', true, undefined]);
  });

  test('says of a new line that it waits to be installed', async () => {
    const added = text.replace(
      '{ "name": "member", "devDependencies": {',
      '{ "name": "member", "devDependencies": { "new": "^1.0.0",',
    );
    const project = await projectOf(added);
    expect(waiting(lineOf(project, 'packages/member/package.json'))).toEqual([
      undefined,
      false,
      { written: '^1.0.0', locked: '' },
    ]);
  });

  test('does not join the lockfile anew for what a manifest says besides', async () => {
    const project = await projectOf(text);
    const before = project.project.installed;
    const manifest = `{ "name": "root", "private": true, "workspaces": ["packages/*"], "devDependencies": { "a": "^1.0.0" } }`;
    await project.workspace.openDocument(`${ROOT}/package.json`, manifest, 1);
    project.workspace.flush();
    expect(project.project.manifests[0]?.manifest.isPrivate).toBe(true);
    expect(project.project.installed).toBe(before);
  });
});
