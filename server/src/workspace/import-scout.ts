import type { ImportUses, SurveyImports } from '../core/import-use.ts';
import type { Clock, Log } from '../core/ports.ts';
import { projectKey, type ProjectLayout } from '../core/project.ts';
import { importUses } from './import-uses.ts';
import { QuietRounds } from './quiet-rounds.ts';
import type { ProjectView, Snapshot } from './snapshot.ts';

export interface ImportScoutOptions {
  readonly surveyImports: SurveyImports;
  readonly clock: Clock;
  readonly log: Log;
  /** What was found may change the order of findings. */
  readonly onFound: () => void;
}

/** The sources are read once the first findings are on the screen, in milliseconds. */
const QUIET_MS = 2_000;

/** How long what was read holds, in milliseconds: imports change more often than they matter. */
const HOLDS_MS = 600_000;

interface Surveyed {
  readonly at: number;
  readonly manifests: string;
  readonly uses: ImportUses;
}

/** Knows what the sources of each project import. Only projects with findings are looked at: nothing else rests on it. */
export class ImportScout {
  readonly #options: ImportScoutOptions;
  readonly #rounds: QuietRounds;
  readonly #surveyed = new Map<string, Surveyed>();
  #snapshot: Snapshot | undefined;

  constructor(options: ImportScoutOptions) {
    this.#options = options;
    this.#rounds = new QuietRounds({
      clock: options.clock,
      quietMs: QUIET_MS,
      round: (signal) => this.#surveyDue(signal),
      onTrouble: (error) => options.log.error(`imports could not be read: ${String(error)}`),
    });
  }

  /** The same object until a project was read again. */
  usesOf(layout: ProjectLayout): ImportUses | undefined {
    return this.#surveyed.get(projectKey(layout))?.uses;
  }

  /** Reads, a moment later, what is due. */
  consider(snapshot: Snapshot): void {
    this.#snapshot = snapshot;
    this.#rounds.consider(() => snapshot.projects.some((it) => this.#isDue(it)));
  }

  /** Reads the sources of these projects now. Rejects with the signal's reason when it is aborted. */
  async survey(projects: readonly ProjectView[], signal: AbortSignal): Promise<void> {
    for (const project of projects) {
      if (!this.#isDue(project)) continue;
      const { layout, ecosystem, settings } = project;
      const manifests = layout.manifests.flatMap(({ path, importer }) => (importer === undefined ? [] : [path]));
      const request = { ecosystem: ecosystem.id, root: layout.root, manifests, exclude: settings.exclude };
      const uses = importUses(await this.#options.surveyImports(request, signal), ecosystem.imports);
      this.#surveyed.set(projectKey(layout), { at: this.#options.clock.now(), manifests: manifestsOf(layout), uses });
    }
  }

  dispose(): void {
    this.#rounds.dispose();
  }

  #isDue({ layout, settings, assessment }: ProjectView): boolean {
    if (!settings.imports || assessment.findings.length === 0) return false;
    const before = this.#surveyed.get(projectKey(layout));
    return before?.manifests !== manifestsOf(layout) || this.#options.clock.now() - before.at >= HOLDS_MS;
  }

  async #surveyDue(signal: AbortSignal): Promise<void> {
    await this.survey(this.#snapshot?.projects ?? [], signal);
    this.#options.onFound();
  }
}

function manifestsOf({ manifests }: ProjectLayout): string {
  return manifests.map(({ path }) => path).join('\n');
}
