import * as vscode from 'vscode';
import type { Session } from '../session.ts';
import { isRisk, riskLines, type Grouping } from '../views/risk-tree-model.ts';
import { RISKS_VIEW, toRange } from '../views/risks-tree.ts';
import type { Command, CommandTable } from './command.ts';

export const riskCommands: CommandTable = {
  'provender.showRisks': { needsServer: false, run: focusView },
  'provender.risks.groupByAction': groupBy('action'),
  'provender.risks.groupByManifest': groupBy('manifest'),
  'provender.risks.groupBySeverity': groupBy('severity'),
  'provender.risks.groupByKind': groupBy('kind'),
  'provender.risks.filter': { needsServer: false, run: askForFilter },
  'provender.risks.clearFilter': { needsServer: false, run: ({ tree }) => tree.filterBy('') },
  'provender.risks.showFixes': { needsServer: true, run: showFixes },
  'provender.risks.copy': { needsServer: false, run: copySelection },
};

async function focusView(): Promise<void> {
  await vscode.commands.executeCommand(`${RISKS_VIEW}.focus`);
}

function groupBy(grouping: Grouping): Command {
  return { needsServer: false, run: ({ tree }) => tree.groupBy(grouping) };
}

async function askForFilter({ tree }: Session): Promise<void> {
  const filter = await vscode.window.showInputBox({
    title: 'Filter Dependency Risks',
    prompt: 'Part of a package name or of an advisory id',
    value: tree.filter,
  });
  if (filter !== undefined) await tree.filterBy(filter);
}

/** Opens the risk's line and the code actions that are offered there. */
async function showFixes({ tree }: Session, clicked: unknown): Promise<void> {
  const node = isRisk(clicked) ? clicked : tree.selection.find(isRisk);
  if (node === undefined) return;
  const range = toRange(node.range);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(node.uri));
  const editor = await vscode.window.showTextDocument(document, {
    selection: new vscode.Range(range.start, range.start),
  });
  editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
  await vscode.commands.executeCommand('editor.action.quickFix');
}

async function copySelection({ tree }: Session): Promise<void> {
  await vscode.env.clipboard.writeText(riskLines(tree.selection));
}
