import * as vscode from 'vscode';
import { LSPErrorCodes, ResponseError } from 'vscode-languageclient/node';
import { REVIEW_REQUEST, type ReviewParams, type ReviewResult } from '../../../server/src/protocol.ts';
import type { Session } from '../session.ts';
import type { CommandTable } from './command.ts';

export const reviewCommands: CommandTable = {
  'provender.reviewChanges': { needsServer: true, run: reviewChanges },
};

const CHOICES = [
  { label: 'What is not committed', detail: 'The working tree against HEAD', since: 'head' },
  { label: 'What this branch brings', detail: 'Since it left the main branch', since: 'branch' },
  { label: 'Since another commit…', detail: 'A branch, a tag or an id', since: 'commit' },
] as const;

/** Shows what came, went and moved among the installed packages. A key binding may say since when: `{ "kind": "branch" }`. */
async function reviewChanges({ client, reviews }: Session, told?: unknown): Promise<void> {
  const since = sinceOf(told) ?? (await askSince());
  if (since === undefined) return;
  const params: ReviewParams = { since };
  try {
    const { markdown } = await client.sendRequest<ReviewResult>(REVIEW_REQUEST, params);
    await reviews.show('Dependency Changes', markdown);
  } catch (error) {
    // The user cancelled the look-ups, which the server shows the progress of.
    if (!(error instanceof ResponseError && error.code === LSPErrorCodes.RequestCancelled)) throw error;
  }
}

function sinceOf(told: unknown): ReviewParams['since'] | undefined {
  if (typeof told !== 'object' || told === null || !('kind' in told)) return undefined;
  if (told.kind === 'head' || told.kind === 'branch') return { kind: told.kind };
  const name = told.kind === 'commit' && 'name' in told ? told.name : undefined;
  return typeof name === 'string' ? { kind: 'commit', name } : undefined;
}

async function askSince(): Promise<ReviewParams['since'] | undefined> {
  const choice = await vscode.window.showQuickPick(CHOICES, {
    title: 'Review Dependency Changes',
    placeHolder: 'Since when?',
  });
  if (choice?.since !== 'commit') return choice && { kind: choice.since };
  const name = await vscode.window.showInputBox({
    title: 'Review Dependency Changes',
    prompt: 'A branch, a tag or an id',
  });
  return name === undefined || name.trim() === '' ? undefined : { kind: 'commit', name: name.trim() };
}
