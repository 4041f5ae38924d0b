import type * as vscode from 'vscode';
import { registerCommands } from './commands/register-commands.ts';
import { Session } from './session.ts';

/** VS Code calls `deactivate` without arguments and waits for it, so what it is to end has to stand here. */
let active: Session | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const session = new Session(context);
  active = session;
  context.subscriptions.push(...registerCommands(session));
  await session.start();
}

export async function deactivate(): Promise<void> {
  await active?.dispose();
}
