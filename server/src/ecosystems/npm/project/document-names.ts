export const MANIFEST_NAMES = ['package.json', 'pnpm-workspace.yaml'] as const;

/** The newest format first, the ones that cannot be read last. */
export const LOCKFILE_NAMES = [
  'pnpm-lock.yaml',
  'npm-shrinkwrap.json',
  'package-lock.json',
  'yarn.lock',
  'bun.lock',
  'bun.lockb',
] as const;

export const CONFIG_NAMES = ['.npmrc', '.pnpmrc', '.yarnrc.yml', 'bunfig.toml'] as const;

export type LockfileName = (typeof LOCKFILE_NAMES)[number];

export type PackageManager = 'npm' | 'pnpm' | 'yarn' | 'bun';

export const PACKAGE_MANAGER_OF: Readonly<Record<LockfileName, PackageManager>> = {
  'pnpm-lock.yaml': 'pnpm',
  'npm-shrinkwrap.json': 'npm',
  'package-lock.json': 'npm',
  'yarn.lock': 'yarn',
  'bun.lock': 'bun',
  'bun.lockb': 'bun',
};

export function isLockfileName(name: string): name is LockfileName {
  return Object.hasOwn(PACKAGE_MANAGER_OF, name);
}
