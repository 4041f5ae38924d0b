import { basename, dirname } from 'node:path';
import type { AgeGate } from '../../../core/age-gate.ts';
import { PACKAGE_MANAGER_OF, isLockfileName, type PackageManager } from '../project/document-names.ts';
import { textsOf, valueAt, type DocumentNode } from '../text/document-tree.ts';
import { readYaml } from '../text/yaml-tree.ts';
import { parseNpmrc, type NpmConfig } from './npmrc.ts';

/** A file that may set a gate. */
export interface GateFile {
  readonly path: string;
  readonly text: string;
  /** The user's own, which always counts. */
  readonly isUser: boolean;
}

interface Setting {
  readonly minimumAgeMs: number | undefined;
  readonly before: number | undefined;
  readonly excluded: readonly string[] | undefined;
}

export interface GateProject {
  readonly root: string;
  readonly lockfile: string | undefined;
  readonly trusted: boolean;
}

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

/**
 * The gate of the package manager that owns the lockfile. `files` come the nearest first. Where the workspace is not
 * trusted, its files may lengthen the wait but neither shorten it nor let a name through.
 */
export function readAgeGate(files: readonly GateFile[], project: GateProject): AgeGate | undefined {
  const name = project.lockfile === undefined ? '' : basename(project.lockfile);
  const manager = isLockfileName(name) ? PACKAGE_MANAGER_OF[name] : undefined;
  if (manager === undefined) return undefined;
  const counting = files.filter(({ path, isUser }) => isUser || dirname(path) === project.root);
  const settings = counting.map((file) => ({ ...readFile(file, manager), isUser: file.isUser }));
  const deciding = settings.filter(({ isUser }) => project.trusted || isUser);
  const ages = (project.trusted ? deciding : settings).flatMap(({ minimumAgeMs }) => minimumAgeMs ?? []);
  const dates = (project.trusted ? deciding : settings).flatMap(({ before }) => before ?? []);
  const minimumAgeMs = (project.trusted ? ages[0] : Math.max(0, ...ages)) ?? 0;
  const before = project.trusted || dates.length === 0 ? dates[0] : Math.min(...dates);
  if (minimumAgeMs === 0 && before === undefined) return undefined;
  const excluded = deciding.find((setting) => setting.excluded !== undefined)?.excluded ?? [];
  return { minimumAgeMs, before, excluded };
}

const NOTHING: Setting = { minimumAgeMs: undefined, before: undefined, excluded: undefined };

function readFile({ path, text }: GateFile, manager: PackageManager): Setting {
  const name = basename(path);
  if (name === 'pnpm-workspace.yaml') return manager === 'pnpm' ? pnpmSetting(readYaml(text).root) : NOTHING;
  if (name === '.yarnrc.yml') return manager === 'yarn' ? yarnSetting(readYaml(text).root) : NOTHING;
  const config = parseNpmrc(text);
  if (manager === 'npm') return npmSetting(config);
  return manager === 'pnpm' ? pnpmConfigSetting(config) : NOTHING;
}

/** @see https://docs.npmjs.com/cli/v11/using-npm/config#min-release-age */
function npmSetting(config: NpmConfig): Setting {
  const before = Date.parse(config.get('before') ?? '');
  return {
    minimumAgeMs: amount(config.get('min-release-age'), DAY_MS),
    before: Number.isNaN(before) ? undefined : before,
    excluded: config.get('min-release-age-exclude')?.split('\n'),
  };
}

/** pnpm 10 reads the same settings from an `.npmrc`. */
function pnpmConfigSetting(config: NpmConfig): Setting {
  return {
    minimumAgeMs: amount(config.get('minimum-release-age'), MINUTE_MS),
    before: undefined,
    excluded: config.get('minimum-release-age-exclude')?.split('\n'),
  };
}

/** @see https://pnpm.io/settings#minimumreleaseage */
function pnpmSetting(root: DocumentNode | undefined): Setting {
  return {
    minimumAgeMs: amount(textAt(root, 'minimumReleaseAge'), MINUTE_MS),
    before: undefined,
    excluded: listAt(root, 'minimumReleaseAgeExclude'),
  };
}

/** A number without a unit counts minutes. @see https://yarnpkg.com/configuration/yarnrc#npmMinimalAgeGate */
function yarnSetting(root: DocumentNode | undefined): Setting {
  const [, digits, unit = 'm'] = /^(\d+(?:\.\d+)?)(ms|[smhdw])?$/.exec(textAt(root, 'npmMinimalAgeGate') ?? '') ?? [];
  return {
    minimumAgeMs: amount(digits, UNITS[unit] ?? MINUTE_MS),
    before: undefined,
    excluded: listAt(root, 'npmPreapprovedPackages'),
  };
}

function amount(text: string | undefined, unitMs: number): number | undefined {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value * unitMs : undefined;
}

function textAt(root: DocumentNode | undefined, name: string): string | undefined {
  const node = valueAt(root, name);
  return node?.kind === 'text' ? node.text : undefined;
}

function listAt(root: DocumentNode | undefined, name: string): readonly string[] | undefined {
  return textsOf(valueAt(root, name));
}
