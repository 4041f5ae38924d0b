import * as vscode from 'vscode';
import type { ConsentParams, InitializationOptions } from '../../server/src/protocol.ts';

const KEY = 'provender.consent';
const ASK = 'Ask';
const STAY_OFFLINE = 'Stay Offline';
const WHAT_IS_SENT = 'What Is Sent';
const DEFAULT_MESSAGE = 'Ask OSV.dev and the registries about the public packages of your projects?';

/** The user's answer to whether anybody may be asked about packages, kept for all workspaces of this machine. */
export class Consent {
  readonly #memory: vscode.Memento;
  readonly #showWhatIsSent: () => Thenable<void>;
  #message = DEFAULT_MESSAGE;
  #asking: Promise<ConsentParams> | undefined;

  constructor(memory: vscode.Memento, showWhatIsSent: () => Thenable<void>) {
    this.#memory = memory;
    this.#showWhatIsSent = showWhatIsSent;
  }

  /** Undefined when the user has not decided. */
  get stored(): InitializationOptions['consent'] {
    const answer = this.#memory.get<unknown>(KEY);
    return answer === 'ask' || answer === 'offline' ? answer : undefined;
  }

  /** Asks once, however often it is called meanwhile; without a message the last one is shown again. */
  ask(message = this.#message): Promise<ConsentParams> {
    this.#message = message;
    this.#asking ??= this.#decide().finally(() => (this.#asking = undefined));
    return this.#asking;
  }

  async #decide(): Promise<ConsentParams> {
    const choice = await vscode.window.showInformationMessage(this.#message, ASK, STAY_OFFLINE, WHAT_IS_SENT);
    if (choice === WHAT_IS_SENT) {
      await this.#showWhatIsSent();
      return this.#decide();
    }
    // Dismissed means: not this time. It is asked again at the next start.
    if (choice === undefined) return { answer: 'not-now' };
    const answer = choice === ASK ? 'ask' : 'offline';
    await this.#memory.update(KEY, answer);
    return { answer };
  }
}
