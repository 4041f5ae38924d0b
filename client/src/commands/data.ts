import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';
import {
  CLEAR_REQUEST,
  IMPORT_REQUEST,
  UPDATE_ADVISORIES_REQUEST,
  type ImportParams,
  type ImportResult,
  type UpdateAdvisoriesResult,
} from '../../../server/src/protocol.ts';
import type { Session } from '../session.ts';
import { showWhatIsSent } from '../what-is-sent.ts';
import type { CommandTable } from './command.ts';

const CLEAR = 'Clear';

export const dataCommands: CommandTable = {
  'provender.showWhatIsSent': { needsServer: false, run: ({ extensionUri }) => showWhatIsSent(extensionUri) },
  'provender.chooseOnline': { needsServer: false, run: chooseOnline },
  'provender.importAdvisories': { needsServer: true, run: importAdvisories },
  'provender.updateAdvisories': { needsServer: true, run: updateAdvisories },
  'provender.clearStoredData': { needsServer: true, run: clearStoredData },
};

async function chooseOnline(session: Session): Promise<void> {
  await session.sendConsent(await session.consent.ask());
}

async function importAdvisories({ client }: Session): Promise<void> {
  const files = await vscode.window.showOpenDialog({
    title: 'Import Advisories',
    openLabel: 'Import',
    canSelectFiles: true,
    canSelectMany: true,
    filters: { 'OSV advisories': ['zip', 'json', 'jsonl', 'gz'] },
  });
  if (files === undefined || files.length === 0) return;
  const isComplete = await askWhetherComplete();
  if (isComplete === undefined) return;
  const params: ImportParams = { paths: files.map((file) => file.fsPath), complete: isComplete };
  const result = await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title: 'Importing advisories', cancellable: true },
    (_progress, token) => client.sendRequest<ImportResult>(IMPORT_REQUEST, params, token),
  );
  void vscode.window.showInformationMessage(result.message);
}

/** What a package's absence from the files means, which no file says of itself. */
async function askWhetherComplete(): Promise<boolean | undefined> {
  const sample = { label: 'A sample', detail: 'A package that it does not name stays unknown', isComplete: false };
  const complete = {
    label: 'A complete export',
    detail: 'A package that it does not name has no known advisory',
    isComplete: true,
  };
  const choice = await vscode.window.showQuickPick([sample, complete], { title: 'What do these files hold?' });
  return choice?.isComplete;
}

/** The server shows the progress, and lets the user cancel it there. */
async function updateAdvisories({ client }: Session): Promise<void> {
  try {
    const { message } = await client.sendRequest<UpdateAdvisoriesResult>(UPDATE_ADVISORIES_REQUEST, {});
    void vscode.window.showInformationMessage(message);
  } catch (error) {
    if (!(error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled)) throw error;
  }
}

async function clearStoredData({ client }: Session): Promise<void> {
  const detail = 'Answers from OSV.dev, registries and other sources are asked for again. Imported advisories stay.';
  const choice = await vscode.window.showWarningMessage('Clear stored answers?', { modal: true, detail }, CLEAR);
  if (choice === CLEAR) await client.sendRequest<unknown>(CLEAR_REQUEST);
}
