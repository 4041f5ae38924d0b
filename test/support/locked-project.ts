import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';

import { npm } from '../../server/src/ecosystems/npm/index.ts';
import type { Action } from '../../server/src/features/code-actions/action.ts';
import { codeActions } from '../../server/src/features/code-actions/code-actions.ts';
import { forgetAnswers, runManager } from './package-manager.ts';
import { startPackageRegistry, type PackageRegistry, type Published } from './package-registry.ts';
import { pathIn, projectOf, ROOT } from './project-of.ts';
import { scratchFolder } from './scratch-folder.ts';

const LOCKFILES = {
  npm: 'package-lock.json',
  pnpm: 'pnpm-lock.yaml',
  'pnpm 8': 'pnpm-lock.yaml',
  'yarn 1': 'yarn.lock',
  yarn: 'yarn.lock',
  bun: 'bun.lock',
} as const;
/** Yarn 1 has nothing that writes the lockfile and installs nothing. */
export const LOCK_ONLY = {
  npm: ['install', '--package-lock-only'],
  pnpm: ['install', '--lockfile-only', '--no-frozen-lockfile'],
  'pnpm 8': ['install', '--lockfile-only', '--no-frozen-lockfile'],
  'yarn 1': ['install', '--ignore-scripts', '--non-interactive'],
  yarn: ['install', '--mode=update-lockfile', '--no-immutable'],
  bun: ['install', '--lockfile-only', '--no-frozen-lockfile'],
} as const;
export const FROZEN = {
  npm: ['ci'],
  pnpm: ['install', '--frozen-lockfile'],
  'pnpm 8': ['install', '--frozen-lockfile'],
  'yarn 1': ['install', '--frozen-lockfile', '--ignore-scripts', '--non-interactive'],
  yarn: ['install', '--immutable', '--mode=skip-build'],
  bun: ['install', '--frozen-lockfile', '--ignore-scripts'],
} as const;

export type Manager = keyof typeof LOCKFILES;

export interface LockedProject {
  readonly folder: string;
  readonly registry: PackageRegistry;
}

/**
 * Lets a real package manager write the lockfile of a manifest. When it is held, the versions above the affected ones came
 * out only afterwards.
 */
export async function lockedProject(
  manager: Manager,
  published: Published,
  dependencies: Readonly<Record<string, string>>,
  more: {
    readonly files?: Readonly<Record<string, string>>;
    /** More of the manifest. */
    readonly manifest?: object;
    readonly hold?: boolean;
  } = {},
): Promise<LockedProject> {
  let isHeld = more.hold === true;
  const registry = await startPackageRegistry(published, (name, version) => {
    return !isHeld || name !== 'deep' || version <= '1.0.1';
  });
  const folder = scratchFolder();
  for (const [name, text] of Object.entries(more.files ?? {})) writeFileSync(join(folder, name), text);
  const manifest = { name: 'shop', version: '1.0.0', dependencies, ...more.manifest };
  writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
  await runManager(manager, LOCK_ONLY[manager], folder, registry.base);
  isHeld = false;
  forgetAnswers(folder);
  return { folder, registry };
}

/** What is offered on the lines of the manifest about `deep`. */
export async function offered(manager: Manager, { folder, registry }: LockedProject): Promise<Action[]> {
  const names = ['package.json', 'pnpm-workspace.yaml', LOCKFILES[manager]].filter((name) =>
    existsSync(join(folder, name)),
  );
  const text = names.map((name) => `-- ${name} --\n${readFileSync(join(folder, name), 'utf8')}`).join('');
  // The registry on loopback stands for the public one: of another no public source may hear.
  const { project, manifest } = await projectOf(text.replaceAll(registry.base, npm.registry.publicBase), {
    registry: registry.facts,
    advisories: [{ id: 'GHSA-deep', package: 'deep', versions: '>=0 <1.0.2', severity: 'high' }],
  });
  const whole = { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } };
  const actions = codeActions(manifest(), project, { range: whole, only: ['quickfix'], canPrepareInstall: true });
  return actions.filter(({ title }) => /Refresh|Override|Put|Upgrade/.test(title));
}

export function apply(folder: string, { edits, late = [] }: Action): void {
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

/** What puts manifest and lockfile back as they are now, with nothing installed. */
export function keepDocuments(manager: Manager, folder: string): () => void {
  const kept = ['package.json', LOCKFILES[manager]].map((name) => {
    const path = join(folder, name);
    return { path, text: readFileSync(path, 'utf8') };
  });
  return () => {
    for (const { path, text } of kept) writeFileSync(path, text);
    rmSync(join(folder, 'node_modules'), { recursive: true, force: true });
  };
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
export function installed(manager: Manager, folder: string): string[] {
  const path = join(folder, LOCKFILES[manager]);
  const { value } = npm.parseLockfile(path, readFileSync(path, 'utf8'));
  return value.entries
    .filter(({ name }) => name === 'deep')
    .map(({ version }) => version)
    .sort();
}
