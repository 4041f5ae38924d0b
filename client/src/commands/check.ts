import * as vscode from 'vscode';
import { CHECK_NOW_REQUEST } from '../../../server/src/protocol.ts';
import { SECTION } from '../language-client-options.ts';
import type { CommandTable } from './command.ts';

export const checkCommands: CommandTable = {
  'provender.checkNow': {
    needsServer: true,
    run: async ({ client }) => {
      await client.sendRequest<unknown>(CHECK_NOW_REQUEST);
    },
  },
  'provender.toggleInlineHints': { needsServer: false, run: toggleInlineHints },
};

async function toggleInlineHints(): Promise<void> {
  const settings = vscode.workspace.getConfiguration(SECTION);
  const isOff = settings.get<unknown>('inline') === 'off';
  const isSetByWorkspace = settings.inspect('inline')?.workspaceValue !== undefined;
  const target = isSetByWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update('inline', isOff ? 'attention' : 'off', target);
}
