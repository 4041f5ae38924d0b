import * as vscode from 'vscode';
import { State, type LanguageClient } from 'vscode-languageclient/node';
import {
  ASK_CONSENT_REQUEST,
  CONSENT_REQUEST,
  FETCH_REQUEST,
  RISKS_CHANGED_NOTIFICATION,
  RISKS_REQUEST,
  STATUS_NOTIFICATION,
  type AskConsentParams,
  type ConsentParams,
  type FetchParams,
  type FetchResult,
  type RisksParams,
  type RisksResult,
  type StatusParams,
} from '../../server/src/protocol.ts';
import { Consent } from './consent.ts';
import { Fetcher } from './fetch.ts';
import { InstallTerminals } from './install-command.ts';
import { createLanguageClient, createWatcher } from './language-client.ts';
import { StatusItem } from './status.ts';
import { ReviewDocuments } from './views/review-documents.ts';
import { RisksTree } from './views/risks-tree.ts';
import { showWhatIsSent } from './what-is-sent.ts';

const START_SETTINGS = ['offline', 'advisories', 'network'];

interface Listener {
  dispose(): unknown;
}

/** Everything that lives as long as the extension is active. Commands work on it. */
export class Session {
  readonly output = vscode.window.createOutputChannel('Provender', { log: true });
  readonly status = new StatusItem();
  readonly terminals = new InstallTerminals();
  readonly reviews = new ReviewDocuments();
  readonly extensionUri: vscode.Uri;
  readonly consent: Consent;
  readonly tree: RisksTree;
  readonly client: LanguageClient;
  readonly #fetcher = new Fetcher(fetch);
  readonly #watcher = createWatcher();
  readonly #listeners: readonly Listener[];

  constructor(context: vscode.ExtensionContext) {
    const { extensionUri } = context;
    this.extensionUri = extensionUri;
    this.consent = new Consent(context.globalState, () => showWhatIsSent(extensionUri));
    this.tree = new RisksTree(context.workspaceState, (params) => this.#askForRisks(params));
    this.client = createLanguageClient({
      extensionUri,
      output: this.output,
      watcher: this.#watcher,
      consent: () => this.consent.stored,
    });
    this.#listeners = this.#listen();
  }

  /** Starts the server, or starts it anew. A failure is logged and shown in the status item. */
  async start(): Promise<void> {
    try {
      if (this.client.needsStart()) await this.client.start();
      else await this.client.restart();
    } catch (error) {
      this.output.error('The server did not start', error);
      this.#showState(State.Stopped);
    }
  }

  /** Tells the server of an answer that the user gave unasked. */
  async sendConsent(params: ConsentParams): Promise<void> {
    if (this.client.isRunning()) await this.client.sendRequest<unknown>(CONSENT_REQUEST, params);
  }

  async dispose(): Promise<void> {
    for (const part of [...this.#listeners, this.status, this.terminals, this.reviews, this.tree, this.#watcher])
      part.dispose();
    if (this.client.needsStop()) await this.client.stop();
    await this.#fetcher.dispose();
    this.output.dispose();
  }

  #listen(): readonly Listener[] {
    const { client } = this;
    return [
      client.onRequest(FETCH_REQUEST, (params: FetchParams, token: vscode.CancellationToken) =>
        this.#answerFetch(params, token),
      ),
      client.onRequest(ASK_CONSENT_REQUEST, ({ message }: AskConsentParams) => this.consent.ask(message)),
      client.onNotification(STATUS_NOTIFICATION, (status: StatusParams) => this.status.show(status)),
      client.onNotification(RISKS_CHANGED_NOTIFICATION, () => void this.tree.refresh()),
      client.onDidChangeState(({ newState }) => this.#showState(newState)),
      // Trust decides which files may choose a host, from the first one that is read: the server begins again.
      vscode.workspace.onDidGrantWorkspaceTrust(() => void this.start()),
      // So do the settings that say where to connect and what to read.
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (START_SETTINGS.some((key) => event.affectsConfiguration(`provender.${key}`))) void this.start();
      }),
    ];
  }

  #showState(state: State): void {
    if (state === State.Running) void this.tree.refresh();
    if (state === State.Starting) this.status.showStarting();
    if (state !== State.Stopped) return;
    this.status.showStopped();
    this.tree.showStopped();
  }

  async #answerFetch(params: FetchParams, token: vscode.CancellationToken): Promise<FetchResult> {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    // The token of a request that was taken back before its turn came never tells of it.
    if (token.isCancellationRequested) abort.abort();
    try {
      return await this.#fetcher.answer(params, abort.signal);
    } finally {
      listener.dispose();
    }
  }

  async #askForRisks(params: RisksParams): Promise<RisksResult | undefined> {
    if (!this.client.isRunning()) return undefined;
    try {
      return await this.client.sendRequest<RisksResult>(RISKS_REQUEST, params);
    } catch (error) {
      // The tree keeps what it shows; a server that went away says so by its state.
      this.output.debug('The tree could not be read', error);
      return undefined;
    }
  }
}
