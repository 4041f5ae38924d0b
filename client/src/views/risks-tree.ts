import * as vscode from 'vscode';
import type { RisksParams, RisksResult, WireRange } from '../../../server/src/protocol.ts';
import { GROUPINGS, riskBadge, riskTree, type Grouping, type GroupNode, type RiskTreeNode } from './risk-tree-model.ts';

export const RISKS_VIEW = 'provender.risks';

const GROUPING_KEY = 'provender.risks.grouping';

/** Asks the server for the tree; undefined when it cannot answer. */
export type AskForRisks = (params: RisksParams) => Promise<RisksResult | undefined>;

/** The tree "Dependency Risks". */
export class RisksTree implements vscode.TreeDataProvider<RiskTreeNode>, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<RiskTreeNode>;
  readonly #memory: vscode.Memento;
  readonly #request: AskForRisks;
  #groups: readonly GroupNode[] = [];
  #shown = '';
  #filter = '';
  #lastRequest = 0;

  constructor(memory: vscode.Memento, request: AskForRisks) {
    this.#memory = memory;
    this.#request = request;
    this.#view = vscode.window.createTreeView(RISKS_VIEW, {
      treeDataProvider: this,
      canSelectMany: true,
      showCollapseAll: true,
    });
    this.#publishContext();
  }

  get grouping(): Grouping {
    const stored = this.#memory.get<unknown>(GROUPING_KEY);
    return GROUPINGS.find((grouping) => grouping === stored) ?? 'action';
  }

  get filter(): string {
    return this.#filter;
  }

  get selection(): readonly RiskTreeNode[] {
    return this.#view.selection;
  }

  async groupBy(grouping: Grouping): Promise<void> {
    await this.#memory.update(GROUPING_KEY, grouping);
    await this.refresh();
  }

  async filterBy(filter: string): Promise<void> {
    this.#filter = filter.trim();
    await this.refresh();
  }

  /** Asks the server again. An answer that was overtaken by a later request is dropped. */
  async refresh(): Promise<void> {
    const request = ++this.#lastRequest;
    this.#publishContext();
    const result = await this.#request({ grouping: this.grouping, filter: this.#filter });
    if (result !== undefined && request === this.#lastRequest) this.#show(result);
  }

  /** For the time in which no server can answer. */
  showStopped(): void {
    this.#lastRequest += 1;
    this.#show({ groups: [], badge: 0, coverage: '' });
  }

  getChildren(node?: RiskTreeNode): RiskTreeNode[] {
    if (node === undefined) return [...this.#groups];
    return node.type === 'group' ? [...node.items] : [];
  }

  getTreeItem(node: RiskTreeNode): vscode.TreeItem {
    return node.type === 'group' ? groupItem(node) : riskItem(node);
  }

  dispose(): void {
    this.#view.dispose();
    this.#changed.dispose();
  }

  /** Draws only what is new: a click that falls into a drawing comes without the node it was meant for. */
  #show(result: RisksResult): void {
    const shown = JSON.stringify([result, this.#filter]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.#groups = riskTree(result);
    this.#view.badge = riskBadge(result);
    // A message would hide the welcome text of an empty tree.
    this.#view.message = this.#groups.length === 0 ? '' : result.coverage;
    this.#view.description = this.#groups.length === 0 ? result.coverage : describeFilter(this.#filter);
    this.#changed.fire(undefined);
  }

  #publishContext(): void {
    void vscode.commands.executeCommand('setContext', GROUPING_KEY, this.grouping);
    void vscode.commands.executeCommand('setContext', 'provender.risks.filtered', this.#filter !== '');
  }
}

function describeFilter(filter: string): string {
  return filter === '' ? '' : `“${filter}”`;
}

function groupItem(node: GroupNode): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = node.id;
  item.description = node.description;
  item.iconPath = new vscode.ThemeIcon(node.icon);
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.accessibleLabel };
  return item;
}

function riskItem(node: Exclude<RiskTreeNode, GroupNode>): vscode.TreeItem {
  const item = new vscode.TreeItem(node.label, vscode.TreeItemCollapsibleState.None);
  item.id = node.id;
  item.description = node.description;
  item.tooltip = node.tooltip;
  item.iconPath = new vscode.ThemeIcon(
    node.icon,
    node.color === undefined ? undefined : new vscode.ThemeColor(node.color),
  );
  item.contextValue = node.contextValue;
  item.accessibilityInformation = { label: node.accessibleLabel };
  item.command = {
    command: 'vscode.open',
    title: 'Go to the Line',
    arguments: [vscode.Uri.parse(node.uri), { selection: toRange(node.range), preserveFocus: true }],
  };
  return item;
}

export function toRange(range: WireRange): vscode.Range {
  return new vscode.Range(range.start.line, range.start.character, range.end.line, range.end.character);
}
