import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  UPGRADE_REQUEST,
  type PlannedUpgrade,
  type UpgradeParams,
  type UpgradeResult,
} from '../../../server/src/protocol.ts';
import type { Session } from '../session.ts';
import type { CommandTable } from './command.ts';
import { isManifest, isStale, upgradeChoices, type UpgradeChoice } from './upgrade-choices.ts';

export const upgradeCommands: CommandTable = {
  'provender.fixAll': {
    needsServer: true,
    run: ({ client }) => previewUpgrades(client, { uri: undefined, step: 'fix' }),
  },
  'provender.upgrade': { needsServer: true, run: chooseUpgrade },
};

async function chooseUpgrade({ client }: Session): Promise<void> {
  const choice = await vscode.window.showQuickPick(upgradeItems(), {
    title: 'Upgrade Dependencies',
    placeHolder: 'How far, and where? The edits are shown before anything changes',
  });
  if (choice !== undefined && 'params' in choice) await previewUpgrades(client, choice.params);
}

type Separator = { readonly label: string; readonly kind: vscode.QuickPickItemKind.Separator };

function upgradeItems(): (UpgradeChoice | Separator)[] {
  const uri = vscode.window.activeTextEditor?.document.uri;
  const forWorkspace = [separator('The whole workspace'), ...upgradeChoices(undefined)];
  if (uri === undefined || !isManifest(uri.path)) return forWorkspace;
  return [separator(vscode.workspace.asRelativePath(uri)), ...upgradeChoices(uri.toString()), ...forWorkspace];
}

function separator(label: string): Separator {
  return { label, kind: vscode.QuickPickItemKind.Separator };
}

/** Asks for the edits, shows them all ticked, and applies those that the user leaves ticked as one change. */
async function previewUpgrades(client: LanguageClient, params: UpgradeParams): Promise<void> {
  const { title, upgrades } = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Window, title: 'Planning upgrades' },
    () => client.sendRequest<UpgradeResult>(UPGRADE_REQUEST, params),
  );
  if (upgrades.length === 0) return void vscode.window.showInformationMessage(title);
  const chosen = await vscode.window.showQuickPick(
    upgrades.map((upgrade) => ({
      label: upgrade.label,
      description: upgrade.description,
      detail: vscode.workspace.asRelativePath(client.protocol2CodeConverter.asUri(upgrade.uri)),
      picked: true,
      upgrade,
    })),
    { title, canPickMany: true, matchOnDetail: true, placeHolder: 'Nothing has changed yet. Untick what should stay' },
  );
  if (chosen === undefined || chosen.length === 0) return;
  const accepted = chosen.map(({ upgrade }) => upgrade);
  if (accepted.some(({ uri, version }) => isStale(version, openDocument(client, uri))))
    throw new Error('A file changed while the upgrades were shown');
  await vscode.workspace.applyEdit(editOf(client, accepted), { isRefactoring: true });
}

function editOf(client: LanguageClient, upgrades: readonly PlannedUpgrade[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, range, newText } of upgrades) {
    edit.replace(client.protocol2CodeConverter.asUri(uri), client.protocol2CodeConverter.asRange(range), newText);
  }
  return edit;
}

function openDocument(client: LanguageClient, uri: string): vscode.TextDocument | undefined {
  const wanted = client.protocol2CodeConverter.asUri(uri).toString();
  return vscode.workspace.textDocuments.find((document) => document.uri.toString() === wanted);
}
