import { expect, test } from 'vitest';

import { projectOf } from '../support/project-of.ts';

/** Two members with different versions of one package, as each package manager locks them. */
const LOCKS: Readonly<Record<string, string>> = {
  npm: `-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "workspaces": ["packages/*"] },
  "packages/a": { "name": "a", "dependencies": { "left": "^1.0.0" } },
  "packages/b": { "name": "b", "dependencies": { "left": "^2.0.0" } },
  "node_modules/a": { "resolved": "packages/a", "link": true },
  "node_modules/b": { "resolved": "packages/b", "link": true },
  "node_modules/left": { "version": "1.0.1" },
  "packages/b/node_modules/left": { "version": "2.0.1" } } }
`,
  pnpm: `-- pnpm-workspace.yaml --
packages: [packages/*]
-- pnpm-lock.yaml --
lockfileVersion: '9.0'
importers:
  .: {}
  packages/a:
    dependencies:
      left: { specifier: ^1.0.0, version: 1.0.1 }
  packages/b:
    dependencies:
      left: { specifier: ^2.0.0, version: 2.0.1 }
packages:
  left@1.0.1: { resolution: { integrity: sha512-AAAA } }
  left@2.0.1: { resolution: { integrity: sha512-BBBB } }
snapshots:
  left@1.0.1: {}
  left@2.0.1: {}
`,
  'yarn 1': `-- yarn.lock --
# yarn lockfile v1


left@^1.0.0:
  version "1.0.1"

left@^2.0.0:
  version "2.0.1"
`,
  'yarn 4': `-- yarn.lock --
__metadata:
  version: 8

"a@workspace:packages/a":
  version: 0.0.0-use.local
  resolution: "a@workspace:packages/a"
  dependencies:
    left: "npm:^1.0.0"
  languageName: unknown
  linkType: soft

"b@workspace:packages/b":
  version: 0.0.0-use.local
  resolution: "b@workspace:packages/b"
  dependencies:
    left: "npm:^2.0.0"
  languageName: unknown
  linkType: soft

"left@npm:^1.0.0":
  version: 1.0.1
  resolution: "left@npm:1.0.1"
  languageName: node
  linkType: hard

"left@npm:^2.0.0":
  version: 2.0.1
  resolution: "left@npm:2.0.1"
  languageName: node
  linkType: hard
`,
  bun: `-- bun.lock --
{
  "lockfileVersion": 1,
  "workspaces": {
    "": {},
    "packages/a": { "name": "a", "dependencies": { "left": "^1.0.0" } },
    "packages/b": { "name": "b", "dependencies": { "left": "^2.0.0" } },
  },
  "packages": {
    "a": ["a@workspace:packages/a"],
    "b": ["b@workspace:packages/b"],
    "left": ["left@1.0.1", "", {}, "sha512-AAAA"],
    "b/left": ["left@2.0.1", "", {}, "sha512-BBBB"],
  }
}
`,
};

test.each(Object.entries(LOCKS))('the members of %s have what their own importer says', async (_, lock) => {
  const { manifest, project } = await projectOf(
    `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/a/package.json --
{ "name": "a", "dependencies": { "left": "^1.0.0" } }
-- packages/b/package.json --
{ "name": "b", "dependencies": { "left": "^2.0.0" } }
${lock}`,
  );
  const lineOf = (member: string): unknown[] => {
    const [line] = manifest(`packages/${member}/package.json`).lines;
    return [line?.version, line?.isLocked, line?.pending];
  };
  expect(project.layout.lockfile).toBeDefined();
  expect(lineOf('a')).toEqual(['1.0.1', true, undefined]);
  expect(lineOf('b')).toEqual(['2.0.1', true, undefined]);
});
