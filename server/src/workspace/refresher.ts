import type { Learner, Subject } from '../core/knowledge.ts';
import type { Clock, Log } from '../core/ports.ts';
import { DECLARED } from './declared-lockfile.ts';
import type { Installed } from './installed-packages.ts';
import { OneSlot } from './one-slot.ts';
import type { ProjectView, Snapshot } from './snapshot.ts';

export interface RefresherOptions {
  readonly learner: Learner;
  readonly clock: Clock;
  readonly log: Log;
  /** False while nothing may be sent. */
  readonly mayAsk: () => boolean;
  readonly onProgress: (done: number, total: number) => void;
  /** Called when a round has begun (true) and when none runs any more (false). */
  readonly onBusy: (busy: boolean) => void;
}

/** How long the typing must rest before new names are looked up, in milliseconds. */
const QUIET_MS = 400;
/** How long the verification of what is stored waits, in milliseconds. */
const RECALL_DELAY_MS = 500;
/** How often everything is asked again, as far as stored answers are stale, in milliseconds. */
const AGAIN_MS = 60 * 60 * 1000;

/** Has what is missing looked up: at once for a new project, after a quiet moment for new names, and again every hour. */
export class Refresher {
  readonly #options: RefresherOptions;
  #snapshot: Snapshot | undefined;
  readonly #asked = new Map<string, Question>();
  readonly #recalled = new Map<string, Installed>();
  readonly #recallEnd = new AbortController();
  readonly #slot = new OneSlot(() => this.#round());
  #cancelQuiet: (() => void) | undefined;
  #cancelAgain: (() => void) | undefined;
  #isClosed = false;
  #abort: AbortController | undefined;
  #force = false;

  constructor(options: RefresherOptions) {
    this.#options = options;
  }

  /** Looks whether the snapshot holds packages that were not asked about. */
  consider(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    if (this.#isClosed) return;
    if (!this.#options.mayAsk()) {
      this.#recallNew(snapshot);
      return;
    }
    const changed = snapshot.projects.filter(
      (project) => !isSame(this.#asked.get(keyOf(project)), questionOf(project)),
    );
    if (changed.some((project) => !this.#asked.has(keyOf(project)))) void this.#slot.run();
    else if (changed.length > 0) this.#askSoon();
  }

  /** Where nobody may be asked, what is stored about signatures is verified all the same. */
  #recallNew({ projects }: Snapshot): void {
    for (const project of projects) {
      if (!project.settings.signatures || this.#recalled.get(keyOf(project)) === project.installed) continue;
      this.#recalled.set(keyOf(project), project.installed);
      // The first findings come before it.
      this.#options.clock.after(RECALL_DELAY_MS, () => void this.#recall(project));
    }
  }

  async #recall(project: ProjectView): Promise<void> {
    if (this.#isClosed) return;
    const { direct, transitive } = subjectsOf(project);
    const { learner, log } = this.#options;
    try {
      await learner.recall([...direct, ...transitive], this.#recallEnd.signal);
    } catch (error) {
      if (!this.#recallEnd.signal.aborted) log.error(`stored signatures could not be verified: ${describe(error)}`);
    }
  }

  /** Asks everything again now, fresh or not. Resolves when it is done. */
  async force(): Promise<void> {
    this.#force = true;
    await this.#slot.run();
  }

  /** Ends the look-ups under way. What they did not learn is asked again in an hour, or when it is forced. */
  cancel(): void {
    this.#cancelQuiet?.();
    this.#cancelQuiet = undefined;
    this.#abort?.abort(new DOMException('cancelled', 'AbortError'));
  }

  /** Nothing is asked any more. */
  dispose(): void {
    this.#isClosed = true;
    this.#recallEnd.abort();
    this.cancel();
    this.#cancelAgain?.();
    this.#cancelAgain = undefined;
  }

  #askSoon(): void {
    this.#cancelQuiet?.();
    this.#cancelQuiet = this.#options.clock.after(QUIET_MS, () => {
      this.#cancelQuiet = undefined;
      void this.#slot.run();
    });
  }

  #askAgainLater(): void {
    if (this.#isClosed) return;
    this.#cancelAgain ??= this.#options.clock.after(AGAIN_MS, () => {
      this.#cancelAgain = undefined;
      this.#asked.clear();
      void this.#slot.run();
    });
  }

  async #round(): Promise<void> {
    const snapshot = this.#snapshot;
    if (this.#isClosed || snapshot === undefined || !this.#options.mayAsk()) return;
    const force = this.#force;
    this.#force = false;
    const projects = snapshot.projects.filter(
      (project) => force || !isSame(this.#asked.get(keyOf(project)), questionOf(project)),
    );
    if (projects.length === 0) return;
    for (const project of projects) this.#asked.set(keyOf(project), questionOf(project));
    const abort = new AbortController();
    this.#abort = abort;
    this.#options.onBusy(true);
    try {
      await this.#askAll(projects, force, abort.signal);
    } catch (error) {
      if (!abort.signal.aborted) this.#options.log.error(`look-up failed: ${describe(error)}`);
    } finally {
      this.#abort = undefined;
      this.#options.onBusy(false);
      this.#askAgainLater();
    }
  }

  async #askAll(projects: readonly ProjectView[], force: boolean, signal: AbortSignal): Promise<void> {
    const { learner, onProgress } = this.#options;
    for (const project of projects) {
      const { policy, settings } = project;
      await learner.refresh(
        {
          ...subjectsOf(project),
          policy,
          force,
          signatures: settings.signatures ? 'all' : 'none',
          health: settings.health,
          epss: true,
          onProgress,
        },
        signal,
      );
    }
  }
}

function keyOf(project: ProjectView): string {
  return `${project.layout.root}\n${project.layout.lockfile ?? ''}`;
}

/** What a round asks about: other packages installed, or other names declared that are not installed. */
interface Question {
  readonly installed: Installed;
  readonly declared: string;
}

function questionOf(project: ProjectView): Question {
  const names = new Set<string>();
  for (const { lines } of project.manifests) {
    for (const { subject, isLocked } of lines)
      if (subject && !isLocked) names.add(`${subject.name}@${subject.version}`);
  }
  return { installed: project.installed, declared: [...names].sort().join(' ') };
}

function isSame(a: Question | undefined, b: Question): boolean {
  if (a?.declared !== b.declared) return false;
  return a.installed === b.installed || b.installed.lockfile.format === DECLARED;
}

/** The registry packages of a project, direct dependencies first; a name that is only declared counts as direct. */
export function subjectsOf(project: ProjectView): { direct: Subject[]; transitive: Subject[] } {
  const direct = new Map<string, Subject>();
  const transitive: Subject[] = [];
  for (const item of project.installed.packages) {
    if (item.source !== 'registry') continue;
    if (item.direct) direct.set(`${item.subject.name}@${item.subject.version}`, item.subject);
    else transitive.push(item.subject);
  }
  for (const { lines } of project.manifests) {
    for (const { subject } of lines) {
      if (subject !== undefined) direct.set(`${subject.name}@${subject.version}`, subject);
    }
  }
  return { direct: [...direct.values()], transitive };
}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
