import { SEVERITIES, type Severity } from '../core/severity.ts';
import { ECOSYSTEMS } from '../ecosystems/all.ts';
import { resolveHosts } from '../sources/hosts.ts';
import { COMMANDS, type CommandSpec } from './commands.ts';
import { CHECK_FORMATS, DIFF_FORMATS, FORMATS, type CheckFormat, type DiffFormat, type Format } from './formats.ts';
import { VERIFY_THRESHOLDS, type VerifyThreshold } from './verify-exit-code.ts';
import { didYouMean } from './nearest.ts';
import { scanArguments, type ScannedArguments } from './scan-arguments.ts';
import { UsageError } from './usage-error.ts';

/** OSV's names of the ecosystems that are read here. */
const ECOSYSTEM_NAMES = ECOSYSTEMS.map(({ osvName }) => osvName);

/** Base URLs by the name of the source. */
export type HostOverrides = Readonly<Record<string, string>>;

export interface ListInvocation {
  readonly command: 'list';
  readonly path: string;
  readonly format: Format;
}

export interface Report {
  readonly format: CheckFormat;
  readonly path: string;
}

export interface CheckInvocation {
  readonly command: 'check';
  readonly path: string;
  readonly offline: boolean;
  readonly database: string | undefined;
  /** Undefined leaves it to the project's files, and to the default. */
  readonly failOn: Severity | undefined;
  readonly strict: boolean;
  /** Only what is new since the current branch left this commit counts. */
  readonly base: string | undefined;
  /** What is staged is looked at, and only what is new since HEAD, or since `base`, counts. */
  readonly staged: boolean;
  readonly format: CheckFormat;
  /** Files to write as well. */
  readonly reports: readonly Report[];
  readonly hosts: HostOverrides;
}

export interface DiffInvocation {
  readonly command: 'diff';
  readonly path: string;
  readonly offline: boolean;
  readonly database: string | undefined;
  /** HEAD when undefined. */
  readonly base: string | undefined;
  readonly staged: boolean;
  readonly format: DiffFormat;
  readonly hosts: HostOverrides;
}

export interface ExposedInvocation {
  readonly command: 'exposed';
  /** An advisory's id, or `name@range`. */
  readonly sought: string;
  readonly path: string;
  readonly offline: boolean;
  readonly database: string | undefined;
  readonly strict: boolean;
  readonly format: Format;
  readonly hosts: HostOverrides;
}

export interface VerifyInvocation {
  readonly command: 'verify';
  readonly path: string;
  readonly offline: boolean;
  readonly failOn: VerifyThreshold;
  readonly strict: boolean;
  readonly format: Format;
  readonly hosts: HostOverrides;
}

export interface ImportInvocation {
  readonly command: 'advisories import';
  readonly files: readonly string[];
  readonly database: string | undefined;
  /** OSV names of ecosystems. */
  readonly complete: readonly string[];
}

export interface UpdateInvocation {
  readonly command: 'advisories update';
  readonly database: string | undefined;
  readonly hosts: HostOverrides;
}

export interface StatusInvocation {
  readonly command: 'advisories status';
  readonly database: string | undefined;
  readonly format: Format;
}

export interface LspInvocation {
  readonly command: 'lsp';
  readonly transport: 'stdio' | 'node-ipc';
  readonly offline: boolean;
  readonly database: string | undefined;
  readonly hosts: HostOverrides;
}

/** What the caller wants, decoded. Paths are as they were written. */
export type Invocation =
  | ListInvocation
  | CheckInvocation
  | DiffInvocation
  | ExposedInvocation
  | VerifyInvocation
  | ImportInvocation
  | StatusInvocation
  | UpdateInvocation
  | LspInvocation
  | { readonly command: 'version' }
  /** `topic` is a command, the first word of some, or undefined for the overview. */
  | { readonly command: 'help'; readonly topic: string | undefined };

/** Decodes the arguments that stand after the program's name. Throws a {@link UsageError}. */
export function parseArguments(argv: readonly string[]): Invocation {
  const [first = ''] = argv;
  if (first === '') throw new UsageError('a command is missing');
  if (first === '--version') return { command: 'version' };
  if (first === '--help' || first === '-h') return { command: 'help', topic: undefined };
  if (first === 'help') return { command: 'help', topic: helpTopic(argv.slice(1)) };
  if (first === '--stdio' || first === '--node-ipc') return decode('lsp', scanArguments(specOf('lsp'), argv));
  if (first.startsWith('-')) throw new UsageError(`the command comes first, before ${first}`);
  const { spec, rest } = findCommand(argv);
  if (spec === undefined) return { command: 'help', topic: first };
  const scanned = scanArguments(spec, rest);
  return scanned.wantsHelp ? { command: 'help', topic: spec.name } : decode(spec.name, scanned);
}

/** A command may be two words. Without a command when only help was asked for about those that begin with the word. */
function findCommand(argv: readonly string[]): { spec: CommandSpec | undefined; rest: readonly string[] } {
  const [first = '', second = ''] = argv;
  const single = COMMANDS.find(({ name }) => name === first);
  if (single !== undefined) return { spec: single, rest: argv.slice(1) };
  const family = COMMANDS.filter(({ name }) => name.startsWith(`${first} `));
  if (family.length === 0) {
    const words = new Set(COMMANDS.map(({ name }) => name.split(' ')[0] ?? ''));
    throw new UsageError(`there is no command "${first}"${didYouMean(first, [...words, 'help'])}`);
  }
  if (second === '--help' || second === '-h') return { spec: undefined, rest: [] };
  const spec = family.find(({ name }) => name === `${first} ${second}`);
  if (spec !== undefined) return { spec, rest: argv.slice(2) };
  const words = family.map(({ name }) => name.slice(first.length + 1));
  if (second === '') throw new UsageError(`"${first}" needs one of: ${words.join(', ')}`);
  throw new UsageError(`there is no command "${first} ${second}"${didYouMean(second, words)}`);
}

function helpTopic(words: readonly string[]): string | undefined {
  const topic = words.filter((word) => !word.startsWith('-')).join(' ');
  if (topic === '') return undefined;
  const isKnown = COMMANDS.some(({ name }) => name === topic || name.startsWith(`${topic} `));
  if (isKnown) return topic;
  const names = COMMANDS.map(({ name }) => name);
  throw new UsageError(`there is no command "${topic}"${didYouMean(topic, names)}`);
}

function specOf(name: string): CommandSpec {
  const spec = COMMANDS.find((candidate) => candidate.name === name);
  if (spec === undefined) throw new Error(`no command ${name}`);
  return spec;
}

function decode(name: string, scanned: ScannedArguments): Invocation {
  const database = scanned.value('db');
  switch (name) {
    case 'list':
      return { command: 'list', path: pathOf(scanned), format: formatOf(scanned) };
    case 'check':
      return {
        command: 'check',
        path: pathOf(scanned),
        offline: scanned.has('offline'),
        database,
        failOn: severityOf(scanned.value('fail-on')),
        strict: scanned.has('strict'),
        base: scanned.value('base'),
        staged: scanned.has('staged'),
        format: choiceOf('format', scanned.value('format') ?? 'table', CHECK_FORMATS),
        reports: scanned.values('report').map(reportOf),
        hosts: hostsOf(scanned.values('host')),
      };
    case 'diff':
      return {
        command: 'diff',
        path: pathOf(scanned),
        offline: scanned.has('offline'),
        database,
        base: scanned.value('base'),
        staged: scanned.has('staged'),
        format: choiceOf('format', scanned.value('format') ?? 'table', DIFF_FORMATS),
        hosts: hostsOf(scanned.values('host')),
      };
    case 'exposed': {
      const [sought, path = '.', extra] = scanned.operands;
      if (sought === undefined) throw new UsageError('"exposed" needs an advisory id, or NAME@VERSION');
      if (extra !== undefined) throw new UsageError(`one PATH at a time: "${extra}" is one too many`);
      return {
        command: 'exposed',
        sought,
        path,
        offline: scanned.has('offline'),
        database,
        strict: scanned.has('strict'),
        format: formatOf(scanned),
        hosts: hostsOf(scanned.values('host')),
      };
    }
    case 'verify':
      return {
        command: 'verify',
        path: pathOf(scanned),
        offline: scanned.has('offline'),
        failOn: choiceOf('fail-on', scanned.value('fail-on') ?? 'warning', VERIFY_THRESHOLDS),
        strict: scanned.has('strict'),
        format: formatOf(scanned),
        hosts: hostsOf(scanned.values('host')),
      };
    case 'advisories import':
      if (scanned.operands.length === 0) throw new UsageError('"advisories import" needs a file or folder to read');
      return {
        command: 'advisories import',
        files: scanned.operands,
        database,
        complete: scanned.values('complete'),
      };
    case 'advisories update':
      refuseOperands(scanned);
      for (const name of scanned.values('ecosystem')) choiceOf('ecosystem', name, ECOSYSTEM_NAMES);
      return { command: 'advisories update', database, hosts: hostsOf(scanned.values('host')) };
    case 'advisories status':
      refuseOperands(scanned);
      return { command: 'advisories status', database, format: formatOf(scanned) };
    default:
      refuseOperands(scanned);
      return {
        command: 'lsp',
        transport: transportOf(scanned),
        offline: scanned.has('offline'),
        database,
        hosts: hostsOf(scanned.values('host')),
      };
  }
}

function transportOf(scanned: ScannedArguments): LspInvocation['transport'] {
  if (scanned.has('node-ipc')) return 'node-ipc';
  if (scanned.has('stdio')) return 'stdio';
  throw new UsageError('"lsp" speaks on standard input and output: say --stdio');
}

function pathOf({ operands }: ScannedArguments): string {
  const [path = '.', second] = operands;
  if (second !== undefined) throw new UsageError(`one PATH at a time: "${second}" is one too many`);
  return path;
}

function refuseOperands({ operands }: ScannedArguments): void {
  const [first] = operands;
  if (first !== undefined) throw new UsageError(`"${first}" is not expected here`);
}

function formatOf(scanned: ScannedArguments): Format {
  return choiceOf('format', scanned.value('format') ?? 'table', FORMATS);
}

function reportOf(pair: string): Report {
  const at = pair.indexOf('=');
  if (at <= 0 || at === pair.length - 1) throw new UsageError(`--report is FORMAT=FILE, not "${pair}"`);
  return { format: choiceOf('report', pair.slice(0, at), CHECK_FORMATS), path: pair.slice(at + 1) };
}

function severityOf(word: string | undefined): Severity | undefined {
  return word === undefined ? undefined : choiceOf('fail-on', word, SEVERITIES);
}

function choiceOf<T extends string>(option: string, word: string, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === word.toLowerCase());
  if (found !== undefined) return found;
  throw new UsageError(`--${option} is one of ${choices.join(', ')}, not "${word}"${didYouMean(word, choices)}`);
}

/** What cannot be used is an error here, where in an editor's settings it is left out and told. */
function hostsOf(pairs: readonly string[]): HostOverrides {
  const hosts = new Map<string, string>();
  for (const pair of pairs) {
    const at = pair.indexOf('=');
    if (at <= 0) throw new UsageError(`--host is NAME=URL, not "${pair}"`);
    hosts.set(pair.slice(0, at), pair.slice(at + 1));
  }
  const overrides = Object.fromEntries(hosts);
  const [problem] = resolveHosts(overrides, '').problems;
  if (problem !== undefined) throw new UsageError(`--host: ${problem}`);
  return overrides;
}
