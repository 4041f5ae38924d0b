import { basename } from 'node:path';
import type { Ecosystem } from '../../core/ecosystem.ts';
import { discover } from './discover.ts';
import { CONFIG_NAMES, LOCKFILE_NAMES, MANIFEST_NAMES } from './document-names.ts';
import { setVersion } from './edit.ts';
import { parseManifest } from './manifest.ts';
import { parsePackageLock } from './package-lock.ts';
import { parsePnpmLock } from './pnpm-lock.ts';
import { readPolicy } from './registry-policy.ts';
import { npmRegistry } from './registry.ts';
import { npmTransitive } from './transitive-dialect.ts';
import { npmVersions } from './version.ts';

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
  parseLockfile: (path, text) => (basename(path) === 'pnpm-lock.yaml' ? parsePnpmLock(text) : parsePackageLock(text)),
  readPolicy,
  setVersion,
  transitive: npmTransitive,
} as const satisfies Ecosystem;
