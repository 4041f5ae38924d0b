import { SEVERITIES, type Severity } from './severity.ts';

/** The level at which a finding is shown. */
export type Level = 'error' | 'warning' | 'information' | 'hint' | 'off';

/**
 * The single table of settings. `package.json` and `docs/settings.md` are generated from it, and {@link readSettings}
 * reads it. Scope `machine` marks what decides where we connect or what is stored: a workspace cannot set it.
 */
export const SETTINGS = {
  enable: { type: 'boolean', default: true, scope: 'resource', description: 'Check the dependencies of this folder.' },
  severity: {
    type: 'levels',
    default: {},
    scope: 'resource',
    description:
      'The level of each kind of finding: `malware`, `exploited`, `critical`, `high`, `medium`, `low`, `unknown`, `transitive`, `development`, `deprecated`, `signature`, `pending`, `drift`, `override`, `decided`, each one of `error`, `warning`, `information`, `hint`, `off`.',
  },
  transitive: {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Mark dependencies that bring in affected packages.',
  },
  devDependencies: {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Check packages that are used in development only.',
  },
  inline: {
    type: 'enum',
    values: ['off', 'attention', 'all'],
    default: 'attention',
    scope: 'resource',
    description: 'Hints at the end of the line: none, only where something needs attention, or on every dependency.',
  },
  codeLens: {
    type: 'boolean',
    default: false,
    scope: 'resource',
    description: 'A summary above each block of dependencies.',
  },
  'scorecard.threshold': {
    type: 'number',
    default: 0,
    minimum: 0,
    maximum: 10,
    scope: 'resource',
    description: 'An OpenSSF Scorecard below this number calls for attention. 0 turns the check off.',
  },
  'advisories.source': {
    type: 'enum',
    values: ['auto', 'online', 'offline'],
    default: 'auto',
    scope: 'machine',
    description:
      'Where advisories come from: a complete local database under 24 hours old, else OSV.dev (`auto`); always OSV.dev (`online`); only the local database (`offline`).',
  },
  'advisories.database': {
    type: 'string',
    default: '',
    scope: 'machine',
    description: 'The local advisory database to use in place of the one in your data folder.',
  },
  'signatures.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Verify registry signatures and provenance of all packages.',
  },
  'health.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description: 'Ask for age, deprecation and OpenSSF Scorecard of direct dependencies.',
  },
  'imports.enable': {
    type: 'boolean',
    default: true,
    scope: 'resource',
    description:
      'Read the sources of this folder for the dependencies that they import, so that findings in what nobody imports come later.',
  },
  exclude: {
    type: 'strings',
    default: ['**/fixtures/**'],
    scope: 'resource',
    description: 'Glob patterns of folders that are not looked at.',
  },
  offline: { type: 'boolean', default: false, scope: 'machine', description: 'Send nothing to anybody.' },
  'network.hosts': {
    type: 'map',
    default: {},
    scope: 'machine',
    description:
      'Base URLs to ask in place of the usual ones: `npm`, `osv`, `osv-export`, `kev`, `epss`, `scorecard`, `tuf`.',
  },
  'trace.server': {
    type: 'enum',
    values: ['off', 'messages', 'verbose'],
    default: 'off',
    scope: 'window',
    description: 'Log the messages between editor and server.',
  },
} as const;

export type SettingKey = keyof typeof SETTINGS;

/** What decides the level of a finding; the first that applies wins. */
export type LevelKey =
  | Severity
  | 'exploited'
  | 'transitive'
  | 'development'
  | 'deprecated'
  | 'signature'
  | 'pending'
  | 'drift'
  | 'override'
  | 'decided';

export const LEVEL_KEYS: readonly string[] = [
  ...SEVERITIES,
  'exploited',
  'transitive',
  'development',
  'deprecated',
  'signature',
  'pending',
  'drift',
  'override',
  'decided',
];

export const LEVELS: readonly string[] = ['error', 'warning', 'information', 'hint', 'off'];

export interface Settings {
  readonly enable: boolean;
  readonly severity: Readonly<Partial<Record<LevelKey, Level>>>;
  readonly transitive: boolean;
  readonly devDependencies: boolean;
  readonly inline: 'off' | 'attention' | 'all';
  readonly codeLens: boolean;
  /** 0 turns the check off. */
  readonly scorecardThreshold: number;
  readonly advisoriesSource: 'auto' | 'online' | 'offline';
  /** Absolute path; empty for the one in the user's data folder. */
  readonly advisoriesDatabase: string;
  readonly signatures: boolean;
  readonly health: boolean;
  readonly imports: boolean;
  readonly exclude: readonly string[];
  readonly offline: boolean;
  readonly hosts: Readonly<Record<string, string>>;
  /** From which severity on a check fails; undefined where no file of the project says so. */
  readonly failOn?: Severity;
}

/** What a project says for all who work on it. What it leaves out is the user's own choice. */
export interface ProjectSettings {
  readonly severity?: Settings['severity'];
  readonly transitive?: boolean;
  readonly devDependencies?: boolean;
  readonly imports?: boolean;
  readonly exclude?: readonly string[];
  readonly failOn?: Severity;
}

/** The settings of a user below those of a project's files, the nearest of which comes first and wins. */
export function withProjectSettings(settings: Settings, projects: readonly ProjectSettings[]): Settings {
  return projects.reduceRight<Settings>(
    (below, own) => ({ ...below, ...own, severity: { ...below.severity, ...own.severity } }),
    settings,
  );
}

/** Settings from what a client sent: nested or dotted keys, anything of the wrong kind replaced by its default. */
export function readSettings(raw: unknown): Settings {
  const at = (key: SettingKey): unknown => lookUp(raw, key);
  return {
    enable: booleanAt(at('enable'), SETTINGS.enable.default),
    severity: levelsAt(at('severity')),
    transitive: booleanAt(at('transitive'), SETTINGS.transitive.default),
    devDependencies: booleanAt(at('devDependencies'), SETTINGS.devDependencies.default),
    inline: choiceAt(at('inline'), SETTINGS.inline.values, SETTINGS.inline.default),
    codeLens: booleanAt(at('codeLens'), SETTINGS.codeLens.default),
    scorecardThreshold: numberAt(at('scorecard.threshold'), SETTINGS['scorecard.threshold']),
    advisoriesSource: choiceAt(
      at('advisories.source'),
      SETTINGS['advisories.source'].values,
      SETTINGS['advisories.source'].default,
    ),
    advisoriesDatabase: stringAt(at('advisories.database')),
    signatures: booleanAt(at('signatures.enable'), SETTINGS['signatures.enable'].default),
    health: booleanAt(at('health.enable'), SETTINGS['health.enable'].default),
    imports: booleanAt(at('imports.enable'), SETTINGS['imports.enable'].default),
    exclude: stringsAt(at('exclude'), SETTINGS.exclude.default),
    offline: booleanAt(at('offline'), SETTINGS.offline.default),
    hosts: mapAt(at('network.hosts')),
  };
}

export const DEFAULT_SETTINGS: Settings = readSettings({});

function lookUp(raw: unknown, key: string): unknown {
  if (!isRecord(raw)) return undefined;
  if (Object.hasOwn(raw, key)) return raw[key];
  let value: unknown = raw;
  for (const part of key.split('.')) {
    if (!isRecord(value) || !Object.hasOwn(value, part)) return undefined;
    value = value[part];
  }
  return value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function booleanAt(value: unknown, fallback: boolean): boolean {
  return typeof value === 'boolean' ? value : fallback;
}

function numberAt(
  value: unknown,
  {
    minimum,
    maximum,
    default: fallback,
  }: { readonly minimum: number; readonly maximum: number; readonly default: number },
): number {
  return typeof value === 'number' && value >= minimum && value <= maximum ? value : fallback;
}

function stringAt(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function choiceAt<T extends string>(value: unknown, choices: readonly T[], fallback: T): T {
  return choices.find((choice) => choice === value) ?? fallback;
}

function stringsAt(value: unknown, fallback: readonly string[]): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : fallback;
}

function mapAt(value: unknown): Readonly<Record<string, string>> {
  if (!isRecord(value)) return {};
  return Object.fromEntries(
    Object.entries(value).filter((pair): pair is [string, string] => typeof pair[1] === 'string'),
  );
}

function levelsAt(value: unknown): Settings['severity'] {
  const pairs = Object.entries(mapAt(value)).filter(
    ([key, level]) => LEVEL_KEYS.includes(key) && LEVELS.includes(level),
  );
  return Object.fromEntries(pairs);
}
