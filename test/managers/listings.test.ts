import { expect, test } from 'vitest';

import { nodeFiles } from '../../server/src/io/node-files.ts';
import { cliWorld } from '../support/cli-world.ts';
import { listedWorkspace, type WorkspaceDialect } from '../support/listed-workspace.ts';
import { runManager, type ManagerTool } from '../support/package-manager.ts';
import {
  bunListing,
  npmListing,
  pnpmListing,
  provenderListing,
  yarnListing,
  yarnOneListing,
  type ToolListing,
} from '../support/tool-listing.ts';

interface ListedBy {
  readonly what: string;
  readonly tool: ManagerTool;
  readonly install: readonly string[];
  readonly list: readonly string[];
  readonly read: (printed: string) => ToolListing;
  readonly dialect: WorkspaceDialect;
  /** What the lockfile holds and the tool does not list, since this platform does not get it. */
  readonly unlisted?: readonly string[];
}

const WORKSPACES = { workspaces: ['packages/*'] };
const NPM = {
  tool: 'npm',
  list: ['ls', '--all', '--long', '--json', '--package-lock-only'],
  read: npmListing,
  dialect: { root: { ...WORKSPACES, overrides: { pinned: '1.0.0' } }, member: '1.0.0' },
} as const;
const PNPM_SETTINGS = `packages:
  - packages/*
overrides:
  pinned: 1.0.0
patchedDependencies:
  patched@1.0.0: patches/patched.patch
`;
const PNPM = {
  list: ['ls', '-r', '--depth', 'Infinity', '--json'],
  read: pnpmListing,
  dialect: { root: {}, member: 'workspace:*', settings: PNPM_SETTINGS },
} as const;
const NPM_LOCK_ONLY = ['install', '--package-lock-only'];

/** Before version 10.5 all of pnpm's settings stand in the manifest. */
const OLD_PNPM = {
  ...PNPM,
  install: ['install', '--ignore-scripts'],
  dialect: {
    root: {
      pnpm: { overrides: { pinned: '1.0.0' }, patchedDependencies: { 'patched@1.0.0': 'patches/patched.patch' } },
    },
    member: 'workspace:*',
    settings: 'packages:\n  - packages/*\n',
  },
} as const;

const MANAGERS: readonly ListedBy[] = [
  { ...NPM, what: 'npm', install: NPM_LOCK_ONLY },
  { ...NPM, what: 'npm with lockfile version 2', install: [...NPM_LOCK_ONLY, '--lockfile-version=2'] },
  { ...NPM, what: 'npm with lockfile version 1', install: [...NPM_LOCK_ONLY, '--lockfile-version=1'] },
  { ...OLD_PNPM, what: 'pnpm 7', tool: 'pnpm 7' },
  { ...OLD_PNPM, what: 'pnpm 8', tool: 'pnpm 8' },
  { ...PNPM, what: 'pnpm 10', tool: 'pnpm', install: ['install', '--ignore-scripts'] },
  {
    ...PNPM,
    what: 'pnpm 11',
    tool: 'pnpm 11',
    install: ['install', '--lockfile-only'],
    list: [...PNPM.list, '--lockfile-only'],
  },
  {
    what: 'yarn 1',
    tool: 'yarn 1',
    install: ['install', '--ignore-scripts', '--non-interactive'],
    list: ['list', '--json'],
    read: yarnOneListing,
    dialect: { root: { ...WORKSPACES, resolutions: { pinned: '1.0.0' } }, member: '1.0.0' },
  },
  {
    what: 'yarn 4',
    tool: 'yarn',
    install: ['install', '--mode=update-lockfile', '--no-immutable'],
    list: ['info', '-A', '-R', '--json'],
    read: yarnListing,
    dialect: {
      root: { ...WORKSPACES, resolutions: { pinned: '1.0.0' } },
      member: 'workspace:*',
      patched: 'patch:patched@npm%3A1.0.0#./patches/patched.patch',
    },
  },
  {
    what: 'bun',
    tool: 'bun',
    install: ['install', '--ignore-scripts'],
    list: ['pm', 'ls', '--all'],
    read: bunListing,
    dialect: {
      root: {
        ...WORKSPACES,
        overrides: { pinned: '1.0.0' },
        patchedDependencies: { 'patched@1.0.0': 'patches/patched.patch' },
      },
      member: 'workspace:*',
    },
    unlisted: ['elsewhere@1.0.0', 'foreign@1.0.0'],
  },
];

test.each(MANAGERS)('a lockfile of $what holds what the tool lists', { timeout: 120_000 }, async (manager) => {
  const { tool, install, list, read, dialect, unlisted = [] } = manager;
  const { folder, registry } = await listedWorkspace(tool, install, dialect);
  const listed = read(await runManager(tool, list, folder, registry));
  const ours = await ownListing(folder);
  expect(ours.packages.filter((id) => !unlisted.includes(id))).toEqual(listed.packages);
  expect(ours.packages).toEqual(expect.arrayContaining([...unlisted]));
  if (listed.direct) expect(ours.direct).toEqual(listed.direct);
  if (listed.dev) expect(ours.dev).toEqual(listed.dev);
});

/** What `provender list` says of the same folder. */
async function ownListing(folder: string): Promise<Required<ToolListing>> {
  const { code, stdout } = await cliWorld({ disk: nodeFiles, cwd: folder }).run('list', '.', '--format', 'json');
  expect([code, [...stdout.matchAll(/"message": .*/g)].join()]).toEqual([0, '']);
  return provenderListing(stdout);
}
