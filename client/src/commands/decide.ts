import * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import {
  DECIDE_REQUEST,
  UNDECIDE_REQUEST,
  type DecideParams,
  type DecideResult,
  type UndecideParams,
} from '../../../server/src/protocol.ts';
import type { Session } from '../session.ts';
import { isRisk, type RiskNode } from '../views/risk-tree-model.ts';
import type { CommandTable } from './command.ts';
import { decideArguments, DECISION_GROUPS, type DecisionChoice } from './decide-choices.ts';

/** The editor passes no node when it draws the tree at the moment of the click. */
const NOTHING_CHOSEN = 'No finding was chosen; the tree may just have changed';

export const decideCommands: CommandTable = {
  // Code actions of the server name this command and pass it what to decide about.
  'provender.decide': { needsServer: true, run: decide },
  'provender.risks.decide': { needsServer: true, run: decide },
  'provender.risks.undecide': { needsServer: true, run: undecide },
};

/** Asks what is decided about the advisories of a line, or about the selected risks of the tree, and writes it down. */
async function decide({ client, tree }: Session, told?: unknown, selected?: unknown): Promise<void> {
  const fromLine = decideArguments(told);
  const nodes = fromLine === undefined ? chosen(told, selected, tree.selection) : [];
  const about = fromLine ?? { risks: nodes.filter(({ decision }) => decision === 'open').map(({ riskId }) => riskId) };
  if (about.risks.length === 0) {
    warn(NOTHING_CHOSEN);
    return;
  }
  const decision = await askDecision();
  if (decision === undefined) return;
  const params: DecideParams = { ...about, decision };
  await write(client, await client.sendRequest<DecideResult>(DECIDE_REQUEST, params));
}

async function undecide({ client, tree }: Session, clicked?: unknown, selected?: unknown): Promise<void> {
  const nodes = chosen(clicked, selected, tree.selection).filter(({ decision }) => decision === 'made');
  if (nodes.length === 0) {
    warn(NOTHING_CHOSEN);
    return;
  }
  const params: UndecideParams = { risks: nodes.map(({ riskId }) => riskId) };
  await write(client, await client.sendRequest<DecideResult>(UNDECIDE_REQUEST, params));
}

/** A click outside of the selection means what was clicked, and inside of it all that is selected. */
function chosen(clicked: unknown, selected: unknown, selection: readonly unknown[]): RiskNode[] {
  const all: readonly unknown[] = Array.isArray(selected) ? selected : selection;
  if (isRisk(clicked) && !all.includes(clicked)) return [clicked];
  return all.filter(isRisk);
}

type ChoiceItem = vscode.QuickPickItem & { readonly choice?: DecisionChoice };

async function askDecision(): Promise<DecideParams['decision'] | undefined> {
  const items = DECISION_GROUPS.flatMap(({ label, choices }): ChoiceItem[] => [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...choices.map((choice) => ({ label: choice.label, detail: choice.detail, choice })),
  ]);
  const picked = await vscode.window.showQuickPick<ChoiceItem>(items, {
    title: 'Decide About a Finding',
    placeHolder: 'What was found out?',
    matchOnDetail: true,
    // Who decides may want to look at the code meanwhile.
    ignoreFocusOut: true,
  });
  const choice = picked?.choice;
  if (choice === undefined) return undefined;
  const reason = await vscode.window.showInputBox({
    title: `Decide About a Finding: ${choice.label}`,
    prompt: choice.prompt,
    placeHolder: choice.needsReason ? '' : 'Enter leaves it out',
    ignoreFocusOut: true,
    validateInput: (text) => (choice.needsReason && text.trim() === '' ? 'A reason is needed' : undefined),
  });
  return reason === undefined ? undefined : choice.decide(reason.trim());
}

/** Writes and saves, because a decision counts for the command line as well; says what could not be written. */
async function write(client: LanguageClient, { documents, trouble }: DecideResult): Promise<void> {
  if (trouble !== '') warn(trouble);
  else if (documents.length === 0) warn('There is nothing left to decide about');
  if (documents.length === 0) return;
  const edit = new vscode.WorkspaceEdit();
  const { protocol2CodeConverter: convert } = client;
  for (const { uri, isNew, edits } of documents) {
    if (isNew) edit.createFile(convert.asUri(uri), { ignoreIfExists: true });
    for (const { range, newText } of edits) edit.replace(convert.asUri(uri), convert.asRange(range), newText);
  }
  if (!(await vscode.workspace.applyEdit(edit))) throw new Error('A file changed while the decision was made');
  for (const { uri } of documents) {
    const document = await vscode.workspace.openTextDocument(convert.asUri(uri));
    await document.save();
  }
}

function warn(message: string): void {
  void vscode.window.showWarningMessage(message);
}
