import { expect, test } from 'vitest';
import type { DiscoverOptions } from '../../../server/src/core/ecosystem.ts';
import { discover } from '../../../server/src/ecosystems/npm/project/discover.ts';
import { memoryFiles } from '../../support/memory-files.ts';

const NOTHING: DiscoverOptions = { ceiling: undefined, exclude: () => false };
const PNPM_9 = "lockfileVersion: '9.0'\n";

/** The projects as short lines, one a project. */
async function found(texts: Record<string, string>, path: string, options: Partial<DiscoverOptions> = {}) {
  const projects = await discover(memoryFiles(texts), path, { ...NOTHING, ...options });
  return projects.map(({ root, lockfile, manifests }) => ({
    root,
    lockfile,
    importers: manifests.map(({ importer }) => importer),
  }));
}

const NPM_WORKSPACE = {
  '/w/package.json': '{"workspaces":["packages/*"]}',
  '/w/package-lock.json': '{}',
  '/w/packages/a/package.json': '{}',
  '/w/packages/a/src/index.js': '',
  '/w/packages/b/package.json': '{}',
  '/w/tools/package.json': '{}',
};

const WHOLE = { root: '/w', lockfile: '/w/package-lock.json', importers: ['.', 'packages/a', 'packages/b'] };
const TOOLS = { root: '/w/tools', lockfile: undefined, importers: ['.'] };

test('a workspace is one project, and a folder that is no member is another', async () => {
  expect(await found(NPM_WORKSPACE, '/w')).toEqual([WHOLE, TOOLS]);
});

test.each([
  '/w/packages/a',
  '/w/packages/a/src',
  '/w/packages',
  '/w/packages/a/package.json',
  '/w/packages/a/src/index.js',
])('from %s the whole workspace is found by looking upward', async (path) => {
  expect(await found(NPM_WORKSPACE, path)).toEqual([WHOLE]);
});

test('nothing above the ceiling is looked at', async () => {
  expect(await found(NPM_WORKSPACE, '/w/packages/a', { ceiling: '/w/packages/a' })).toEqual([
    { root: '/w/packages/a', lockfile: undefined, importers: ['.'] },
  ]);
  expect(await found(NPM_WORKSPACE, '/w/packages/a', { ceiling: '/w' })).toEqual([WHOLE]);
});

test('a folder that is no member does not take the lockfile of a folder above', async () => {
  expect(await found(NPM_WORKSPACE, '/w/tools')).toEqual([TOOLS]);
  expect(await found(NPM_WORKSPACE, '/w/tools/package.json')).toEqual([TOOLS]);
});

test('installed packages, version control and excluded folders are never entered', async () => {
  const texts = {
    '/w/package.json': '{}',
    '/w/node_modules/x/package.json': '{}',
    '/w/node_modules/x/package-lock.json': '{}',
    '/w/.git/package.json': '{}',
    '/w/old/package.json': '{}',
  };
  expect(await found(texts, '/w', { exclude: (path) => path === '/w/old' })).toEqual([
    { root: '/w', lockfile: undefined, importers: ['.'] },
  ]);
  expect(await found(texts, '/w/node_modules/x/package-lock.json')).toEqual([]);
});

test('members of pnpm are named by pnpm-workspace.yaml, with negated patterns', async () => {
  const texts = {
    '/w/package.json': '{}',
    '/w/pnpm-workspace.yaml': "packages:\n  - 'packages/**'\n  - '!**/fixtures/**'\n",
    '/w/pnpm-lock.yaml': PNPM_9,
    '/w/packages/a/package.json': '{}',
    '/w/packages/a/deep/b/package.json': '{}',
    '/w/packages/a/fixtures/c/package.json': '{}',
  };
  const whole = {
    root: '/w',
    lockfile: '/w/pnpm-lock.yaml',
    importers: ['.', undefined, 'packages/a', 'packages/a/deep/b'],
  };
  expect(await found(texts, '/w/packages/a/deep/b/package.json')).toEqual([whole]);
  expect(await found(texts, '/w/pnpm-lock.yaml')).toEqual([whole]);
  expect((await found(texts, '/w')).map(({ root }) => root)).toEqual(['/w', '/w/packages/a/fixtures/c']);
});

test('without a lockfile for the workspace, a member with its own rules itself', async () => {
  const texts = {
    '/w/package.json': '{"workspaces":["*"]}',
    '/w/a/package.json': '{}',
    '/w/a/package-lock.json': '{}',
    '/w/b/package.json': '{}',
  };
  expect(await found(texts, '/w')).toEqual([
    { root: '/w', lockfile: undefined, importers: ['.', 'b'] },
    { root: '/w/a', lockfile: '/w/a/package-lock.json', importers: ['.'] },
  ]);
  expect((await found(texts, '/w/a/package.json')).map(({ root }) => root)).toEqual(['/w/a']);
  expect((await found(texts, '/w/b/')).map(({ root }) => root)).toEqual(['/w']);
});

test('a lockfile of a member that the workspace overrules is named as unread', async () => {
  const [project] = await discover(
    memoryFiles({ ...NPM_WORKSPACE, '/w/packages/a/package-lock.json': '{}' }),
    '/w',
    NOTHING,
  );
  expect(project?.unread).toEqual([
    {
      path: '/w/packages/a/package-lock.json',
      reason: 'is not used, because the lockfile of the workspace lies in /w',
    },
  ]);
});

test('a lockfile without a manifest is a project', async () => {
  const texts = { '/w/package-lock.json': '{}' };
  const lone = [{ root: '/w', lockfile: '/w/package-lock.json', importers: [] }];
  expect(await found(texts, '/w')).toEqual(lone);
  expect(await found(texts, '/w/package-lock.json')).toEqual(lone);
});

test.each([
  [['npm-shrinkwrap.json', 'package-lock.json'], '{}', 'npm-shrinkwrap.json', 'npm install'],
  [['pnpm-lock.yaml', 'package-lock.json'], '{}', 'pnpm-lock.yaml', 'pnpm install'],
  [['pnpm-lock.yaml', 'package-lock.json'], '{"packageManager":"npm@11.0.0"}', 'package-lock.json', 'npm install'],
  [['package-lock.json', 'yarn.lock'], '{}', 'package-lock.json', 'npm install'],
  [['package-lock.json', 'yarn.lock'], '{"packageManager":"yarn@4.1.0"}', 'yarn.lock', 'yarn install'],
  [['bun.lock'], '{}', 'bun.lock', 'bun install'],
  [['bun.lock', 'bun.lockb'], '{}', 'bun.lock', 'bun install'],
  [['bun.lockb'], '{}', undefined, 'bun install'],
  [['package-lock.json', 'bun.lock'], '{}', 'package-lock.json', 'npm install'],
  [['package-lock.json', 'bun.lock'], '{"packageManager":"bun@1.3.0"}', 'bun.lock', 'bun install'],
  [['package-lock.json', 'bun.lockb'], '{"packageManager":"bun@1.3.0"}', undefined, 'bun install'],
  [[], '{"devEngines":{"packageManager":{"name":"pnpm"}}}', undefined, 'pnpm install'],
  [[], '{}', undefined, 'npm install'],
])('of %j with %s the lockfile is %s', async (names, manifest, lockfile, installCommand) => {
  const texts = Object.fromEntries(names.map((name) => [`/w/${name}`, name === 'pnpm-lock.yaml' ? PNPM_9 : '{}']));
  const [project] = await discover(memoryFiles({ ...texts, '/w/package.json': manifest }), '/w', NOTHING);
  expect(project).toMatchObject({ lockfile: lockfile === undefined ? undefined : `/w/${lockfile}`, installCommand });
  expect(project?.unread.map(({ path }) => path)).toEqual(
    names.filter((name) => name !== lockfile).map((name) => `/w/${name}`),
  );
});

test('the workspace of a yarn.lock is found from its members, without those that a pattern takes out', async () => {
  const texts = {
    '/w/package.json': '{"private":true,"workspaces":{"packages":["packages/*","!packages/out"],"nohoist":["**"]}}',
    '/w/yarn.lock': '# yarn lockfile v1\n',
    '/w/packages/a/package.json': '{"name":"a"}',
    '/w/packages/out/package.json': '{"name":"out"}',
  };
  const workspace = { root: '/w', lockfile: '/w/yarn.lock', importers: ['.', 'packages/a'] };
  expect(await found(texts, '/w/packages/a/package.json')).toEqual([workspace]);
  expect(await found(texts, '/w')).toEqual([
    workspace,
    { root: '/w/packages/out', lockfile: undefined, importers: ['.'] },
  ]);
});

test('what a member of yarn counts among its own members belongs to the same project, at any depth', async () => {
  const nested = {
    '/w/package.json': '{"workspaces":["packages/*"]}',
    '/w/packages/a/package.json': '{"name":"a","workspaces":["plugins/*"]}',
    '/w/packages/a/plugins/p/package.json': '{"name":"p","workspaces":["deep"]}',
    '/w/packages/a/plugins/p/deep/package.json': '{"name":"d"}',
    '/w/packages/a/test/package.json': '{"name":"t"}',
  };
  const texts = { ...nested, '/w/yarn.lock': '__metadata:\n  version: 8\n' };
  const importers = ['.', 'packages/a', 'packages/a/plugins/p', 'packages/a/plugins/p/deep'];
  const workspace = { root: '/w', lockfile: '/w/yarn.lock', importers };
  const stranger = { root: '/w/packages/a/test', lockfile: undefined, importers: ['.'] };
  expect(await found(texts, '/w')).toEqual([workspace, stranger]);
  for (const path of ['/w/yarn.lock', '/w/packages/a/plugins/p/deep/package.json', '/w/packages/a/plugins/p']) {
    expect(await found(texts, path)).toEqual([workspace]);
  }
  const ofNpm = await found({ ...nested, '/w/package-lock.json': '{}' }, '/w');
  expect(ofNpm.map(({ root }) => root)).toEqual(['/w', '/w/packages/a/plugins/p', '/w/packages/a/test']);
});

test('a lockfile that is named is taken, whatever lies beside it', async () => {
  const texts = { '/w/package.json': '{}', '/w/pnpm-lock.yaml': PNPM_9, '/w/package-lock.json': '{}' };
  const [project] = await discover(memoryFiles(texts), '/w/package-lock.json', NOTHING);
  expect(project?.lockfile).toBe('/w/package-lock.json');
});

test('what cannot be read is named with the reason', async () => {
  const texts = { '/w/package.json': '{}', '/w/pnpm-lock.yaml': 'lockfileVersion: 4\n', '/w/bun.lockb': '' };
  const [project] = await discover(memoryFiles(texts), '/w', NOTHING);
  expect(project?.lockfile).toBeUndefined();
  expect(project?.unread.map(({ reason }) => reason)).toEqual([
    'cannot be read, because its format 4 is older than 5; an install with a newer pnpm writes one that can be',
    'cannot be read, because it is binary; "bun install --save-text-lockfile" writes a bun.lock that can be',
  ]);
});

test('files that decide on registries are listed, those of the root first, those above last', async () => {
  const texts = { ...NPM_WORKSPACE, '/.npmrc': '', '/w/.npmrc': '', '/w/packages/b/.npmrc': '' };
  const files = memoryFiles(texts);
  const whole = ['/w/.npmrc', '/w/packages/b/.npmrc'];
  const configs = async (ceiling: string | undefined): Promise<(readonly string[])[]> =>
    (await discover(files, '/w', { ...NOTHING, ceiling })).map(({ registryConfigs }) => registryConfigs);
  expect(await configs('/w')).toEqual([whole, ['/w/.npmrc']]);
  expect(await configs(undefined)).toEqual([
    [...whole, '/.npmrc'],
    ['/w/.npmrc', '/.npmrc'],
  ]);
});

test('a path that does not exist holds no project', async () => {
  expect(await found(NPM_WORKSPACE, '/nowhere')).toEqual([]);
});

test('of many members and files each folder is listed once, and no member is read', async () => {
  const texts: Record<string, string> = {
    '/w/package.json': '{"workspaces":["packages/*"]}',
    '/w/package-lock.json': '{}',
  };
  for (let member = 0; member < 544; member++) {
    texts[`/w/packages/m${member}/package.json`] = '{}';
    for (let file = 0; file < 37; file++) texts[`/w/packages/m${member}/src/f${file}.js`] = '';
  }
  const files = memoryFiles(texts);
  const [project] = await discover(files, '/w', { ...NOTHING, ceiling: '/w' });
  expect(project?.manifests).toHaveLength(545);
  expect(files.calls.list).toBeLessThanOrEqual(2 + 2 * 544);
  expect(files.calls.readText).toBeLessThanOrEqual(2);
});
