import { basename } from 'node:path';
import type { Ecosystem } from '../../core/ecosystem.ts';
import type { LockText } from '../../core/lock-text.ts';
import type { Lockfile } from '../../core/lockfile.ts';
import type { Parsed } from '../../core/span.ts';
import { bunLockText } from './bun/bun-lock-text.ts';
import { parseBunLock } from './bun/bun-lock.ts';
import { discover } from './project/discover.ts';
import { CONFIG_NAMES, LOCKFILE_NAMES, MANIFEST_NAMES } from './project/document-names.ts';
import { setVersion } from './edit.ts';
import { IMPORT_DIALECT } from './imports/import-dialect.ts';
import { parseManifest } from './manifest/manifest.ts';
import { packageLockText } from './package-lock/package-lock-text.ts';
import { parsePackageLock } from './package-lock/package-lock.ts';
import { pnpmLockText } from './pnpm/pnpm-lock-text.ts';
import { parsePnpmLock } from './pnpm/pnpm-lock.ts';
import { readPolicy } from './registry/registry-policy.ts';
import { letThrough } from './registry/let-through.ts';
import { npmRegistry } from './registry/registry.ts';
import { npmTransitive } from './transitive-dialect.ts';
import { npmVersions } from './version.ts';
import { yarnLockText } from './yarn/yarn-lock-text.ts';
import { parseYarnLock } from './yarn/yarn-lock.ts';

/** npm's packages, whichever package manager installs them. */
export const npm = {
  id: 'npm',
  purlType: 'npm',
  osvName: 'npm',
  manifestNames: MANIFEST_NAMES,
  lockfileNames: LOCKFILE_NAMES,
  configNames: CONFIG_NAMES,
  versions: npmVersions,
  registry: npmRegistry,
  discover,
  parseManifest,
  parseLockfile,
  lockText,
  readPolicy,
  setVersion,
  letThrough,
  transitive: npmTransitive,
  imports: IMPORT_DIALECT,
} as const satisfies Ecosystem;

function parseLockfile(path: string, text: string): Parsed<Lockfile> {
  switch (basename(path)) {
    case 'pnpm-lock.yaml':
      return parsePnpmLock(text);
    case 'bun.lock':
      return parseBunLock(text);
    case 'yarn.lock':
      return parseYarnLock(text);
    default:
      return parsePackageLock(text);
  }
}

function lockText(path: string): LockText {
  switch (basename(path)) {
    case 'pnpm-lock.yaml':
      return pnpmLockText;
    case 'bun.lock':
      return bunLockText;
    case 'yarn.lock':
      return yarnLockText;
    default:
      return packageLockText;
  }
}
