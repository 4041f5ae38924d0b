import { dirname } from 'node:path';
import { CodeActionKind } from 'vscode-languageserver-types';

import { INSTALL_COMMAND } from '../../protocol.ts';
import type { LineView, ProjectView } from '../../workspace/snapshot.ts';
import type { Action } from './action.ts';

/** Puts the install command at the right root into the terminal, unsent. Only for clients that know the command. */
export function prepareInstall(line: LineView, project: ProjectView): Action[] {
  if (line.pending === undefined) return [];
  const { installCommand, lockfile, root } = project.layout;
  const folder = lockfile === undefined ? root : dirname(lockfile);
  const title = `Put “${installCommand}” into the terminal`;
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      isPreferred: false,
      edits: [],
      mends: ['waiting-for-install'],
      verify: [],
      command: { title, command: INSTALL_COMMAND, arguments: [folder, installCommand] },
    },
  ];
}
