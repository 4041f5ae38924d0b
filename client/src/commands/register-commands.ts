import * as vscode from 'vscode';
import type { Session } from '../session.ts';
import { checkCommands } from './check.ts';
import type { Command } from './command.ts';
import { dataCommands } from './data.ts';
import { decideCommands } from './decide.ts';
import { planCommands } from './plan.ts';
import { reviewCommands } from './review.ts';
import { riskCommands } from './risks.ts';
import { serverCommands } from './server.ts';
import { upgradeCommands } from './upgrade.ts';

const RESTART = 'Restart Server';
const SHOW_OUTPUT = 'Show Output';

/** Registers every command at once, whatever the server does, so that none is ever missing from the palette. */
export function registerCommands(session: Session): vscode.Disposable[] {
  const tables = [
    checkCommands,
    upgradeCommands,
    planCommands,
    decideCommands,
    reviewCommands,
    riskCommands,
    dataCommands,
    serverCommands,
  ];
  return tables
    .flatMap((table) => Object.entries(table))
    .map(([id, command]) =>
      vscode.commands.registerCommand(id, (...args: unknown[]) => runCommand(session, command, args)),
    );
}

async function runCommand(session: Session, command: Command, args: readonly unknown[]): Promise<void> {
  if (command.needsServer && !session.client.isRunning()) return offerRestart(session, 'The server is not running');
  try {
    await command.run(session, ...args);
  } catch (error) {
    session.output.error(error instanceof Error ? error : String(error));
    await offerRestart(session, error instanceof Error ? error.message : 'The command failed');
  }
}

async function offerRestart(session: Session, reason: string): Promise<void> {
  const choice = await vscode.window.showErrorMessage(`Provender: ${reason}`, RESTART, SHOW_OUTPUT);
  if (choice === RESTART) await session.start();
  if (choice === SHOW_OUTPUT) session.output.show(true);
}
