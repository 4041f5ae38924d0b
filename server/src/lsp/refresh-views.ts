import { CodeLensRefreshRequest, type Connection } from 'vscode-languageserver';

import type { Clock, Log } from '../core/ports.ts';
import { RISKS_CHANGED_NOTIFICATION } from '../protocol.ts';
import type { Snapshot } from '../workspace/snapshot.ts';
import type { ClientTraits } from './client-traits.ts';

/** The least time between two messages, in milliseconds. */
const PAUSE_MS = 500;

export interface ViewRefresherOptions {
  readonly connection: Connection;
  readonly traits: ClientTraits;
  readonly clock: Clock;
  readonly log: Log;
}

/** Tells the client to pull again what it pulls itself: the tree after every change, hints and lenses when knowledge changed. */
export class ViewRefresher {
  readonly #options: ViewRefresherOptions;
  #assessments: readonly unknown[] = [];
  #knowsMore = false;
  #toldAt = -Infinity;
  #cancel: (() => void) | undefined;

  constructor(options: ViewRefresherOptions) {
    this.#options = options;
  }

  /** Soon, once for many snapshots. */
  snapshotTaken({ projects }: Snapshot): void {
    const assessments = projects.map(({ assessment }) => assessment);
    // After an edit alone the client asks for the hints of its own accord.
    const isSame =
      assessments.length === this.#assessments.length &&
      assessments.every((item, at) => item === this.#assessments[at]);
    if (!isSame) this.#knowsMore = true;
    this.#assessments = assessments;
    const { clock } = this.#options;
    this.#cancel ??= clock.after(Math.max(0, this.#toldAt + PAUSE_MS - clock.now()), () => {
      this.#cancel = undefined;
      this.#toldAt = clock.now();
      this.#tell();
    });
  }

  dispose(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #tell(): void {
    const { connection, traits, log } = this.#options;
    const told: Promise<void>[] = [];
    if (traits.options.asksConsent === true) told.push(connection.sendNotification(RISKS_CHANGED_NOTIFICATION));
    if (this.#knowsMore && traits.canRefreshInlayHints) told.push(connection.languages.inlayHint.refresh());
    if (this.#knowsMore && traits.canRefreshCodeLens) told.push(connection.sendRequest(CodeLensRefreshRequest.type));
    this.#knowsMore = false;
    Promise.all(told).catch((error: unknown) => log.debug(`the client did not refresh its views: ${String(error)}`));
  }
}
