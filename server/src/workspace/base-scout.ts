import { earlier, type BaseState } from '../core/base-state.ts';
import type { Knowledge, Learner, Subject } from '../core/knowledge.ts';
import { packageKey } from '../core/package.ts';
import type { Clock, Files, Log } from '../core/ports.ts';
import type { ProjectLayout } from '../core/project.ts';
import { RepositoryError, type Repository } from '../core/repository.ts';
import { findBase, mainBranch } from './find-base.ts';
import type { Installed } from './installed-packages.ts';
import { OneSlot } from './one-slot.ts';
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
  /** Undefined where there is nothing to compare with. */
  readonly state: BaseState | undefined;
}

/**
 * Knows how the packages of each project differ from those of the commit where its branch left the main one; on that one,
 * from the last commit. Only projects with findings are looked at, and only in folders that are trusted.
 */
export class BaseScout {
  readonly #options: BaseScoutOptions;
  readonly #slot: OneSlot;
  readonly #compared = new Map<string, Compared>();
  readonly #end = new AbortController();
  #snapshot: Snapshot | undefined;
  #cancel: (() => void) | undefined;

  constructor(options: BaseScoutOptions) {
    this.#options = options;
    this.#slot = new OneSlot(() => this.#compareDue());
  }

  /** The same object until a project was compared again. */
  stateOf(layout: ProjectLayout): BaseState | undefined {
    return this.#compared.get(keyOf(layout))?.state;
  }

  /** Compares, a moment later, what is due. */
  consider(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    if (this.#cancel !== undefined || this.#end.signal.aborted || !snapshot.projects.some((it) => this.#isDue(it))) {
      return;
    }
    this.#cancel = this.#options.clock.after(QUIET_MS, () => {
      this.#cancel = undefined;
      this.#slot.run().catch((error: unknown) => {
        if (!this.#end.signal.aborted) this.#options.log.error(`what is new cannot be told: ${String(error)}`);
      });
    });
  }

  dispose(): void {
    this.#end.abort();
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #isDue({ layout, assessment, installed, decisions }: ProjectView): boolean {
    if (!decisions.isApplied || layout.lockfile === undefined || assessment.findings.length === 0) return false;
    const before = this.#compared.get(keyOf(layout));
    return before?.installed !== installed || this.#options.clock.now() - before.at >= HOLDS_MS;
  }

  async #compareDue(): Promise<void> {
    const due = (this.#snapshot?.projects ?? []).filter((project) => this.#isDue(project));
    for (const project of due) {
      const state = await this.#compare(project);
      if (state !== undefined) await this.#ask(project, state);
      const { layout, installed } = project;
      this.#compared.set(keyOf(layout), { at: this.#options.clock.now(), installed, state });
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

  /** Whether the versions of then had the same advisories has to be known. */
  async #ask({ assessment, policy, installed }: ProjectView, { added, gone }: BaseState): Promise<void> {
    if (!this.#options.isOnline()) return;
    const affected = new Set(
      assessment.findings.flatMap(({ package: { name, version } }) =>
        added.has(packageKey(name, version)) ? [name] : [],
      ),
    );
    const wanted = new Map<string, Subject>();
    for (const { subject } of installed.packages) {
      if (!affected.has(subject.name)) continue;
      for (const version of gone.get(subject.name) ?? []) {
        wanted.set(packageKey(subject.name, version), earlier(subject, version));
      }
    }
    if (wanted.size === 0) return;
    // Named as what others bring in: of these only the advisories are asked.
    const subjects = { direct: [], transitive: [...wanted.values()] };
    const options = { policy, force: false, signatures: 'none' as const, health: false, onProgress: () => undefined };
    await this.#options.knowledge.refresh({ ...subjects, ...options }, this.#end.signal);
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
  const gone = new Map<string, Set<string>>();
  for (const entry of value.entries) {
    const key = packageKey(entry.name, entry.version);
    before.add(key);
    if (!now.has(key)) gone.set(entry.name, (gone.get(entry.name) ?? new Set()).add(entry.version));
  }
  return {
    name,
    added: new Set([...now].filter((key) => !before.has(key))),
    gone: new Map([...gone].map(([each, versions]) => [each, [...versions]])),
  };
}

function keyOf({ ecosystem, root, lockfile }: ProjectLayout): string {
  return `${ecosystem}\n${root}\n${lockfile ?? ''}`;
}
