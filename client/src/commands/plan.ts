import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError, type LanguageClient } from 'vscode-languageclient/node';
import {
  PLAN_EDITS_REQUEST,
  PLAN_REQUEST,
  type PlanEditsParams,
  type PlanEditsResult,
  type PlanResult,
} from '../../../server/src/protocol.ts';
import type { Session } from '../session.ts';
import type { CommandTable } from './command.ts';

export const planCommands: CommandTable = {
  'provender.applyPlan': { needsServer: true, run: applyPlan },
};

/** Shows the fewest edits that clear the most findings, all ticked, and makes those that the user leaves ticked as one change. */
async function applyPlan({ client, terminals }: Session): Promise<void> {
  const plan = await requestPlan(client);
  if (plan === undefined) return;
  const { title, missing, steps } = plan;
  const message = [steps.length === 0 ? title : '', missing].filter((words) => words !== '').join('. ');
  if (message !== '') void vscode.window.showInformationMessage(message);
  if (steps.length === 0) return;
  const chosen = await vscode.window.showQuickPick(
    steps.map(({ id, label, description, detail }) => ({ id, label, description, detail, picked: true })),
    { title, canPickMany: true, matchOnDetail: true, placeHolder: 'Nothing has changed yet. Untick what should stay' },
  );
  if (chosen === undefined || chosen.length === 0) return;
  const params: PlanEditsParams = { ids: chosen.map(({ id }) => id) };
  const result = await client.sendRequest<PlanEditsResult>(PLAN_EDITS_REQUEST, params);
  if (result.documents.length > 0) {
    const edit = await client.protocol2CodeConverter.asWorkspaceEdit({ documentChanges: documentChanges(result) });
    if (!(await vscode.workspace.applyEdit(edit, { isRefactoring: true }))) {
      throw new Error('A file changed while the plan was shown');
    }
  }
  await offerCommands(result, terminals);
}

function documentChanges({ documents }: PlanEditsResult) {
  return documents.map(({ uri, version, edits }) => ({ textDocument: { uri, version }, edits: [...edits] }));
}

const PREPARE = 'Put into Terminal';
const COPY = 'Copy Commands';

/** What is to be run after the edits. One command can stand at a prompt unsent; several are for the user to run in turn. */
async function offerCommands({ commands, refused }: PlanEditsResult, terminals: Session['terminals']): Promise<void> {
  const notDone = refused.length === 0 ? '' : `Not done, because what it rests on has changed: ${refused.join(', ')}. `;
  const [first, ...others] = commands;
  if (first === undefined) {
    if (notDone !== '') void vscode.window.showWarningMessage(notDone.trim());
    return;
  }
  const action = others.length === 0 ? PREPARE : COPY;
  const then = others.length === 0 ? `Then run: ${first.command}` : `Then run ${String(commands.length)} commands`;
  const choice = await vscode.window.showInformationMessage(`${notDone}${then}`, action);
  if (choice === PREPARE) terminals.prepare(first.folder, first.command);
  if (choice === COPY) await vscode.env.clipboard.writeText(commands.map(({ command }) => command).join('\n'));
}

/** Undefined when the user cancelled the look-ups, which the server shows the progress of. */
async function requestPlan(client: LanguageClient): Promise<PlanResult | undefined> {
  try {
    return await client.sendRequest<PlanResult>(PLAN_REQUEST, {});
  } catch (error) {
    if (error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled) return undefined;
    throw error;
  }
}
