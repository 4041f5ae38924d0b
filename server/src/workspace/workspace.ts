import { basename } from 'node:path';

import type { BaseState } from '../core/base-state.ts';
import type { DecisionSet } from '../core/decision.ts';
import type { Ecosystem } from '../core/ecosystem.ts';
import type { ImportUses } from '../core/import-use.ts';
import type { Knowledge, SourceStatus } from '../core/knowledge.ts';
import type { Clock, Files, Log } from '../core/ports.ts';
import { projectKey, type ProjectLayout } from '../core/project.ts';
import type { RegistryPolicy } from '../core/registry-policy.ts';
import { withProjectSettings, type Settings } from '../core/settings.ts';
import type { Assessment } from './assess-packages.ts';
import { DecisionFiles, mayHoldDecisions } from './decision-files.ts';
import { DocumentStore } from './document-store.ts';
import { excludeMatcher } from '../core/exclude-matcher.ts';
import { OneSlot } from './one-slot.ts';
import { ProjectViewer } from './project.ts';
import type { ProjectInput } from './project-input.ts';
import type { LockfileView, ManifestView, ProjectView, Snapshot } from './snapshot.ts';

/** A folder that the editor has open, or that the command line was pointed at. */
export interface FolderConfig {
  /** Absolute path of a folder or of one file. */
  readonly path: string;
  readonly settings: Settings;
  readonly trusted: boolean;
  /** True for paths to leave out. */
  readonly isExcluded: (path: string) => boolean;
}

export interface WorkspaceOptions {
  readonly ecosystems: readonly Ecosystem[];
  readonly files: Files;
  readonly clock: Clock;
  readonly log: Log;
  readonly knowledge: Knowledge;
  /** Reads the registry configuration that rules a project. */
  readonly readPolicy: (ecosystem: Ecosystem, layout: ProjectLayout, folder: FolderConfig) => Promise<RegistryPolicy>;
  /** What the sources of a project import, so far as it is known. Absent: nobody reads them. */
  readonly importsOf?: (layout: ProjectLayout) => ImportUses | undefined;
  /** The earlier commit that tells what is new in a project, so far as it is known. Absent: nobody asks. */
  readonly baseOf?: (layout: ProjectLayout) => BaseState | undefined;
  readonly onSnapshot: (snapshot: Snapshot) => void;
}

interface ProjectState {
  readonly folder: FolderConfig;
  readonly viewer: ProjectViewer;
  input: ProjectInput;
}

/** How long knowledge may pour in before the views are made again, in milliseconds. */
const KNOWLEDGE_DELAY_MS = 150;

/** How long the typing in a file of decisions must rest before it counts, in milliseconds. */
const DECISIONS_DELAY_MS = 300;

const MANIFESTS_AT_ONCE = 16;

/** The one mutable place: folders, documents and projects. Everything else reads the snapshots that it makes. */
export class Workspace {
  readonly #options: WorkspaceOptions;
  readonly #documents: DocumentStore;
  readonly #scan: OneSlot;
  readonly #decisions: DecisionFiles;
  #folders: readonly FolderConfig[] = [];
  #projects: readonly ProjectState[] = [];
  #snapshot: Snapshot;
  #cancelPending: (() => void) | undefined;
  #cancelDecisions: (() => void) | undefined;
  #sources:
    | {
        readonly revision: number;
        readonly assessments: readonly Assessment[];
        readonly value: readonly SourceStatus[];
      }
    | undefined;

  constructor(options: WorkspaceOptions) {
    this.#options = options;
    this.#documents = new DocumentStore(options.files);
    this.#decisions = new DecisionFiles(options.files, (path) => this.#documents.openText(path));
    this.#scan = new OneSlot(() => this.#scanFolders());
    this.#snapshot = this.#takeSnapshot(0);
  }

  get snapshot(): Snapshot {
    return this.#snapshot;
  }

  get folders(): readonly FolderConfig[] {
    return this.#folders;
  }

  /** The projects that were found from a folder, as of the newest snapshot. */
  projectsOf(folder: FolderConfig): readonly ProjectView[] {
    return this.#snapshot.projects.filter((_, index) => this.#projects[index]?.folder === folder);
  }

  /** Replaces the folders and reads their projects. Resolves when a snapshot holds them. */
  async setFolders(folders: readonly FolderConfig[]): Promise<void> {
    this.#folders = folders;
    await this.#scan.run();
  }

  /** Reads files, layouts and registry configuration again, as after a change on disk. Unchanged files are not parsed again. */
  async rescan(): Promise<void> {
    await this.#scan.run();
  }

  async openDocument(path: string, text: string, version: number): Promise<void> {
    this.#documents.open(path, text, version);
    if (this.#isOfDecisions(path)) this.#readDecisionsSoon();
    if (this.#updateOpen(path) || !this.#isOurs(path)) return;
    // Editors open documents while the folders are read for the first time. What is found takes over the open texts.
    await this.#scan.current;
    if (!this.#holds(path)) await this.#scan.run();
  }

  /** A keystroke: the document is parsed and the snapshot replaced before this returns. What is on disk counts for all others. */
  changeDocument(path: string, text: string, version: number): void {
    this.#documents.open(path, text, version);
    if (this.#isOfDecisions(path)) this.#readDecisionsSoon();
    this.#updateOpen(path);
  }

  async closeDocument(path: string): Promise<void> {
    this.#documents.close(path);
    if (this.#isOurs(path) || this.#isOfDecisions(path)) await this.#scan.run();
  }

  /** Lets go of what only the first moments need. */
  settle(): void {
    this.#documents.settle();
  }

  /** The text of an open document, for edits that must not be applied to another text. */
  openText(path: string): { readonly text: string; readonly version: number } | undefined {
    return this.#documents.openText(path);
  }

  /**
   * Knowledge has grown: the views are made again soon, once for many answers. `isUrgent` does not wait for more: what
   * has come may be a finding.
   */
  knowledgeChanged(isUrgent = false): void {
    if (isUrgent) this.#cancelPending?.();
    else if (this.#cancelPending !== undefined) return;
    this.#cancelPending = this.#options.clock.after(isUrgent ? 0 : KNOWLEDGE_DELAY_MS, () => {
      this.#cancelPending = undefined;
      this.#publish();
    });
  }

  /** Makes the views again at once. */
  flush(): void {
    this.#cancelPending?.();
    this.#cancelPending = undefined;
    this.#publish();
  }

  dispose(): void {
    this.#cancelPending?.();
    this.#cancelPending = undefined;
    this.#cancelDecisions?.();
  }

  /** Once for many keystrokes: the files of a project are read again. */
  #readDecisionsSoon(): void {
    this.#cancelDecisions?.();
    this.#cancelDecisions = this.#options.clock.after(DECISIONS_DELAY_MS, () => {
      this.#cancelDecisions = undefined;
      this.#scan.run().catch((error: unknown) => this.#options.log.error(`decisions: ${String(error)}`));
    });
  }

  /** True for names of documents that a layout may be made of. Editors open many others. */
  #isOurs(path: string): boolean {
    const name = basename(path);
    return this.#options.ecosystems.some(({ manifestNames, lockfileNames, configNames }) =>
      [manifestNames, lockfileNames, configNames].some((names) => names.includes(name)),
    );
  }

  /** True for what holds decisions and nothing else: in a manifest they count when it is saved. */
  #isOfDecisions(path: string): boolean {
    return mayHoldDecisions(path) && !this.#isOurs(path);
  }

  /** Takes over the editor's text of a document. False when no project has the document. */
  #updateOpen(path: string): boolean {
    const holders = this.#projects.filter((state) => isHeldBy(state, path));
    for (const state of holders) state.input = this.#withOpenTexts(state.input);
    if (holders.length > 0) this.#publish();
    return holders.length > 0;
  }

  #holds(path: string): boolean {
    return this.#projects.some((state) => isHeldBy(state, path));
  }

  #withOpenTexts(input: ProjectInput): ProjectInput {
    const { layout, ecosystem } = input;
    const manifests = input.manifests.map((item) => {
      const document = this.#documents.openManifest(item.document.path, ecosystem);
      return document === undefined || document === item.document ? item : { importer: item.importer, document };
    });
    const lockfile =
      layout.lockfile === undefined ? undefined : this.#documents.openLockfile(layout.lockfile, ecosystem);
    return { ...input, manifests, lockfile: lockfile ?? input.lockfile };
  }

  async #scanFolders(): Promise<void> {
    const { ecosystems, files, log } = this.#options;
    const before = new Map(this.#projects.map((state) => [projectKey(state.input.layout), state]));
    const found = new Map<string, ProjectState>();
    for (const folder of this.#folders) {
      if (!folder.settings.enable) continue;
      const isExcluded = await this.#exclusionOf(folder);
      for (const ecosystem of ecosystems) {
        const layouts = await ecosystem.discover(files, folder.path, {
          ceiling: undefined,
          exclude: isExcluded,
        });
        for (const layout of layouts) {
          const key = projectKey(layout);
          if (found.has(key)) continue;
          found.set(key, await this.#load(layout, ecosystem, folder, before.get(key)));
        }
      }
    }
    log.debug(`${String(found.size)} projects in ${String(this.#folders.length)} folders`);
    // The typing went on while the disk was read.
    for (const state of found.values()) state.input = this.#withOpenTexts(state.input);
    this.#projects = [...found.values()];
    this.#publish();
  }

  /** What the folder's own file leaves out besides. */
  async #exclusionOf({ path, trusted, isExcluded }: FolderConfig): Promise<FolderConfig['isExcluded']> {
    const { files } = await this.#decisions.read(path, path, trusted, undefined);
    const patterns = trusted ? files.flatMap(({ settings }) => settings?.exclude ?? []) : [];
    if (patterns.length === 0) return isExcluded;
    const isLeftOut = excludeMatcher(path, patterns);
    return (each) => isExcluded(each) || isLeftOut(each);
  }

  async #load(
    layout: ProjectLayout,
    ecosystem: Ecosystem,
    folder: FolderConfig,
    before: ProjectState | undefined,
  ): Promise<ProjectState> {
    const [policy, lockfile, manifests, decisions] = await Promise.all([
      this.#options.readPolicy(ecosystem, layout, folder),
      layout.lockfile === undefined ? undefined : this.#documents.lockfile(layout.lockfile, ecosystem),
      this.#loadManifests(layout, ecosystem),
      this.#decisionsOf(layout, folder, before?.input.decisions),
    ]);
    const settings = this.#settingsOf(folder, decisions, before?.input.settings);
    const input = { layout, ecosystem, settings, policy, manifests, lockfile, decisions };
    return { folder, viewer: before?.viewer ?? new ProjectViewer(), input };
  }

  /** The same object while nothing changed. What an untrusted folder says of findings is shown and changes nothing. */
  async #decisionsOf(
    { root }: ProjectLayout,
    { path, trusted }: FolderConfig,
    before: DecisionSet | undefined,
  ): Promise<DecisionSet> {
    return this.#decisions.read(root, path, trusted, before);
  }

  /** The same object while they say the same, since views rest on it. */
  #settingsOf({ settings }: FolderConfig, { files, isApplied }: DecisionSet, before: Settings | undefined): Settings {
    const own = isApplied ? files.flatMap((file) => file.settings ?? []) : [];
    if (own.length === 0) return settings;
    const merged = withProjectSettings(settings, own);
    return before !== undefined && JSON.stringify(before) === JSON.stringify(merged) ? before : merged;
  }

  /** A workspace may have hundreds of members. */
  async #loadManifests({ manifests }: ProjectLayout, ecosystem: Ecosystem): Promise<ProjectInput['manifests']> {
    const loaded: ProjectInput['manifests'][number][] = [];
    for (let at = 0; at < manifests.length; at += MANIFESTS_AT_ONCE) {
      const some = manifests.slice(at, at + MANIFESTS_AT_ONCE).map(async ({ path, importer }) => {
        const document = await this.#documents.manifest(path, ecosystem);
        return document === undefined ? [] : [{ importer, document }];
      });
      loaded.push(...(await Promise.all(some)).flat());
    }
    return loaded;
  }

  #publish(): void {
    this.#snapshot = this.#takeSnapshot(this.#snapshot.sequence + 1);
    this.#options.onSnapshot(this.#snapshot);
  }

  #takeSnapshot(sequence: number): Snapshot {
    const { knowledge, clock, importsOf, baseOf } = this.#options;
    const manifests = new Map<string, ManifestView>();
    const owners = new Map<string, ProjectView>();
    const lockfiles = new Map<string, LockfileView>();
    const projects = this.#projects.map(({ viewer, input }) =>
      viewer.view(
        { ...input, imports: importsOf?.(input.layout), base: baseOf?.(input.layout) },
        knowledge,
        clock.now(),
      ),
    );
    for (const project of projects) {
      for (const manifest of project.manifests) {
        const { path } = manifest.document;
        manifests.set(path, manifest);
        // A file that two projects hold is the first one's to speak of.
        if (!owners.has(path)) owners.set(path, project);
      }
      if (project.lockfile) lockfiles.set(project.lockfile.document.path, project.lockfile);
    }
    const sources = this.#sourcesFor(projects.map(({ assessment }) => assessment));
    return { sequence, takenAt: clock.now(), projects, manifests, owners, lockfiles, sources };
  }

  /** Asked again only when something was looked up: a source's age takes a walk over all its answers. */
  #sourcesFor(assessments: readonly Assessment[]): readonly SourceStatus[] {
    const { knowledge } = this.#options;
    const { revision } = knowledge;
    const before = this.#sources;
    const isSame =
      before?.revision === revision &&
      before.assessments.length === assessments.length &&
      before.assessments.every((item, at) => item === assessments[at]);
    if (isSame) return before.value;
    this.#sources = { revision, assessments, value: knowledge.sources() };
    return this.#sources.value;
  }
}

function isHeldBy({ input: { layout, manifests } }: ProjectState, path: string): boolean {
  return layout.lockfile === path || manifests.some(({ document }) => document.path === path);
}
