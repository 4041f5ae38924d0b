import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import {
  apply,
  FROZEN,
  installed,
  LOCK_ONLY,
  lockedProject,
  offered,
  type Manager,
} from '../support/locked-project.ts';
import { runManager } from '../support/package-manager.ts';
import type { Published } from '../support/package-registry.ts';

/** `deep` is affected below 1.0.2, and each of the others brings it in in a way that another fix is for. */
const PUBLISHED: Published = {
  deep: { '1.0.0': {}, '1.0.1': {}, '1.0.2': {}, '2.0.0': {} },
  loose: { '1.0.0': { dependencies: { deep: '^1.0.0' } } },
  strict: {
    '1.0.0': { dependencies: { deep: '1.0.1' } },
    '1.1.0': { dependencies: { deep: '1.0.1' } },
    '2.0.0': { dependencies: { deep: '^1.0.2' } },
  },
  stuck: { '1.0.0': { dependencies: { deep: '~1.0.0 <1.0.2' } } },
  other: { '1.0.0': { dependencies: { deep: '^2.0.0' } } },
};

const MANAGERS: readonly Manager[] = ['npm', 'pnpm', 'yarn 1', 'yarn', 'bun'];

test.each(MANAGERS)('%s installs a refreshed lockfile as it is', { timeout: 120_000 }, async (manager) => {
  const project = await lockedProject(manager, PUBLISHED, { loose: '^1.0.0' }, { hold: true });
  expect(installed(manager, project.folder)).toEqual(['1.0.1']);
  const [action, ...others] = await offered(manager, project);
  expect([action?.title, others]).toEqual(['Refresh deep 1.0.1 to 1.0.2 in the lockfile (clears 1 advisory)', []]);
  if (action) apply(project.folder, action);
  expect(installed(manager, project.folder)).toEqual(['1.0.2']);
  await runManager(manager, FROZEN[manager], project.folder, project.registry.base);
  const path = manager === 'pnpm' ? 'node_modules/.pnpm/deep@1.0.2/node_modules/deep' : 'node_modules/deep';
  expect(readFileSync(join(project.folder, path, 'package.json'), 'utf8')).toContain('"version":"1.0.2"');
});

test.each(MANAGERS)('%s finds nothing affected below a bumped parent', { timeout: 120_000 }, async (manager) => {
  const project = await lockedProject(manager, PUBLISHED, { strict: '^1.0.0' });
  expect(installed(manager, project.folder)).toEqual(['1.0.1']);
  const [action] = await offered(manager, project);
  expect(action?.title).toBe(
    `Upgrade strict to 2.0.0 (clears 1 advisory, major step; then ${manager.split(' ')[0] ?? ''} install)`,
  );
  if (action) apply(project.folder, action);
  await runManager(manager, LOCK_ONLY[manager], project.folder, project.registry.base);
  expect(installed(manager, project.folder)).toEqual(['1.0.2']);
});

const OVERRIDES = [
  ['npm', 'one parent', { stuck: '1.0.0', other: '1.0.0' }, undefined, ['1.0.2', '2.0.0']],
  ['npm', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['pnpm', 'one parent', { stuck: '1.0.0', other: '1.0.0' }, undefined, ['1.0.2', '2.0.0']],
  ['pnpm', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['pnpm 8', 'one parent', { stuck: '1.0.0', other: '1.0.0' }, 'packages:\n  - packages/*\n', ['1.0.2', '2.0.0']],
  ['pnpm 8', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['yarn 1', 'one parent', { stuck: '1.0.0', other: '1.0.0' }, undefined, ['1.0.2', '2.0.0']],
  ['yarn 1', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['yarn', 'one parent', { stuck: '1.0.0', other: '1.0.0' }, undefined, ['1.0.2', '2.0.0']],
  ['yarn', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['bun', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['pnpm', 'settings in YAML', { stuck: '1.0.0', other: '1.0.0' }, 'packages:\n  - packages/*\n', ['1.0.2', '2.0.0']],
  ['pnpm', 'rules in YAML', { stuck: '1.0.0' }, 'overrides:\n  unused: 1.0.0 # kept\n', ['1.0.2']],
] as const;

test.each(OVERRIDES)(
  '%s obeys the override for %s',
  { timeout: 120_000 },
  async (manager, _what, asked, yaml, after) => {
    const files = yaml === undefined ? {} : { 'pnpm-workspace.yaml': yaml };
    const project = await lockedProject(manager, PUBLISHED, asked, { files });
    const action = (await offered(manager, project)).find(({ title }) => title.startsWith('Override'));
    expect(action?.title).toMatch(/^Override deep 1\.0\.1 to 1\.0\.2.* \(clears 1 advisory; then \w+ install\)$/);
    if (action) apply(project.folder, action);
    await runManager(manager, LOCK_ONLY[manager], project.folder, project.registry.base);
    expect(installed(manager, project.folder)).toEqual(after);
  },
);

test(
  'pnpm obeys an override in the manifest that has some, though it may have settings in YAML',
  { timeout: 120_000 },
  async () => {
    const project = await lockedProject(
      'pnpm',
      PUBLISHED,
      { stuck: '1.0.0', other: '1.0.0' },
      {
        files: { 'pnpm-workspace.yaml': 'packages:\n  - packages/*\n' },
        manifest: { pnpm: { overrides: { unused: '1.0.0' } } },
      },
    );
    const action = (await offered('pnpm', project)).find(({ title }) => title.startsWith('Override'));
    if (action) apply(project.folder, action);
    await runManager('pnpm', LOCK_ONLY.pnpm, project.folder, project.registry.base);
    expect(installed('pnpm', project.folder)).toEqual(['1.0.2', '2.0.0']);
  },
);
