import * as vscode from 'vscode';
import type { StatusParams } from '../../server/src/protocol.ts';
import { statusLook } from './status-text.ts';

const PRIORITY = 10;

/** The context key by which the empty tree chooses its welcome text. */
const STATE_KEY = 'provender.state';

/** The one item in the status bar. */
export class StatusItem implements vscode.Disposable {
  readonly #item: vscode.StatusBarItem;
  #isStarting = true;

  constructor() {
    this.#item = vscode.window.createStatusBarItem('provender.status', vscode.StatusBarAlignment.Left, PRIORITY);
    this.#item.name = 'Provender';
    this.showStarting();
  }

  show(status: StatusParams): void {
    const look = statusLook(status);
    this.#item.text = look.text;
    this.#item.tooltip = look.tooltip;
    this.#item.command = look.command;
    this.#item.accessibilityInformation = { label: look.accessibleLabel };
    if (look.isVisible) this.#item.show();
    else this.#item.hide();
    // Until the first check is over an empty tree means nothing; later checks leave the earlier result in place.
    if (status.state !== 'busy') this.#isStarting = false;
    else if (!this.#isStarting) return;
    setState(status.state);
  }

  showStarting(): void {
    this.#isStarting = true;
    this.show({ state: 'busy', text: 'starting', tooltip: 'The Provender server is starting', findings: 0, doNow: 0 });
  }

  /** For the time in which no server can say how things are. */
  showStopped(): void {
    const tooltip = 'The Provender server is not running. The command “Provender: Restart Server” starts it.';
    this.show({ state: 'offline', text: 'not running', tooltip, findings: 0, doNow: 0 });
    setState('stopped');
  }

  dispose(): void {
    this.#item.dispose();
  }
}

function setState(state: StatusParams['state'] | 'stopped'): void {
  void vscode.commands.executeCommand('setContext', STATE_KEY, state);
}
