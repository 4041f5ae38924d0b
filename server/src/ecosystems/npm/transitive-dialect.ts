import { basename } from 'node:path';
import type { ProjectLayout } from '../../core/project.ts';
import type { LockChange, RegistryRequest, Replacement, TransitiveDialect } from '../../core/transitive-dialect.ts';
import { editBunLock } from './bun/edit-bun-lock.ts';
import { isLockfileName, PACKAGE_MANAGER_OF, type PackageManager } from './project/document-names.ts';
import { editPackageLock } from './package-lock/edit-package-lock.ts';
import { editPnpmLock } from './pnpm/edit-pnpm-lock.ts';
import { pnpmBlock } from './pnpm/pnpm-settings.ts';
import { raiseOverride, readOverride, removeOverride } from './override-rules.ts';
import { isYarnOne, overrideEdit } from './override-edit.ts';
import { parseSpecifier } from './specifier.ts';
import { editYarnLock, editYarnOneLock } from './yarn/edit-yarn-lock.ts';

/** How npm, pnpm, yarn and bun change what others bring in. */
export const npmTransitive: TransitiveDialect = {
  request,
  updateCommand(layout, format, name) {
    if (!IN_A_COMMAND.test(name)) return undefined;
    switch (managerOf(layout)) {
      case 'npm':
        return `npm update ${name}`;
      case 'pnpm':
        return `pnpm update ${name}`;
      case 'bun':
        return `bun update ${name}`;
      case 'yarn':
        // Yarn 1 upgrades what a manifest names, and nothing below it.
        return isYarnOne(format) ? undefined : `yarn up -R ${name}`;
    }
  },
  // pnpm leaves a lockfile that satisfies the manifests as it is, whatever else it holds.
  pruneCommand: (layout) =>
    managerOf(layout) === 'pnpm' ? 'pnpm install --no-prefer-frozen-lockfile' : layout.installCommand,
  override: (scene, rules) => overrideEdit(scene, managerOf(scene.layout), rules),
  readOverride(scene, rule) {
    const manager = managerOf(scene.layout);
    const isRead = manager !== 'pnpm' || rule.group === pnpmBlock(scene);
    return isRead ? readOverride(rule, manager) : undefined;
  },
  removeOverride,
  raiseOverride,
  lock(layout, format, change) {
    const path = layout.lockfile;
    if (path === undefined || !isWritable(change)) return undefined;
    const edit = lockEditOf(format);
    return edit && { path, replacements: (text) => edit(text, change) };
  },
};

type LockEdit = (text: string, change: LockChange) => readonly Replacement[] | undefined;

function lockEditOf(format: string): LockEdit | undefined {
  switch (format) {
    case 'package-lock v3':
      return editPackageLock;
    case 'pnpm v9':
      return editPnpmLock;
    case 'yarn v1':
      return editYarnOneLock;
    default:
      if (format.startsWith('bun v')) return editBunLock;
      return format.startsWith('yarn berry v') ? editYarnLock : undefined;
  }
}

/** Names as a shell takes them for one word. Old ones and those of a hostile lockfile may hold signs that it reads. */
const IN_A_COMMAND = /^(?:@[a-z0-9][\w.-]*\/)?[a-z0-9][\w.-]*$/i;

/** True when what the registry says is a version and a hash, and nothing that a lockfile would read as more. */
function isWritable({ to, integrity }: LockChange): boolean {
  return /^[\w.+-]+$/.test(to) && /^sha\d{3}-[A-Za-z0-9+/]+=*$/.test(integrity);
}

function managerOf({ lockfile, installCommand }: ProjectLayout): PackageManager {
  const name = basename(lockfile ?? '');
  if (isLockfileName(name)) return PACKAGE_MANAGER_OF[name];
  const named = Object.values(PACKAGE_MANAGER_OF).find((manager) => installCommand.startsWith(`${manager} `));
  return named ?? 'npm';
}

function request(name: string, specifier: string): RegistryRequest | undefined {
  const read = parseSpecifier(name, specifier, { start: 0, end: specifier.length });
  const { packageName } = read;
  switch (read.specifier.kind) {
    case 'range':
      return { packageName, kind: 'range', wanted: read.specifier.range };
    case 'tag':
      return { packageName, kind: 'tag', wanted: read.specifier.tag };
    default:
      return undefined;
  }
}
