import { expect, test } from 'vitest';

import { dependencyTree } from '../../server/src/features/dependency-tree.ts';
import { checkDiagnostics, foundIn } from '../support/check-diagnostics.ts';
import { packageLockOf, projectOf } from '../support/project-of.ts';

const PNPM = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.2.0
packages:
  a@1.2.0:
    resolution: {integrity: sha512-AAAA}
`;

test('a line waits for an install when its lockfile was made for another range, though its version would do', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": {
  "a": "^1.1.0"
        ^^^^^^ information waiting-for-install: ^1.1.0 written, the lockfile was made for ^1.0.0 and has 1.2.0. Run: pnpm install
} }
-- pnpm-lock.yaml --
${PNPM}snapshots:
  a@1.2.0: {}
`,
    {},
  ));

test('a peer that is a development dependency too is asked for by another range without any drift', () =>
  checkDiagnostics('{ "devDependencies": { "a": "^1.2.0" }, "peerDependencies": { "a": "^1.0.0" } }', {
    installed: { a: '1.2.0 dev' },
  }));

test('a line that follows its override by its name waits like any other', () =>
  checkDiagnostics(
    `{ "dependencies": {
  "a": "^2.0.0"
        ^^^^^^ information waiting-for-install: ^2.0.0 written, the lockfile still has 1.2.0. Run: npm install
}, "overrides": { "b": { "a": "$a" } } }`,
    { installed: { a: '1.2.0', b: '1.0.0 needs a' }, lockedFor: { a: '^1.0.0' } },
  ));

test('what a manifest no longer asks for is told in the lockfile, once for each member', () =>
  checkDiagnostics(
    `-- package.json --
{ "workspaces": ["packages/*"] }
-- packages/m/package.json --
{ "name": "m", "dependencies": { "c": "^1.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "workspaces": ["packages/*"] },
  "packages/m": { "name": "m", "dependencies": { "a": "^1.0.0", "b": "^1.0.0", "c": "^1.0.0" } },
  "node_modules/m": { "resolved": "packages/m", "link": true },
  "node_modules/a": { "version": "1.0.0" },
   ^^^^^^^^^^^^^^ information not-asked-for: packages/m/package.json no longer asks for a, b, which package-lock.json still holds for it. Run: npm install.
  "node_modules/b": { "version": "1.0.0" },
  "node_modules/c": { "version": "1.0.0" }
} }`,
    {},
  ));

test('a manifest that is typed halfway may ask for anything', async () => {
  const { annotations } = await foundIn(
    `-- package.json --
{ "dependencies": { "b":
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "a": "^1.0.0" } },
  "node_modules/a": { "version": "1.0.0" }, "node_modules/z": { "version": "1.0.0" }
} }`,
    {},
  );
  expect(annotations.map(({ code }) => code)).not.toContain('not-asked-for');
  expect(annotations.map(({ code }) => code)).not.toContain('unreached');
});

test('entries that nobody asks for are one issue at the first of them, with their number', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": {
  "": { "dependencies": { "a": "^1.0.0" } },
  "node_modules/a": { "version": "1.0.0" },
  "node_modules/w": { "version": "4.0.0", "extraneous": true },
   ^^^^^^^^^^^^^^ information unreached: package-lock.json has 4 entries that nobody asks for: w 4.0.0, x 3.0.0, y 2.0.0 and 1 more. Run: npm install.
  "node_modules/x": { "version": "3.0.0", "dependencies": { "y": "*" } },
  "node_modules/y": { "version": "2.0.0", "dependencies": { "x": "*" } },
  "node_modules/z": { "version": "1.0.0" }
} }`,
    {},
  ));

const PEER = '"peerDependencies": { "p": "*" }, "peerDependenciesMeta": { "p": { "optional": true } }';

test.each([
  [
    'an optional peer of another package',
    `"node_modules/a": { "version": "1.0.0", ${PEER} }, "node_modules/p": { "version": "1.0.0" }`,
  ],
  [
    'a package in the archive of another one',
    '"node_modules/a": { "version": "1.0.0" }, "node_modules/a/node_modules/p": { "version": "1.0.0", "inBundle": true }',
  ],
  [
    'what a linked folder outside of the project asks for',
    '"node_modules/a": { "resolved": "../a", "link": true }, "../a": { "devDependencies": { "p": "*" } }, "../a/node_modules/p": { "version": "1.0.0" }',
  ],
])('%s is not called unreached', (_, packages) =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": { "a": "*" } }
-- package-lock.json --
{ "lockfileVersion": 3, "packages": { "": { "dependencies": { "a": "*" } }, ${packages} } }`,
    {},
  ),
);

const YARN = `# yarn lockfile v1


a@^1.0.0:
  version "1.0.0"

b@^1.0.0:
  version "1.0.0"
`;

test('yarn 1 says who asks for what in the manifests: an entry that none of them leads to is unreached', () =>
  checkDiagnostics(
    `-- package.json --
{ "dependencies": { "a": "^1.0.0" } }
-- yarn.lock --
${YARN.replace('b@^1.0.0:\n', 'b@^1.0.0:\n^^^^^^^^ information unreached: yarn.lock has 1 entry that nobody asks for: b 1.0.0. Run: yarn install.\n')}`,
    {},
  ));

test('where a member may have been left out nothing is called unreached', async () => {
  const files = `-- package.json --
{ "workspaces": ["packages/*"], "dependencies": { "a": "^1.0.0" } }
-- packages/one/package.json --
{ "name": "one" }
-- packages/two/package.json --
{ "name": "two", "dependencies": { "b": "^1.0.0" } }
-- yarn.lock --
${YARN}`;
  const whole = await projectOf(files);
  expect(whole.project.hygiene).toEqual([]);
  const part = await projectOf(files, { isExcluded: (path) => path.endsWith('/two') });
  expect(part.project.hygiene).toEqual([]);
});

const NPM = packageLockOf(new Map([['package.json', '{}']]), {});

test.each([
  [
    '"packageManager": "pnpm@10.0.0"',
    'package-lock.json is not used: pnpm-lock.yaml beside it decides, because package.json names pnpm as its package manager. Delete package-lock.json.',
  ],
  [
    '"private": true',
    'package-lock.json is not used: pnpm-lock.yaml beside it decides, because package.json names no package manager and pnpm-lock.yaml is looked for first. Delete the one that you do not install with, and name the other\'s package manager in "packageManager".',
  ],
])('with %s a second lockfile says why it is not used and which one to delete', (field, message) =>
  checkDiagnostics(
    `-- package.json --
{ ${field}, "dependencies": { "a": "^1.0.0" } }
-- pnpm-lock.yaml --
${PNPM}snapshots:
  a@1.2.0: {}
-- package-lock.json --
${NPM.replace('\n', `\n^ information second-lockfile: ${message}\n`)}`,
    {},
  ),
);

test('two lockfiles of one package manager are no drift: it has a rule for them', async () => {
  const { project } = await projectOf(
    `-- package.json --\n{}\n-- npm-shrinkwrap.json --\n${NPM}\n-- package-lock.json --\n${NPM}`,
  );
  expect(project.hygiene).toEqual([]);
});

test('drift has a level of its own and can be turned off', async () => {
  const text = `-- package.json --\n{ "dependencies": { "a": "^1.0.0" } }\n-- yarn.lock --\n${YARN}`;
  const { annotations } = await foundIn(text, { settings: { severity: { drift: 'off' } } });
  expect(annotations).toEqual([]);
});

test('the tree names what is out of order, apart from what waits', async () => {
  const text = `-- package.json --\n{ "dependencies": { "a": "^1.0.0", "new": "^1.0.0" } }\n-- yarn.lock --\n${YARN}`;
  const { snapshot } = await projectOf(text);
  const { groups } = dependencyTree(snapshot, { grouping: 'action', filter: '' }, (path) => path);
  expect(groups.filter(({ id }) => id !== 'unchecked').map(({ label, items }) => [label, items[0]?.label])).toEqual([
    ['Waiting for install', 'new'],
    ['Out of order', 'yarn.lock'],
  ]);
});
