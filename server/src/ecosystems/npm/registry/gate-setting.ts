import { basename } from 'node:path';
import type { PackageManager } from '../project/document-names.ts';
import { textAt, textsOf, valueAt, type DocumentNode } from '../../../text/document-tree.ts';
import { readYaml } from '../../../text/yaml-tree.ts';
import { readBunfigGate } from './bunfig.ts';
import { parseNpmrc, type NpmConfig } from './npmrc.ts';

/** What one file says of a gate. */
export interface GateSetting {
  readonly minimumAgeMs: number | undefined;
  readonly before: number | undefined;
  readonly excluded: readonly string[] | undefined;
  /** Set where a wait that is nobody's own choice holds back what a manifest asks for. */
  readonly isStrict?: boolean;
}

export const MINUTE_MS = 60_000;
export const DAY_MS = 24 * 60 * MINUTE_MS;
const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: MINUTE_MS,
  h: 60 * MINUTE_MS,
  d: DAY_MS,
  w: 7 * DAY_MS,
};

const NOTHING: GateSetting = { minimumAgeMs: undefined, before: undefined, excluded: undefined };

/** Nothing where the package manager does not read the file. */
export function readGateSetting(path: string, text: string, manager: PackageManager): GateSetting {
  switch (basename(path)) {
    case 'pnpm-workspace.yaml':
      return manager === 'pnpm' ? pnpmSetting(readYaml(text).root) : NOTHING;
    case '.yarnrc.yml':
      return manager === 'yarn' ? yarnSetting(readYaml(text).root) : NOTHING;
    case 'bunfig.toml':
    case '.bunfig.toml':
      return manager === 'bun' ? bunSetting(text) : NOTHING;
    default:
      if (manager === 'npm') return npmSetting(parseNpmrc(text));
      return manager === 'pnpm' ? pnpmConfigSetting(parseNpmrc(text)) : NOTHING;
  }
}

/** @see https://docs.npmjs.com/cli/v11/using-npm/config#min-release-age */
function npmSetting(config: NpmConfig): GateSetting {
  const before = Date.parse(config.get('before') ?? '');
  return {
    minimumAgeMs: amount(config.get('min-release-age'), DAY_MS),
    before: Number.isNaN(before) ? undefined : before,
    excluded: config
      .get('min-release-age-exclude')
      ?.split(/[\n,]/)
      .map((name) => name.trim()),
  };
}

/** pnpm 10 reads the same settings from an `.npmrc`. */
function pnpmConfigSetting(config: NpmConfig): GateSetting {
  return {
    minimumAgeMs: amount(config.get('minimum-release-age'), MINUTE_MS),
    before: undefined,
    excluded: config.get('minimum-release-age-exclude')?.split('\n'),
  };
}

/**
 * What is not strict prefers older versions, but takes the new one where a manifest asks for no other. That is nothing
 * that stands in the way of a fix.
 * @see https://pnpm.io/settings#minimumreleaseage
 */
function pnpmSetting(root: DocumentNode | undefined): GateSetting {
  const strict = textAt(root, 'minimumReleaseAgeStrict');
  return {
    minimumAgeMs: strict === 'false' ? 0 : amount(textAt(root, 'minimumReleaseAge'), MINUTE_MS),
    before: undefined,
    excluded: listAt(root, 'minimumReleaseAgeExclude'),
    isStrict: strict === 'true',
  };
}

/** A number without a unit counts minutes. @see https://yarnpkg.com/configuration/yarnrc#npmMinimalAgeGate */
function yarnSetting(root: DocumentNode | undefined): GateSetting {
  const [, digits, unit = 'm'] = /^(\d+(?:\.\d+)?)(ms|[smhdw])?$/.exec(textAt(root, 'npmMinimalAgeGate') ?? '') ?? [];
  return {
    minimumAgeMs: amount(digits, UNITS[unit] ?? MINUTE_MS),
    before: undefined,
    excluded: listAt(root, 'npmPreapprovedPackages'),
  };
}

function bunSetting(text: string): GateSetting {
  const { seconds, excluded } = readBunfigGate(text);
  return { minimumAgeMs: seconds === undefined ? undefined : seconds * 1000, before: undefined, excluded };
}

function amount(text: string | undefined, unitMs: number): number | undefined {
  const value = text === undefined || text.trim() === '' ? NaN : Number(text);
  return Number.isFinite(value) && value >= 0 ? value * unitMs : undefined;
}

function listAt(root: DocumentNode | undefined, name: string): readonly string[] | undefined {
  return textsOf(valueAt(root, name));
}
