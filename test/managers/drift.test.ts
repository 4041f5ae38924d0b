import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { lockedProject, type LockedProject } from '../support/locked-project.ts';
import { runManager } from '../support/package-manager.ts';
import type { Published } from '../support/package-registry.ts';
import { projectOf, type TestProject } from '../support/project-of.ts';

const PUBLISHED: Published = {
  a: { '1.0.0': { dependencies: { b: '^1.0.0' } }, '1.1.0': { dependencies: { b: '^1.0.0' } } },
  b: { '1.0.0': {} },
  c: { '1.0.0': {} },
};

/** Those that it is tried with. */
type Manager = 'npm' | 'pnpm';

const LOCKFILES = { npm: 'package-lock.json', pnpm: 'pnpm-lock.yaml' } as const;
const MANAGERS: readonly Manager[] = ['npm', 'pnpm'];

/** An entry that nobody asks for, as a merge leaves it behind. */
const LEFTOVER: Readonly<Record<Manager, (text: string) => string>> = {
  npm: (text) =>
    text.replace('"node_modules/b": {', '"node_modules/c": { "version": "1.0.0" },\n    "node_modules/b": {'),
  pnpm: (text) =>
    `${text.replace('\nsnapshots:\n', '\n  c@1.0.0:\n    resolution: {integrity: sha512-AAAA}\n\nsnapshots:\n')}\n  c@1.0.0: {}\n`,
};

async function read(manager: Manager, { folder }: LockedProject): Promise<TestProject> {
  const names = ['package.json', LOCKFILES[manager]];
  return projectOf(names.map((name) => `-- ${name} --\n${readFileSync(join(folder, name), 'utf8')}\n`).join(''));
}

function codes({ project }: TestProject): string[] {
  const waiting = project.manifests.flatMap(({ lines }) => lines.flatMap(({ pending }) => pending ?? []));
  return [...waiting.map(() => 'waiting-for-install'), ...project.hygiene.map(({ code }) => code)];
}

/** Runs the command that a message ends with, without installing anything. */
async function run(manager: Manager, message: string, { folder, registry }: LockedProject): Promise<void> {
  const args = /Run: \w+ (.*)$/.exec(message)?.[1]?.split(' ') ?? [];
  const only = manager === 'npm' ? '--package-lock-only' : '--lockfile-only';
  await runManager(
    manager,
    [...args, only, ...(args.length === 1 && manager === 'pnpm' ? ['--no-frozen-lockfile'] : [])],
    folder,
    registry.base,
  );
}

test.each(MANAGERS)(
  '%s drops what nobody asks for by the command that is named',
  { timeout: 120_000 },
  async (manager) => {
    const locked = await lockedProject(manager, PUBLISHED, { a: '^1.0.0' });
    expect(codes(await read(manager, locked))).toEqual([]);
    const path = join(locked.folder, LOCKFILES[manager]);
    writeFileSync(path, LEFTOVER[manager](readFileSync(path, 'utf8')));
    const before = await read(manager, locked);
    expect(codes(before)).toEqual(['unreached']);
    await run(manager, before.project.hygiene[0]?.message ?? '', locked);
    expect(codes(await read(manager, locked))).toEqual([]);
  },
);

test.each(MANAGERS)(
  '%s makes its lockfile for what is written by the command that is named',
  { timeout: 120_000 },
  async (manager) => {
    const locked = await lockedProject(manager, PUBLISHED, { a: '^1.0.0', c: '^1.0.0' });
    const manifest = { name: 'shop', version: '1.0.0', dependencies: { a: '^1.1.0' } };
    writeFileSync(join(locked.folder, 'package.json'), JSON.stringify(manifest));
    const before = await read(manager, locked);
    expect(codes(before)).toEqual(['waiting-for-install', 'not-asked-for']);
    await run(manager, before.project.hygiene[0]?.message ?? '', locked);
    expect(codes(await read(manager, locked))).toEqual([]);
  },
);
