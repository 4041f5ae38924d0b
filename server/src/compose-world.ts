import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';

import type { AdvisoryRecord } from './core/advisory.ts';
import type { Ecosystem } from './core/ecosystem.ts';
import { SourceError } from './core/evidence.ts';
import { field } from './core/json-fields.ts';
import type { Http, Log } from './core/ports.ts';
import type { RegistryPolicy } from './core/registry-policy.ts';
import { ECOSYSTEMS } from './ecosystems/all.ts';
import { embeddedTrust, withTrustDocument } from './evidence/trust/trust-material.ts';
import { embeddedTufRoot } from './evidence/trust/tuf-root.ts';
import { createClientHttp } from './io/client-http.ts';
import { releaseMemory } from './io/engine-memory.ts';
import { createHttp } from './io/http.ts';
import { nodeFiles, writeText } from './io/node-files.ts';
import { openPartFile } from './io/part-file.ts';
import { systemClock } from './io/system-clock.ts';
import type { World, WorldRequest } from './lsp/world.ts';
import { findRecords } from './sources/find-records.ts';
import type { TrustRepository, TrustSource } from './sources/held-trust.ts';
import { resolveHosts } from './sources/hosts.ts';
import { LiveKnowledge } from './sources/live-knowledge.ts';
import { createPump } from './sources/pump.ts';
import {
  updateFromExport,
  type ExportWatch,
  type ExportWorld,
  type ImportedRecords,
} from './sources/update-from-export.ts';
import type { OpenAdvisoryDatabase } from './store/advisory-database.ts';
import { newGenerationPath, openAdvisories, removeOldGenerations } from './store/advisory-generations.ts';
import { openAnswerStore } from './store/answer-store.ts';
import { seedPath, userDataFolder } from './store/data-folder.ts';
import type { ImportJob } from './workers/import-advisories.ts';
import { importWorkerPath, runImportInWorker } from './workers/run-import.ts';
import { runSurveyInWorker, surveyWorkerPath } from './workers/run-survey.ts';
import { VerifierPool, verifyWorkerPath } from './workers/verifier-pool.ts';

/** One process at a time updates the local database. One that was killed holds the others up for so long, in milliseconds. */
const UPDATE_LEASE = 'advisories-update';
const UPDATE_LEASE_MS = 60_000;
const RENEW_LEASE_MS = 20_000;

/** A session's request with what the command line may add to it. */
export interface WorldOptions extends WorldRequest {
  /** The advisory database to use in place of all others; absolute. */
  readonly databasePath?: string | undefined;
  /** Base URLs by source name, before those of the settings. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** True writes answers on this thread, which suits a command that ends soon. */
  readonly isShortLived?: boolean;
}

/** Puts everything together that touches the world. The only place that names the implementations of the ports. */
export function composeWorld(request: WorldOptions): World {
  const { log, settings } = request;
  const environment = process.env;
  const dataFolder = request.dataFolder ?? userDataFolder({ platform: process.platform, environment, home: homedir() });
  const explicit = request.databasePath ?? (settings.advisoriesDatabase || undefined);
  const npm = ECOSYSTEMS[0];
  const publicBase = npm?.registry.publicBase ?? '';
  const { hosts, problems } = resolveHosts({ ...settings.hosts, ...request.hosts }, publicBase);
  for (const problem of problems) log.warn(problem);
  makeFolder(dataFolder, log);

  const straight = createHttp({ clock: systemClock, environment });
  const http: Http = request.fetch
    ? createClientHttp({ clock: systemClock, sendRequest: request.fetch, straight })
    : straight;
  const answers = openAnswerStore(dataFolder, {
    clock: systemClock,
    log,
    writerPath: request.isShortLived === true ? undefined : join(import.meta.dirname, 'workers', 'store-writer.cjs'),
  });
  const databases = new Databases(dataFolder, explicit, log);
  const pump = createPump({ http, clock: systemClock, log });
  const verifier = new VerifierPool({ workerPath: verifyWorkerPath(import.meta.dirname) });
  const knowledge = new LiveKnowledge({
    ecosystems: ECOSYSTEMS,
    answers,
    pump,
    clock: systemClock,
    defaultHosts: resolveHosts({}, publicBase).hosts,
    configuration: {
      network: settings.offline ? 'off' : 'no-consent',
      source: settings.advisoriesSource,
      database: databases.open(),
      hosts,
    },
    verifier,
    trust: trustSource(hosts.npm !== publicBase ? environment['PROVENDER_TRUSTED_KEYS'] : undefined, publicBase, log),
    onChange: (kind) => request.onKnowledge(kind === 'records' || kind === 'all'),
  });

  const exportWorld = ({ signal, onProgress }: ExportWatch): ExportWorld => {
    const ecosystem = npm?.osvName ?? '';
    const importFrom = async (
      input: string,
      job: Pick<ImportJob, 'isWhole' | 'complete' | 'asOf' | 'exportStamp'>,
    ): Promise<ImportedRecords> => {
      const target = explicit ?? newGenerationPath(dataFolder, systemClock.now());
      makeFolder(dirname(target), log);
      const report = await runImportInWorker(
        importWorkerPath(import.meta.dirname),
        { inputs: [input], target, previous: databases.path(), now: systemClock.now(), ...job },
        { signal, onProgress: ({ records }) => onProgress(`importing: ${String(records)} advisories`) },
      );
      if (report.database !== undefined) return report;
      const reason = report.firstProblems[0]?.message ?? 'no advisory could be read';
      throw new SourceError('bad-answer', `the export of OSV cannot be used: ${reason}`);
    };
    return {
      pump,
      base: hosts['osv-export'],
      ecosystem,
      stamp: databases.exportStamp(),
      now: systemClock.now(),
      openPart: () => openPartFile(join(dataFolder, 'downloads', `${ecosystem}-all.zip`)),
      // As old as its newest change: an export that nobody writes any more must not look fresh.
      importWhole: (path, stamp) =>
        importFrom(path, { isWhole: true, complete: [ecosystem], asOf: stamp, exportStamp: stamp }),
      importRecords: async (texts, stamp, isAll) => {
        const path = join(dataFolder, 'downloads', `${ecosystem}-changes.jsonl`);
        makeFolder(dirname(path), log);
        await writeText(path, texts.join('\n'));
        const job = { complete: isAll ? [ecosystem] : [], asOf: stamp, exportStamp: stamp };
        return importFrom(path, job).finally(() => rmSync(path, { force: true }));
      },
    };
  };

  return {
    ecosystems: ECOSYSTEMS,
    files: nodeFiles,
    clock: systemClock,
    log,
    knowledge,
    mayGoOnline: !settings.offline,
    isOnline: () => knowledge.configuration.network === 'on',
    setOnline: (online) => {
      const network = settings.offline ? 'off' : online ? 'on' : 'no-consent';
      if (network === 'on') answers.prepare?.();
      if (network !== knowledge.configuration.network) knowledge.configure({ ...knowledge.configuration, network });
    },
    readPolicy: policyReader(hosts.npm === publicBase ? undefined : hosts.npm),
    openRepository: async (folder) => {
      const { openGitRepository } = await import('./io/git/git-repository.ts');
      return openGitRepository(folder, environment, process.platform);
    },
    advisoryRecords: (id, signal) => {
      const osv = knowledge.configuration.network === 'on' ? hosts.osv : undefined;
      return findRecords(id, { local: (wanted) => databases.records(wanted), osv, pump }, signal);
    },
    surveyImports: async (sought, signal) => {
      if (request.isShortLived !== true) {
        return runSurveyInWorker(surveyWorkerPath(import.meta.dirname), sought, signal);
      }
      // Nobody types meanwhile, and a thread takes longer to start.
      const { surveyImports } = await import('./workers/survey-imports.ts');
      return surveyImports(sought);
    },
    importAdvisories: async (paths, complete, signal, onProgress) => {
      const target = explicit ?? newGenerationPath(dataFolder, systemClock.now());
      makeFolder(dirname(target), log);
      const report = await runImportInWorker(
        importWorkerPath(import.meta.dirname),
        {
          inputs: paths,
          target,
          previous: databases.path(),
          complete: complete ? ECOSYSTEMS.map(({ osvName }) => osvName) : [],
          now: systemClock.now(),
        },
        {
          signal,
          onProgress: ({ input, records }) => onProgress(`${input}: ${String(records)} advisories`),
        },
      );
      knowledge.configure({ ...knowledge.configuration, database: databases.open() });
      removeOldGenerations(dataFolder, systemClock.now());
      const problems = report.problems === 0 ? '' : `, ${String(report.problems)} could not be read`;
      return `${String(report.stored)} advisories imported${problems}`;
    },
    followsExport: () => databases.exportStamp() !== undefined,
    updateAdvisories: async (watch) => {
      if (!(await answers.lease(UPDATE_LEASE, UPDATE_LEASE_MS))) return undefined;
      let renewedAt = systemClock.now();
      const onProgress = (message: string): void => {
        watch.onProgress(message);
        if (systemClock.now() - renewedAt < RENEW_LEASE_MS) return;
        renewedAt = systemClock.now();
        void answers.lease(UPDATE_LEASE, 0).then(() => answers.lease(UPDATE_LEASE, UPDATE_LEASE_MS));
      };
      try {
        return await updateFromExport(exportWorld({ ...watch, onProgress }), { ...watch, onProgress });
      } finally {
        knowledge.configure({ ...knowledge.configuration, database: databases.open() });
        removeOldGenerations(dataFolder, systemClock.now());
        await answers.lease(UPDATE_LEASE, 0);
      }
    },
    releaseMemory,
    clearStored: async () => {
      await answers.clear();
      knowledge.forget();
    },
    close: async () => {
      await verifier.close();
      await answers.close();
      await straight.close();
      databases.close();
    },
  };
}

/** The generation in use. A new one takes its place when an import has ended. */
class Databases {
  readonly #folder: string;
  readonly #explicit: string | undefined;
  readonly #log: Log;
  #current: OpenAdvisoryDatabase | undefined;

  constructor(folder: string, explicit: string | undefined, log: Log) {
    this.#folder = folder;
    this.#explicit = explicit;
    this.#log = log;
  }

  open(): OpenAdvisoryDatabase | undefined {
    const before = this.#current;
    const seed = seedPath(dirname(import.meta.dirname));
    try {
      this.#current = openAdvisories({ folder: this.#folder, explicit: this.#explicit, seed }, this.#log);
    } catch (error) {
      this.#log.error(
        `the advisory database cannot be used: ${error instanceof Error ? error.message : String(error)}`,
      );
      this.#current = undefined;
    }
    before?.close();
    return this.#current;
  }

  /** One that was imported whole by hand follows the export from its newest record on. */
  exportStamp(): number | undefined {
    const current = this.#current;
    const held = current?.info.ecosystems.find(({ name }) => name === ECOSYSTEMS[0]?.osvName);
    return current?.exportStamp ?? (held?.complete === true ? held.asOf : undefined);
  }

  records(id: string): readonly AdvisoryRecord[] {
    return this.#current?.records(id) ?? [];
  }

  path(): string | undefined {
    return this.#current?.path;
  }

  close(): void {
    this.#current?.close();
    this.#current = undefined;
  }
}

/** Reads a project's registry configuration; the answer is the same object while no file of it changed. */
function policyReader(publicRegistryHost: string | undefined): World['readPolicy'] {
  const cache = new Map<string, { readonly stamp: string; readonly policy: RegistryPolicy }>();
  const userConfigPath = process.env['NPM_CONFIG_USERCONFIG'] ?? join(homedir(), '.npmrc');
  const userSettingsPaths = [
    join(process.env['XDG_CONFIG_HOME'] ?? homedir(), '.bunfig.toml'),
    join(homedir(), '.yarnrc.yml'),
  ];
  return async (ecosystem: Ecosystem, layout, trusted) => {
    const files = [userConfigPath, ...userSettingsPaths, ...layout.registryConfigs];
    const stamps = await Promise.all(
      files.map(async (path) => {
        const stat = await nodeFiles.stat(path);
        return stat === undefined ? '-' : `${String(stat.modifiedMs)}:${String(stat.size)}`;
      }),
    );
    const key = `${ecosystem.id}\n${layout.root}`;
    const stamp = [String(trusted), layout.managerVersion, ...files, ...stamps].join('\n');
    const before = cache.get(key);
    if (before?.stamp === stamp) return before.policy;
    const policy = await ecosystem.readPolicy(nodeFiles, layout, {
      trusted,
      userConfigPath,
      userSettingsPaths,
      environment: process.env,
      publicRegistryHost,
    });
    cache.set(key, { stamp, policy });
    return policy;
  };
}

/**
 * What signatures are verified against. A file of other keys and another root counts only where the user points the registry
 * at another host as well: a demo or a test. Newer ones than its own are asked for where it brings the TUF root, `tufRoot`,
 * that they follow from.
 */
function trustSource(path: string | undefined, publicBase: string, log: Log): TrustSource {
  const sigstore: TrustRepository = {
    root: embeddedTufRoot,
    keysTarget: `${URL.canParse(publicBase) ? new URL(publicBase).host : ''}/keys.json`,
    read: async (request) => {
      const { readTuf } = await import('./io/tuf-targets.ts');
      return readTuf(request);
    },
  };
  if (path === undefined) return { initial: embeddedTrust, repository: sigstore };
  try {
    const document: unknown = JSON.parse(readFileSync(path, 'utf8'));
    const tufRoot = field(document, 'tufRoot');
    return {
      initial: () => withTrustDocument(embeddedTrust(), document),
      repository: tufRoot === undefined ? undefined : { ...sigstore, root: () => JSON.stringify(tufRoot) },
    };
  } catch (error) {
    log.warn(
      `the keys of PROVENDER_TRUSTED_KEYS are not used: ${error instanceof Error ? error.message : String(error)}`,
    );
    return { initial: embeddedTrust };
  }
}

function makeFolder(path: string, log: Log): void {
  try {
    mkdirSync(path, { recursive: true });
  } catch (error) {
    log.warn(`nothing can be stored: ${error instanceof Error ? error.message : String(error)}`);
  }
}
