import { earlier, type BaseState, type EarlierVersion } from '../core/base-state.ts';
import type { Knowledge, Learner, Subject } from '../core/knowledge.ts';
import { packageKey } from '../core/package.ts';
import type { Clock, Files, Log } from '../core/ports.ts';
import { projectKey, type ProjectLayout } from '../core/project.ts';
import { RepositoryError, type Repository } from '../core/repository.ts';
import { findBase, mainBranch } from './find-base.ts';
import type { Installed } from './installed-packages.ts';
import { QuietRounds } from './quiet-rounds.ts';
import type { ProjectView, Snapshot } from './snapshot.ts';

export interface BaseScoutOptions {
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly knowledge: Knowledge & Learner;
  readonly isOnline: () => boolean;
  readonly openRepository: (folder: string) => Promise<Repository>;
  /** What is new may be told apart now. */
  readonly onFound: () => void;
}

/** Git is asked once the first findings are on the screen, in milliseconds. */
const QUIET_MS = 3_000;

/** How long an answer holds while nothing else is installed, in milliseconds: a commit or another branch changes it. */
const HOLDS_MS = 300_000;

interface Compared {
  readonly at: number;
  readonly installed: Installed;
  /** False: nobody could be asked about the versions of then. */
  readonly isOnline: boolean;
  /** Undefined where there is nothing to compare with. */
  readonly state: BaseState | undefined;
}

/**
 * Knows how the packages of each project differ from those of the commit where its branch left the main one; on that one,
 * from the last commit. Only folders that are trusted are looked at.
 */
export class BaseScout {
  readonly #options: BaseScoutOptions;
  readonly #rounds: QuietRounds;
  readonly #compared = new Map<string, Compared>();
  #snapshot: Snapshot | undefined;

  constructor(options: BaseScoutOptions) {
    this.#options = options;
    this.#rounds = new QuietRounds({
      clock: options.clock,
      quietMs: QUIET_MS,
      round: (signal) => this.#compareDue(signal),
      onTrouble: (error) => options.log.error(`what is new cannot be told: ${String(error)}`),
    });
  }

  /** The same object until a project was compared again. */
  stateOf(layout: ProjectLayout): BaseState | undefined {
    return this.#compared.get(projectKey(layout))?.state;
  }

  /** Compares, a moment later, what is due. */
  consider(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#rounds.consider(() => snapshot.projects.some((it) => this.#isDue(it)));
  }

  dispose(): void {
    this.#rounds.dispose();
  }

  #isDue({ layout, installed, decisions }: ProjectView): boolean {
    if (!decisions.isApplied || layout.lockfile === undefined) return false;
    const before = this.#compared.get(projectKey(layout));
    if (before?.installed !== installed || (this.#options.isOnline() && !before.isOnline)) return true;
    return this.#options.clock.now() - before.at >= HOLDS_MS;
  }

  async #compareDue(signal: AbortSignal): Promise<void> {
    const due = (this.#snapshot?.projects ?? []).filter((project) => this.#isDue(project));
    for (const project of due) {
      const state = await this.#compare(project);
      const isOnline = this.#options.isOnline();
      if (state !== undefined) await this.#ask(project, state, signal);
      signal.throwIfAborted();
      const { layout, installed } = project;
      this.#compared.set(projectKey(layout), { at: this.#options.clock.now(), installed, isOnline, state });
    }
    if (due.length > 0) this.#options.onFound();
  }

  /** What git cannot tell marks nothing as new, and is no trouble: many folders are in no repository. */
  async #compare(project: ProjectView): Promise<BaseState | undefined> {
    const path = project.layout.lockfile;
    if (path === undefined) return undefined;
    let repository: Repository | undefined;
    try {
      repository = await this.#options.openRepository(project.layout.root);
      const base = await findBase(repository, await mainBranch(repository));
      if ('trouble' in base || base.commit === undefined) return undefined;
      const then = await (await repository.filesOf({ commit: base.commit })).readText(path);
      // Another package manager's lockfile, or none: all would be new.
      if (then === undefined) return undefined;
      const isSame = then === (await this.#options.files.readText(path));
      return isSame ? { name: base.name, added: new Set(), gone: new Map() } : differenceFrom(then, base.name, project);
    } catch (error) {
      if (!(error instanceof RepositoryError)) throw error;
      this.#options.log.debug(`what is new cannot be told: ${error.message}`);
      return undefined;
    } finally {
      repository?.close();
    }
  }

  /**
   * Whether the versions of then had the same advisories has to be known; of direct dependencies also how they were
   * published.
   */
  async #ask(
    { assessment, policy, installed, settings }: ProjectView,
    { added, gone }: BaseState,
    signal: AbortSignal,
  ): Promise<void> {
    const affected = new Set(assessment.findings.map(({ package: { name, version } }) => packageKey(name, version)));
    const direct = new Map<string, Subject>();
    const transitive = new Map<string, Subject>();
    for (const item of installed.packages) {
      const { subject } = item;
      const key = packageKey(subject.name, subject.version);
      const isCompared = item.direct && settings.signatures;
      if (item.source !== 'registry' || !added.has(key) || !(isCompared || affected.has(key))) continue;
      for (const version of gone.get(subject.name) ?? []) {
        (isCompared ? direct : transitive).set(packageKey(subject.name, version.version), earlier(subject, version));
      }
    }
    const { knowledge, isOnline } = this.#options;
    if (!isOnline()) {
      await knowledge.recall([...direct.values()], signal);
    } else if (direct.size + transitive.size > 0) {
      const subjects = { direct: [...direct.values()], transitive: [...transitive.values()] };
      const options = { policy, force: false, health: false, onProgress: () => undefined };
      await knowledge.refresh({ ...subjects, ...options, signatures: 'direct' }, signal);
    }
  }
}

/** Undefined where the text of then cannot be read in whole: what was not read would look new. */
function differenceFrom(
  then: string,
  name: string,
  { ecosystem, layout, installed }: ProjectView,
): BaseState | undefined {
  const { value, problems } = ecosystem.parseLockfile(layout.lockfile ?? '', then);
  if (problems.length > 0) return undefined;
  const now = new Set(installed.packages.map(({ subject }) => packageKey(subject.name, subject.version)));
  const before = new Set<string>();
  const gone = new Map<string, EarlierVersion[]>();
  for (const { name: packageName, version, integrity } of value.entries) {
    const key = packageKey(packageName, version);
    if (before.has(key)) continue;
    before.add(key);
    if (!now.has(key)) gone.set(packageName, [...(gone.get(packageName) ?? []), { version, integrity }]);
  }
  for (const versions of gone.values()) versions.sort((a, b) => ecosystem.versions.compare(a.version, b.version));
  return {
    name,
    added: new Set([...now].filter((key) => !before.has(key))),
    gone,
  };
}
