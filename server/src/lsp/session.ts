import { basename } from 'node:path';
import {
  CancellationTokenSource,
  type Connection,
  type Diagnostic,
  type InitializeParams,
  type TextDocumentContentChangeEvent,
} from 'vscode-languageserver';
import { TextDocument } from 'vscode-languageserver-textdocument';

import type { Log } from '../core/ports.ts';
import { RepositoryError } from '../core/repository.ts';
import { readSettings, type Settings } from '../core/settings.ts';
import { decisionDiagnostics, rivalDiagnostics } from '../features/hygiene-diagnostics.ts';
import { lockfileDiagnostics } from '../features/lockfile/lockfile-diagnostics.ts';
import { FETCH_REQUEST, type FetchResult } from '../protocol.ts';
import { BaseScout } from '../workspace/base-scout.ts';
import { ImportScout } from '../workspace/import-scout.ts';
import { Refresher } from '../workspace/refresher.ts';
import type { ManifestView, OpenLockfile, ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { Workspace, type FolderConfig } from '../workspace/workspace.ts';
import { AdvisoryFollower } from './advisory-follower.ts';
import { clientTraits, type ClientTraits } from './client-traits.ts';
import { readFolders } from './configuration.ts';
import { Consent } from './consent.ts';
import { pathOf, UriMap } from './convert.ts';
import { InstallReport } from './install-report.ts';
import { ManifestDiagnostics } from './manifest-diagnostics.ts';
import { MemoryKeeper } from './memory-keeper.ts';
import { RoundProgress } from './progress.ts';
import { PublishGate } from './publish-gate.ts';
import { RecentAttempts } from './recent-attempts.ts';
import { ViewRefresher } from './refresh-views.ts';
import { StatusReporter } from './status.ts';
import { watchFiles, watchSettings } from './watch-files.ts';
import type { World, WorldRequest } from './world.ts';

export type OpenWorld = (request: WorldRequest) => Promise<World>;

/** What exists once the world has been opened. */
export interface Running {
  readonly world: World;
  readonly workspace: Workspace;
  readonly refresher: Refresher;
}

/** One client's session: its documents, its folders, and what is sent to it. */
export class Session {
  readonly connection: Connection;
  readonly traits: ClientTraits;
  readonly uris = new UriMap();
  readonly log: Log;
  /** Of upgrades, before they are offered as verified. */
  readonly verifications = new RecentAttempts(() => this.#now?.world.clock.now() ?? 0);
  /** What is being looked up for a list of fixes. */
  readonly lookups = new Set<Promise<void>>();
  readonly #openWorld: OpenWorld;
  readonly #initialize: InitializeParams;
  /** By URI. Paths are kept, since all are gone through at each snapshot and a URI takes long to take apart. */
  readonly #open = new Map<string, { readonly path: string; readonly document: TextDocument }>();
  readonly #manifestDiagnostics = new ManifestDiagnostics((path) => this.uris.uriOf(path));
  #running: Promise<Running> | undefined;
  #now: Running | undefined;
  #gate: PublishGate | undefined;
  #status: StatusReporter | undefined;
  #views: ViewRefresher | undefined;
  #memory: MemoryKeeper | undefined;
  #consent: Consent | undefined;
  #follower: AdvisoryFollower | undefined;
  #imports: ImportScout | undefined;
  #bases: BaseScout | undefined;
  #report = new InstallReport();
  #closed = false;
  readonly #authors = new Map<string, Promise<string | undefined>>();

  constructor(connection: Connection, initialize: InitializeParams, openWorld: OpenWorld, log: Log) {
    this.connection = connection;
    this.traits = clientTraits(initialize);
    this.log = log;
    this.#initialize = initialize;
    this.#openWorld = openWorld;
  }

  /** Opens the world and reads the folders. Called once the client is ready; everything heavy happens here. */
  async start(): Promise<void> {
    if (this.traits.canRegisterConfiguration) await watchSettings(this.connection);
    const running = await this.running();
    if (this.traits.canWatchFiles) await watchFiles(this.connection, running.world.ecosystems);
    await this.#readFolders(running);
  }

  running(): Promise<Running> {
    this.#running ??= this.#begin();
    return this.#running;
  }

  /** The view of an open document and its project, as of now; undefined when it is no manifest of ours. */
  viewOf(uri: string): { manifest: ManifestView; project: ProjectView; snapshot: Snapshot } | undefined {
    const path = this.#open.get(uri)?.path ?? pathOf(uri);
    return path === undefined ? undefined : this.#viewAt(path);
  }

  #viewAt(path: string): ReturnType<Session['viewOf']> {
    const { snapshot } = this;
    if (snapshot === undefined) return undefined;
    const project = snapshot.owners.get(path);
    const manifest = snapshot.manifests.get(path);
    return project && manifest ? { manifest, project, snapshot } : undefined;
  }

  /** The same of an open lockfile, with its text, which is kept nowhere else. */
  lockfileOf(uri: string): { lockfile: OpenLockfile; project: ProjectView; snapshot: Snapshot } | undefined {
    const path = pathOf(uri);
    const { workspace } = this.#now ?? {};
    if (path === undefined || workspace === undefined) return undefined;
    const { snapshot } = workspace;
    const project = snapshot.projects.find((candidate) => candidate.lockfile?.document.path === path);
    const open = workspace.openText(path);
    if (project?.lockfile === undefined || open === undefined) return undefined;
    if (open.version !== project.lockfile.document.version) return undefined;
    return { lockfile: { ...project.lockfile, text: open.text }, project, snapshot };
  }

  /** Who works in a folder, by the configuration of git; asked once. */
  async authorOf(folder: string): Promise<string | undefined> {
    const known = this.#authors.get(folder) ?? this.#readAuthor(folder);
    this.#authors.set(folder, known);
    return known;
  }

  async #readAuthor(folder: string): Promise<string | undefined> {
    const { world } = await this.running();
    try {
      const repository = await world.openRepository(folder);
      return await repository.author().finally(() => repository.close());
    } catch (error) {
      if (!(error instanceof RepositoryError)) throw error;
      return undefined;
    }
  }

  get snapshot(): Snapshot | undefined {
    return this.#now?.workspace.snapshot;
  }

  async didOpen(uri: string, languageId: string, version: number, text: string): Promise<void> {
    const path = pathOf(uri);
    if (path === undefined) return;
    this.#open.set(uri, { path, document: TextDocument.create(uri, languageId, version, text) });
    this.uris.note(path, uri);
    const { workspace } = await this.running();
    const document = this.#open.get(uri)?.document;
    if (document === undefined) return;
    this.#gate?.noteVersion(uri, document.version, undefined, () => undefined);
    await workspace.openDocument(path, document.getText(), document.version);
    this.#publishOpen();
  }

  didChange(uri: string, version: number, changes: readonly TextDocumentContentChangeEvent[]): void {
    const before = this.#open.get(uri);
    if (before === undefined) return;
    const { path } = before;
    const document = TextDocument.update(before.document, [...changes], version);
    this.#open.set(uri, { path, document });
    const first = changes[0];
    const line = first && 'range' in first ? first.range.start.line : undefined;
    this.#gate?.noteVersion(uri, version, line, () => this.#publishOpen());
    this.#now?.workspace.changeDocument(path, document.getText(), version);
  }

  async didClose(uri: string): Promise<void> {
    const path = this.#open.get(uri)?.path;
    if (path === undefined || !this.#open.delete(uri)) return;
    this.#gate?.clear(uri);
    const { workspace } = await this.running();
    await workspace.closeDocument(path);
  }

  /** Files changed on disk, or may have: a saved document where the client does not watch files. */
  async filesChanged(): Promise<void> {
    await (await this.running()).workspace.rescan();
  }

  /** Settings, trust or folders changed: everything that rests on them is made again. */
  async configurationChanged(): Promise<void> {
    const running = await this.running();
    this.#consent?.settingsChanged(await this.#firstSettings());
    await this.#readFolders(running);
  }

  async consentGiven(answer: 'ask' | 'offline' | 'not-now'): Promise<void> {
    const { world, workspace, refresher } = await this.running();
    this.#consent?.answer(answer);
    world.setOnline(answer === 'ask');
    workspace.flush();
    refresher.consider(workspace.snapshot);
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    this.#gate?.dispose();
    this.#views?.dispose();
    this.#memory?.dispose();
    this.#status?.dispose();
    this.#follower?.dispose();
    this.#imports?.dispose();
    this.#bases?.dispose();
    // A world that waits for the client's settings never opens now.
    const { world, workspace, refresher } = this.#now ?? {};
    refresher?.dispose();
    workspace?.dispose();
    await world?.close();
  }

  async #begin(): Promise<Running> {
    const settings = await this.#firstSettings();
    const { connection, traits } = this;
    const world = await this.#openWorld({
      settings,
      log: this.log,
      dataFolder: traits.options.dataFolder,
      fetch: traits.options.fetch === true ? (params, signal) => this.#fetch(params, signal) : undefined,
      onKnowledge: (hasFindings) => this.#now?.workspace.knowledgeChanged(hasFindings),
    });
    this.#gate = new PublishGate((params) => void connection.sendDiagnostics(params), world.clock);
    this.#status = new StatusReporter(connection, world.clock);
    this.#memory = new MemoryKeeper(world.clock, () => {
      this.#now?.workspace.settle();
      world.releaseMemory?.();
    });
    this.#views = new ViewRefresher({ connection, traits, clock: world.clock, log: this.log });
    this.#consent = new Consent({
      connection,
      traits,
      settings,
      world,
      onAnswer: (answer) => this.consentGiven(answer),
    });
    const progress = new RoundProgress({
      title: 'Provender: looking up dependencies',
      connection,
      clock: world.clock,
      log: this.log,
      isSupported: traits.canShowProgress,
    });
    const onFound = (): void => workspace.knowledgeChanged();
    const imports = new ImportScout({ ...world, onFound });
    const bases = new BaseScout({ ...world, onFound });
    const workspace = new Workspace({
      ecosystems: world.ecosystems,
      files: world.files,
      clock: world.clock,
      log: this.log,
      knowledge: world.knowledge,
      readPolicy: (ecosystem, layout, folder) => world.readPolicy(ecosystem, layout, folder.trusted),
      importsOf: (layout) => imports.usesOf(layout),
      baseOf: (layout) => bases.stateOf(layout),
      onSnapshot: (snapshot) => this.#onSnapshot(snapshot),
    });
    const refresher = new Refresher({
      learner: world.knowledge,
      clock: world.clock,
      log: this.log,
      mayAsk: () => world.isOnline(),
      onProgress: (done, total) => progress.report(done, total),
      onBusy: (busy) => {
        this.#status?.busy(busy);
        if (busy) progress.begin(() => refresher.cancel());
        else progress.end();
        if (!busy) workspace.knowledgeChanged();
      },
    });
    this.#follower = new AdvisoryFollower(world, this.log, () => workspace.knowledgeChanged());
    this.#imports = imports;
    this.#bases = bases;
    this.#now = { world, workspace, refresher };
    return this.#now;
  }

  async #firstSettings(): Promise<Settings> {
    if (!this.traits.hasConfiguration) return readSettings(this.traits.options.settings);
    const raw: unknown = await this.connection.workspace.getConfiguration('provender');
    return readSettings(raw ?? this.traits.options.settings);
  }

  async #readFolders({ workspace }: Running): Promise<void> {
    const folders: FolderConfig[] = await readFolders(this.connection, this.#initialize, this.traits);
    await workspace.setFolders(folders);
  }

  #onSnapshot(snapshot: Snapshot): void {
    const { world, refresher } = this.#now ?? {};
    if (world === undefined || refresher === undefined || this.#closed) return;
    this.#publishOpen();
    this.#status?.show(snapshot, world, {
      needsConsent: this.#consent?.isNeeded === true,
      report: this.#report.compare(snapshot),
    });
    this.#consent?.consider(snapshot);
    refresher.consider(snapshot);
    this.#imports?.consider(snapshot);
    this.#bases?.consider(snapshot);
    this.#views?.snapshotTaken(snapshot);
    this.#memory?.snapshotTaken(snapshot);
  }

  #publishOpen(): void {
    const snapshot = this.snapshot;
    if (snapshot === undefined || this.#closed) return;
    for (const [uri, { path, document }] of this.#open) {
      const found = this.#diagnosticsOf(uri, path, document.version);
      if (found === undefined) continue;
      this.#gate?.publish({ uri, version: document.version, sequence: snapshot.sequence, diagnostics: found });
    }
  }

  /** What is said of an open document; undefined while there is no view of its text. */
  #diagnosticsOf(uri: string, path: string, version: number): readonly Diagnostic[] | undefined {
    const view = this.#viewAt(path);
    if (view !== undefined) {
      const { manifest, project } = view;
      return manifest.document.version === version ? this.#manifestDiagnostics.of(manifest, project) : undefined;
    }
    const open = this.lockfileOf(uri);
    if (open !== undefined) return lockfileDiagnostics(open.lockfile, open.project, this.uris.uriOf);
    const projects = this.snapshot?.projects ?? [];
    const isRival = this.#isLockfile(path) && !projects.some(({ lockfile }) => lockfile?.document.path === path);
    return isRival ? rivalDiagnostics(path, projects) : decisionDiagnostics(path, projects);
  }

  #isLockfile(path: string): boolean {
    return this.#now?.world.ecosystems.some(({ lockfileNames }) => lockfileNames.includes(basename(path))) === true;
  }

  async #fetch(params: Parameters<NonNullable<WorldRequest['fetch']>>[0], signal: AbortSignal): Promise<FetchResult> {
    signal.throwIfAborted();
    const source = new CancellationTokenSource();
    const cancel = (): void => source.cancel();
    signal.addEventListener('abort', cancel, { once: true });
    try {
      return await this.connection.sendRequest<FetchResult>(FETCH_REQUEST, params, source.token);
    } finally {
      signal.removeEventListener('abort', cancel);
      source.dispose();
    }
  }
}
