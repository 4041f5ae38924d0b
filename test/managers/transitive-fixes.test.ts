import { mkdirSync, readFileSync, writeFileSync, existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { Action } from '../../server/src/features/code-actions/action.ts';
import { codeActions } from '../../server/src/features/code-actions/code-actions.ts';
import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { runManager } from '../support/package-manager.ts';
import { startPackageRegistry, type Published } from '../support/package-registry.ts';
import { pathIn, projectOf, ROOT } from '../support/project-of.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

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

const LOCKFILES = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml' } as const;
const LOCK_ONLY = {
  npm: ['install', '--package-lock-only'],
  pnpm: ['install', '--lockfile-only', '--no-frozen-lockfile'],
} as const;
const FROZEN = { npm: ['ci'], pnpm: ['install', '--frozen-lockfile'] } as const;

type Manager = keyof typeof LOCKFILES;

/** Lets a real package manager write the lockfile of a manifest, which first holds the affected version down. */
async function lockedProject(
  manager: Manager,
  dependencies: Readonly<Record<string, string>>,
  more: { readonly files?: Readonly<Record<string, string>>; readonly hold?: boolean } = {},
): Promise<{ folder: string; registry: Awaited<ReturnType<typeof startPackageRegistry>> }> {
  const registry = await startPackageRegistry(PUBLISHED);
  const folder = scratchFolder();
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(more.files ?? {})) writeFileSync(join(folder, name), text);
  const manifest = (asked: object): void =>
    writeFileSync(
      join(folder, 'package.json'),
      `${JSON.stringify({ name: 'shop', version: '1.0.0', dependencies: asked }, undefined, 2)}\n`,
    );
  if (more.hold === true) {
    manifest({ ...dependencies, deep: '1.0.1' });
    await runManager(manager, LOCK_ONLY[manager], folder, registry.base);
  }
  manifest(dependencies);
  await runManager(manager, LOCK_ONLY[manager], folder, registry.base);
  return { folder, registry };
}

async function offered(
  manager: Manager,
  { folder, registry }: Awaited<ReturnType<typeof lockedProject>>,
): Promise<Action[]> {
  const names = ['package.json', 'pnpm-workspace.yaml', LOCKFILES[manager]].filter((name) =>
    existsSync(join(folder, name)),
  );
  const text = names.map((name) => `-- ${name} --\n${readFileSync(join(folder, name), 'utf8')}`).join('');
  const { project, manifest } = await projectOf(text, {
    registry: registry.facts,
    advisories: [{ id: 'GHSA-deep', package: 'deep', versions: '>=0 <1.0.2', severity: 'high' }],
  });
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const actions = codeActions(manifest(), project, { range: whole, only: ['quickfix'], canPrepareInstall: true });
  return actions.filter(({ title }) => /Refresh|Override|Put|Upgrade/.test(title));
}

function apply(folder: string, { edits, late = [] }: Action): void {
  for (const { path, replacements } of late) {
    const file = join(folder, path.slice(ROOT.length));
    const text = readFileSync(file, 'utf8');
    replace(file, text, replacements(text) ?? []);
  }
  for (const edit of edits) {
    expect(edit.path).toBe(pathIn('package.json'));
    const file = join(folder, 'package.json');
    replace(file, readFileSync(file, 'utf8'), [edit]);
  }
}

function replace(
  file: string,
  text: string,
  edits: readonly { span: { start: number; end: number }; newText: string }[],
): void {
  const last = edits.toSorted((a, b) => b.span.start - a.span.start);
  writeFileSync(
    file,
    last.reduce((before, { span, newText }) => before.slice(0, span.start) + newText + before.slice(span.end), text),
  );
}

/** The versions of `deep` that the lockfile on disk holds. */
function installed(manager: Manager, folder: string): string[] {
  const path = join(folder, LOCKFILES[manager]);
  const { value } = npm.parseLockfile(path, readFileSync(path, 'utf8'));
  return value.entries
    .filter(({ name }) => name === 'deep')
    .map(({ version }) => version)
    .sort();
}

const MANAGERS: readonly Manager[] = ['npm', 'pnpm'];

test.each(MANAGERS)('%s installs a refreshed lockfile as it is', { timeout: 120_000 }, async (manager) => {
  const project = await lockedProject(manager, { loose: '^1.0.0' }, { hold: true });
  expect(installed(manager, project.folder)).toEqual(['1.0.1']);
  const [action, ...others] = await offered(manager, project);
  expect([action?.title, others]).toEqual(['Refresh deep 1.0.1 to 1.0.2 in the lockfile (clears 1 advisory)', []]);
  if (action) apply(project.folder, action);
  expect(installed(manager, project.folder)).toEqual(['1.0.2']);
  await runManager(manager, FROZEN[manager], project.folder, project.registry.base);
  const path = manager === 'npm' ? 'node_modules/deep' : 'node_modules/.pnpm/deep@1.0.2/node_modules/deep';
  expect(readFileSync(join(project.folder, path, 'package.json'), 'utf8')).toContain('"version":"1.0.2"');
});

test.each(MANAGERS)('%s finds nothing affected below a bumped parent', { timeout: 120_000 }, async (manager) => {
  const project = await lockedProject(manager, { strict: '^1.0.0' });
  expect(installed(manager, project.folder)).toEqual(['1.0.1']);
  const [action] = await offered(manager, project);
  expect(action?.title).toBe(`Upgrade strict to 2.0.0 (clears 1 advisory, major step; then ${manager} install)`);
  if (action) apply(project.folder, action);
  await runManager(manager, LOCK_ONLY[manager], project.folder, project.registry.base);
  expect(installed(manager, project.folder)).toEqual(['1.0.2']);
});

const OVERRIDES = [
  ['npm', 'one parent', { stuck: '1.0.0', other: '1.0.0' }, undefined, ['1.0.2', '2.0.0']],
  ['npm', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['pnpm', 'one parent', { stuck: '1.0.0', other: '1.0.0' }, undefined, ['1.0.2', '2.0.0']],
  ['pnpm', 'two parents', { stuck: '1.0.0', strict: '1.0.0' }, undefined, ['1.0.2']],
  ['pnpm', 'settings in YAML', { stuck: '1.0.0', other: '1.0.0' }, 'packages:\n  - packages/*\n', ['1.0.2', '2.0.0']],
  ['pnpm', 'rules in YAML', { stuck: '1.0.0' }, 'overrides:\n  unused: 1.0.0 # kept\n', ['1.0.2']],
] as const;

test.each(OVERRIDES)(
  '%s obeys the override for %s',
  { timeout: 120_000 },
  async (manager, _what, asked, yaml, after) => {
    const files = yaml === undefined ? {} : { 'pnpm-workspace.yaml': yaml };
    const project = await lockedProject(manager, asked, { files });
    const action = (await offered(manager, project)).find(({ title }) => title.startsWith('Override'));
    expect(action?.title).toMatch(/^Override deep 1\.0\.1 to 1\.0\.2.* \(clears 1 advisory; then p?npm install\)$/);
    if (action) apply(project.folder, action);
    await runManager(manager, LOCK_ONLY[manager], project.folder, project.registry.base);
    expect(installed(manager, project.folder)).toEqual(after);
  },
);
