import type { Advisory, AdvisoryMatch, AdvisoryRecord, KevEntry } from '../../server/src/core/advisory.ts';
import { known, unknown } from '../../server/src/core/evidence.ts';
import type { Knowledge, Learner, SourceStatus, Subject } from '../../server/src/core/knowledge.ts';
import type { Files } from '../../server/src/core/ports.ts';
import { runCommandLine } from '../../server/src/cli/command-line.ts';
import type {
  CheckWorld,
  CheckWorldOptions,
  CommandLineIo,
  DatabaseAccess,
  TextSink,
} from '../../server/src/cli/command-line-io.ts';
import { openGitRepository } from '../../server/src/io/git/git-repository.ts';
import { ECOSYSTEMS } from '../../server/src/ecosystems/all.ts';
import { advisory } from './advisory-records.ts';
import { fakeClock } from './fake-clock.ts';
import { packageOf, type Facts } from './fake-knowledge.ts';
import { surveyImports } from '../../server/src/workers/survey-imports.ts';
import { memoryFiles, memoryTree } from './memory-files.ts';
import { recordingLog } from './recording-log.ts';

/** What a fake world knows of one package version. */
export interface KnownAdvisory {
  /** `lodash@4.17.20`. */
  readonly package: string;
  readonly advisory: Advisory;
  readonly aliases?: readonly string[];
  readonly fixed?: string;
}

export interface CliWorldOptions {
  /** By absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** In place of files in memory. */
  readonly disk?: Files;
  readonly cwd?: string;
  readonly advisories?: readonly KnownAdvisory[];
  /** Why nothing is known of a package, by name. */
  readonly unknown?: Readonly<Record<string, string>>;
  /** The records of advisories, by the id that is asked for. */
  readonly records?: Readonly<Record<string, readonly AdvisoryRecord[]>>;
  /** What OSV answers only once it was asked, by name. */
  readonly afterRefresh?: readonly KnownAdvisory[];
  /** What the registry publishes, by name; it is known once it was looked up. */
  readonly registry?: Facts['registry'];
  readonly kev?: readonly string[];
  /** Names of packages whose registry signature does not fit. */
  readonly invalidSignatures?: readonly string[];
  readonly sources?: readonly SourceStatus[];
  readonly terminal?: boolean;
  /** True refuses every file. */
  readonly fullDisk?: boolean;
  readonly environment?: Readonly<Record<string, string>>;
  readonly databases?: Partial<DatabaseAccess>;
  readonly signal?: AbortSignal;
  /** Called when the world is asked to look something up. */
  readonly onRefresh?: (subjects: readonly Subject[]) => void;
  readonly stdout?: Partial<TextSink>;
}

export interface CliRun {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliWorld {
  readonly run: (...argv: string[]) => Promise<CliRun>;
  /** What the command asked the world for, in order. */
  readonly opened: readonly CheckWorldOptions[];
  readonly refreshed: readonly string[];
  readonly learned: readonly string[];
  /** What was written to files, by absolute path. */
  readonly written: ReadonlyMap<string, string>;
  readonly clock: ReturnType<typeof fakeClock>;
  isClosed: boolean;
}

/** The command line with a world that holds what a test says, and nothing else. */
export function cliWorld(options: CliWorldOptions): CliWorld {
  const clock = fakeClock();
  const opened: CheckWorldOptions[] = [];
  const refreshed: string[] = [];
  const learned: string[] = [];
  const written = new Map<string, string>();
  const files = options.disk ?? memoryFiles(options.files ?? {});
  const world: CliWorld = { run, opened, refreshed, learned, written, clock, isClosed: false };
  return world;

  async function run(...argv: string[]): Promise<CliRun> {
    const stdout = memorySink(options.terminal === true);
    const stderr = memorySink(options.terminal === true);
    const io: CommandLineIo = {
      cwd: options.cwd ?? '/project',
      environment: options.environment ?? {},
      stdout: { ...stdout, ...options.stdout },
      stderr,
      signal: options.signal ?? new AbortController().signal,
      files,
      writeFile: (path, text) => {
        if (options.fullDisk === true) return Promise.reject(new Error('ENOSPC: no space left on device'));
        written.set(path, text);
        return Promise.resolve();
      },
      clock,
      databases: {
        dataFolder: '/data',
        open: () => undefined,
        importAdvisories: () => Promise.reject(new Error('no import was expected')),
        ...options.databases,
      },
    };
    const openWorld = (request: CheckWorldOptions): Promise<CheckWorld> => {
      opened.push(request);
      return Promise.resolve(fakeWorld(request));
    };
    const code = await runCommandLine(argv, { version: '1.2.3', openWorld }, io);
    return { code, stdout: stdout.text(), stderr: stderr.text() };
  }

  function fakeWorld({ settings }: CheckWorldOptions): CheckWorld {
    let online = false;
    return {
      ecosystems: ECOSYSTEMS,
      files,
      clock,
      log: recordingLog(),
      knowledge: fakeKnowledge(),
      isOnline: () => online,
      setOnline: (value) => {
        online = value && !settings.offline;
      },
      readPolicy: (ecosystem, layout, trusted) =>
        ecosystem.readPolicy(files, layout, {
          trusted,
          userConfigPath: undefined,
          environment: {},
          publicRegistryHost: undefined,
        }),
      openRepository: (folder) => openGitRepository(folder, process.env, process.platform),
      updateAdvisories: () => Promise.reject(new Error('no update was expected')),
      surveyImports: (request) => Promise.resolve(surveyImports(request, memoryTree(options.files ?? {}))),
      advisoryRecords: (id) => Promise.resolve(options.records?.[id] ?? []),
      close: () => {
        world.isClosed = true;
        return Promise.resolve();
      },
    };
  }

  function fakeKnowledge(): Knowledge & Learner {
    let revision = 1;
    let isAsked = false;
    const matchesOf = ({ name, version }: Subject): readonly AdvisoryMatch[] =>
      [...(options.advisories ?? []), ...(isAsked ? (options.afterRefresh ?? []) : [])]
        .filter((item) => item.package === `${name}@${version}`)
        .map((item) => ({ advisory: item.advisory, aliases: item.aliases ?? [], fixed: item.fixed }));
    const notAsked = unknown('offline', 'offline');
    return {
      get revision() {
        return revision;
      },
      expect: () => undefined,
      advisories(subject) {
        const reason = Object.hasOwn(options.unknown ?? {}, subject.name) ? options.unknown?.[subject.name] : undefined;
        if (subject.withheld !== undefined) return unknown('withheld', subject.withheld);
        if (reason !== undefined) return unknown('offline', reason);
        return subject.version === ''
          ? unknown('no-version', 'no version')
          : known(matchesOf(subject), 'OSV.dev', clock.now());
      },
      knownMatches: matchesOf,
      registryPackage({ name }) {
        const fact = learned.some((id) => id.startsWith(`${name}@`)) ? options.registry?.[name] : undefined;
        return fact === undefined ? notAsked : known(packageOf(name, fact), 'npm registry', clock.now());
      },
      signature: ({ name }) =>
        options.invalidSignatures?.includes(name) === true
          ? known(
              {
                verdict: 'invalid',
                code: 'hash-mismatch',
                message: 'other bytes',
                reasons: [{ code: 'hash-mismatch', message: 'other bytes' }],
              },
              'npm registry',
              clock.now(),
            )
          : notAsked,
      release: () => undefined,
      scorecard: () => notAsked,
      kev: (cves): KevEntry | undefined => {
        const cve = cves.find((candidate) => options.kev?.includes(candidate));
        return cve === undefined ? undefined : { cve, dateAdded: '2025-01-01', ransomware: false };
      },
      epss: () => undefined,
      sources: () =>
        options.sources ?? [{ name: 'OSV.dev', asOf: clock.now() - 60_000, complete: true, trouble: undefined }],
      refresh: async ({ direct, transitive, onProgress }, signal) => {
        signal.throwIfAborted();
        isAsked = true;
        revision++;
        refreshed.push(...[...direct, ...transitive].map(({ name, version }) => `${name}@${version}`));
        options.onRefresh?.([...direct, ...transitive]);
        onProgress(1, 2);
        await Promise.resolve();
        signal.throwIfAborted();
      },
      recall: () => Promise.resolve(),
      verify: async ({ direct, transitive }, signal) => {
        signal.throwIfAborted();
        refreshed.push(...[...direct, ...transitive].map(({ name, version }) => `${name}@${version}`));
        await Promise.resolve();
      },
      learn: ({ name, version }) => {
        learned.push(`${name}@${version}`);
        revision++;
        return Promise.resolve();
      },
    };
  }
}

function memorySink(isTerminal: boolean): TextSink & { readonly text: () => string } {
  let text = '';
  return {
    isTerminal,
    write: (part) => {
      text += part;
      return Promise.resolve();
    },
    text: () => text,
  };
}

/** An advisory about one version, high unless told otherwise. */
export function knownAdvisory(
  packageAndVersion: string,
  id: string,
  more: Partial<Advisory> & { readonly fixed?: string; readonly otherIds?: readonly string[] } = {},
): KnownAdvisory {
  const { fixed, otherIds, ...rest } = more;
  return {
    package: packageAndVersion,
    advisory: advisory(id, rest),
    ...(otherIds === undefined ? {} : { aliases: otherIds }),
    ...(fixed === undefined ? {} : { fixed }),
  };
}

/** A lockfile of version 3. Packages are `location → version`; the root asks for `dependencies`. */
export function packageLock(
  dependencies: Readonly<Record<string, string>>,
  packages: Readonly<Record<string, string | Readonly<Record<string, unknown>>>>,
): string {
  const entries = Object.entries(packages).map(([location, value]): [string, unknown] => [
    `node_modules/${location}`,
    typeof value === 'string' ? { version: value } : value,
  ]);
  const all = { '': { name: 'app', dependencies }, ...Object.fromEntries(entries) };
  return JSON.stringify({ name: 'app', lockfileVersion: 3, packages: all }, undefined, 2);
}

export function packageJson(dependencies: Readonly<Record<string, string>>): string {
  return JSON.stringify({ name: 'app', dependencies }, undefined, 2);
}
