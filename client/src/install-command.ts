import * as vscode from 'vscode';
import { basename } from 'node:path';

interface PreparedTerminal {
  readonly terminal: vscode.Terminal;
  readonly command: string;
  /** False once something ran in it, after which the line is empty again. */
  isPending: boolean;
}

/** Terminals that hold an install command for the user to run. Nothing is run from here. */
export class InstallTerminals implements vscode.Disposable {
  readonly #byFolder = new Map<string, PreparedTerminal>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor() {
    this.#listeners = [
      vscode.window.onDidCloseTerminal((terminal) => this.#forget(terminal)),
      vscode.window.onDidStartTerminalShellExecution(({ terminal }) => this.#markRun(terminal)),
    ];
  }

  /** Puts the command at the prompt of a terminal in that folder, unsent. */
  prepare(folder: unknown, command: unknown): void {
    if (typeof folder !== 'string' || typeof command !== 'string' || !isOneLine(command)) return;
    const known = this.#byFolder.get(folder);
    const reusable = known !== undefined && this.#canReuse(known, command) ? known : undefined;
    const terminal = reusable?.terminal ?? createTerminal(folder);
    if (reusable?.isPending !== true) terminal.sendText(command, false);
    this.#byFolder.set(folder, { terminal, command, isPending: true });
    terminal.show();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
  }

  /** Without shell integration nobody knows what stands at the prompt, and text might be added to text. */
  #canReuse(known: PreparedTerminal, command: string): boolean {
    if (known.terminal.exitStatus !== undefined || known.terminal.shellIntegration === undefined) return false;
    return !known.isPending || known.command === command;
  }

  #forget(terminal: vscode.Terminal): void {
    for (const [folder, prepared] of this.#byFolder) {
      if (prepared.terminal === terminal) this.#byFolder.delete(folder);
    }
  }

  #markRun(terminal: vscode.Terminal): void {
    for (const prepared of this.#byFolder.values()) {
      if (prepared.terminal === terminal) prepared.isPending = false;
    }
  }
}

function createTerminal(folder: string): vscode.Terminal {
  return vscode.window.createTerminal({ name: `Install ${basename(folder)}`, cwd: folder });
}

/** A line break would run the command, and other control characters may too. */
function isOneLine(command: string): boolean {
  return command !== '' && !/\p{Cc}/u.test(command);
}
