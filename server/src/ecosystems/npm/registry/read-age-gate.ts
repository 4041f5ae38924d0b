import { basename, dirname } from 'node:path';
import gte from 'semver/functions/gte.js';
import type { AgeGate } from '../../../core/age-gate.ts';
import { isLockfileName, PACKAGE_MANAGER_OF, type PackageManager } from '../project/document-names.ts';
import { DAY_MS, readGateSetting, type GateSetting } from './gate-setting.ts';

/** A file that may set a gate. */
export interface GateFile {
  readonly path: string;
  readonly text: string;
  /** The user's own, which always counts. */
  readonly isUser: boolean;
}

export interface GateProject {
  readonly root: string;
  readonly lockfile: string | undefined;
  /** Of the package manager, as the root's manifest asks for it; undefined when that is not known. */
  readonly managerVersion: string | undefined;
  readonly trusted: boolean;
}

interface Setting extends GateSetting {
  readonly path: string;
  readonly isUser: boolean;
}

/** The documents of a project that names are let through in, where we can write them. */
const EXCLUDING: Readonly<Partial<Record<PackageManager, string>>> = {
  npm: '.npmrc',
  pnpm: 'pnpm-workspace.yaml',
  yarn: '.yarnrc.yml',
};

interface DefaultGate {
  readonly since: string;
  readonly minimumAgeMs: number;
  /** True where it takes what a manifest asks for, whatever its age, unless a file makes it strict. */
  readonly isLenient: boolean;
}

/** What waits where no file says otherwise, and from which version on. */
const DEFAULTS: Readonly<Partial<Record<PackageManager, DefaultGate>>> = {
  pnpm: { since: '11.0.0', minimumAgeMs: DAY_MS, isLenient: true },
  yarn: { since: '4.15.0', minimumAgeMs: DAY_MS, isLenient: false },
};

/**
 * The gate of the package manager that owns the lockfile. `files` come the nearest first. Where the workspace is not
 * trusted, its files may lengthen the wait but neither shorten it nor let a name through.
 */
export function readAgeGate(files: readonly GateFile[], project: GateProject): AgeGate | undefined {
  const { root, trusted } = project;
  const manager = managerOf(project.lockfile);
  if (manager === undefined) return undefined;
  const settings = files
    .filter(({ path, isUser }) => isUser || dirname(path) === root)
    .map(({ path, text, isUser }): Setting => ({ ...readGateSetting(path, text, manager), path, isUser }));
  const deciding = settings.filter(({ isUser }) => trusted || isUser);
  const isStrict = settings.some((setting) => setting.isStrict);
  const minimumAgeMs = Math.max(
    deciding.find((setting) => setting.minimumAgeMs !== undefined)?.minimumAgeMs ??
      defaultAge(manager, project.managerVersion, isStrict),
    ...(trusted ? [] : settings.flatMap((setting) => setting.minimumAgeMs ?? [])),
  );
  const dates = (trusted ? deciding : settings).flatMap(({ before }) => before ?? []);
  const before = trusted || dates.length === 0 ? dates[0] : Math.min(...dates);
  if (minimumAgeMs === 0 && before === undefined) return undefined;
  const list = deciding.find(({ excluded }) => excluded !== undefined);
  const own = settings.find(({ path, isUser }) => !isUser && basename(path) === EXCLUDING[manager])?.path;
  // A list of the project takes the place of the user's.
  const counts = trusted && (list === undefined || list.path === own);
  return { minimumAgeMs, before, excluded: list?.excluded ?? [], excludeIn: counts ? own : undefined };
}

function managerOf(lockfile: string | undefined): PackageManager | undefined {
  const name = lockfile === undefined ? '' : basename(lockfile);
  return isLockfileName(name) ? PACKAGE_MANAGER_OF[name] : undefined;
}

function defaultAge(manager: PackageManager, version: string | undefined, isStrict: boolean): number {
  const standard = DEFAULTS[manager];
  if (standard === undefined || version === undefined || !gte(version, standard.since)) return 0;
  return standard.isLenient && !isStrict ? 0 : standard.minimumAgeMs;
}
