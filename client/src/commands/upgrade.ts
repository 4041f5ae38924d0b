import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError, type LanguageClient } from 'vscode-languageclient/node';
import {
  UPGRADE_REQUEST,
  type PlannedUpgrade,
  type UpgradeParams,
  type UpgradeResult,
} from '../../../server/src/protocol.ts';
import type { Session } from '../session.ts';
import type { CommandTable } from './command.ts';
import {
  isManifest,
  isStale,
  UPGRADE_EXTENTS,
  upgradeChoices,
  upgradeParams,
  type UpgradeChoice,
} from './upgrade-choices.ts';

export const upgradeCommands: CommandTable = {
  'provender.fixAll': {
    needsServer: true,
    run: ({ client }) => previewUpgrades(client, { uri: undefined, step: 'fix', onlyFindings: true }),
  },
  'provender.upgrade': { needsServer: true, run: chooseUpgrade },
};

/** Asks how far and where, unless a key binding has said so by its arguments. */
async function chooseUpgrade({ client }: Session, told?: unknown): Promise<void> {
  const params = upgradeParams(told);
  if (params !== undefined) return previewUpgrades(client, params);
  const choice = await vscode.window.showQuickPick(upgradeItems(), {
    title: 'Upgrade Dependencies',
    placeHolder: 'How far, and where? The edits are shown before anything changes',
  });
  if (choice === undefined || !('params' in choice)) return;
  const extent = await vscode.window.showQuickPick(UPGRADE_EXTENTS, {
    title: `Upgrade Dependencies: ${choice.label}`,
    placeHolder: 'Which ones?',
  });
  if (extent !== undefined) await previewUpgrades(client, { ...choice.params, onlyFindings: extent.onlyFindings });
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
  const result = await requestUpgrades(client, params);
  if (result === undefined) return;
  const { title, missing, upgrades } = result;
  const message = [upgrades.length === 0 ? title : '', missing].filter((words) => words !== '').join('. ');
  if (message !== '') void vscode.window.showInformationMessage(message);
  if (upgrades.length === 0) return;
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
  if (await isAnyStale(client, accepted)) throw new Error('A file changed while the upgrades were shown');
  await vscode.workspace.applyEdit(editOf(client, accepted), { isRefactoring: true });
}

/** Undefined when the user cancelled the look-ups, which the server shows the progress of. */
async function requestUpgrades(client: LanguageClient, params: UpgradeParams): Promise<UpgradeResult | undefined> {
  try {
    return await client.sendRequest<UpgradeResult>(UPGRADE_REQUEST, params);
  } catch (error) {
    if (error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled) return undefined;
    throw error;
  }
}

/** Asked of every document before any is changed. */
async function isAnyStale(client: LanguageClient, upgrades: readonly PlannedUpgrade[]): Promise<boolean> {
  for (const upgrade of upgrades) {
    const document = await vscode.workspace.openTextDocument(client.protocol2CodeConverter.asUri(upgrade.uri));
    const text = document.getText(client.protocol2CodeConverter.asRange(upgrade.range));
    if (isStale(upgrade, { version: document.version, text })) return true;
  }
  return false;
}

/** Steps that may break have to be confirmed once more, in the editor's own preview of the change. */
function editOf(client: LanguageClient, upgrades: readonly PlannedUpgrade[]): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  for (const { uri, range, newText, label, description, breaking } of upgrades) {
    const { protocol2CodeConverter: convert } = client;
    const metadata = { label, description, needsConfirmation: breaking };
    edit.replace(convert.asUri(uri), convert.asRange(range), newText, metadata);
  }
  return edit;
}
