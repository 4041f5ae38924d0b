import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { npm } from '../../server/src/ecosystems/npm/index.ts';
import { runManager, type ManagerTool } from '../support/package-manager.ts';
import { startPackageRegistry } from '../support/package-registry.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const HOUR_MS = 3_600_000;

interface Gated {
  readonly tool: ManagerTool;
  readonly document: string;
  readonly setting: string;
  readonly args: readonly string[];
  readonly lockfile: string;
}

const PNPM_11: Gated = {
  tool: 'pnpm 11',
  document: 'pnpm-workspace.yaml',
  setting: 'minimumReleaseAge: 4320\n',
  args: ['install', '--lockfile-only', '--no-frozen-lockfile'],
  lockfile: 'pnpm-lock.yaml',
};

const GATED: readonly Gated[] = [
  {
    tool: 'npm',
    document: '.npmrc',
    setting: 'min-release-age=3\n',
    args: ['install', '--package-lock-only'],
    lockfile: 'package-lock.json',
  },
  {
    tool: 'pnpm',
    document: 'pnpm-workspace.yaml',
    setting: 'minimumReleaseAge: 4320\n',
    args: ['install', '--lockfile-only', '--no-frozen-lockfile'],
    lockfile: 'pnpm-lock.yaml',
  },
  PNPM_11,
  { ...PNPM_11, setting: 'minimumReleaseAgeStrict: true\n' },
  {
    tool: 'yarn',
    document: '.yarnrc.yml',
    setting: '# what waits by default\n',
    args: ['install', '--mode=update-lockfile', '--no-immutable'],
    lockfile: 'yarn.lock',
  },
  {
    tool: 'yarn',
    document: '.yarnrc.yml',
    setting: 'npmMinimalAgeGate: 3d\n',
    args: ['install', '--mode=update-lockfile', '--no-immutable'],
    lockfile: 'yarn.lock',
  },
];

async function gatedProject({ tool, document, setting, args, lockfile }: Gated) {
  const registry = await startPackageRegistry({ a: { '1.0.0': {}, '1.1.0': {} } }, undefined, (_, version) =>
    version === '1.1.0' ? Date.now() - 2 * HOUR_MS : undefined,
  );
  const folder = scratchFolder();
  const manifest = { name: 'shop', version: '1.0.0', dependencies: { a: '1.1.0' } };
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
  const path = join(folder, document);
  writeFileSync(path, setting);
  const installs = async (): Promise<boolean> => {
    const ran = await runManager(tool, args, folder, registry.base).then(
      () => true,
      () => false,
    );
    return ran && existsSync(join(folder, lockfile)) && readFileSync(join(folder, lockfile), 'utf8').includes('1.1.0');
  };
  return { path, installs };
}

test.each(GATED)(
  '$tool takes what "$setting" held back once our edit lets it through',
  { timeout: 120_000 },
  async (gated) => {
    const { path, installs } = await gatedProject(gated);
    expect(await installs()).toBe(false);
    const gate = { minimumAgeMs: 72 * HOUR_MS, before: undefined, excluded: [], excludeIn: path };
    const exclusion = npm.letThrough(gate, { name: 'a', version: '1.1.0' });
    const replacements = exclusion?.edit.replacements(gated.setting) ?? [];
    expect(replacements).toHaveLength(1);
    writeFileSync(path, gated.setting + (replacements[0]?.newText ?? ''));
    expect(await installs()).toBe(true);
  },
);

test('what pnpm 11 waits by default holds back nothing that a manifest asks for', { timeout: 120_000 }, async () => {
  const { installs } = await gatedProject({ ...PNPM_11, setting: '# nothing\n' });
  expect(await installs()).toBe(true);
});
