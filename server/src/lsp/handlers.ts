import type { Connection } from 'vscode-languageserver';

import { codeLens } from '../features/code-lens.ts';
import { completion } from '../features/completion.ts';
import { documentLinks } from '../features/document-links.ts';
import { hover } from '../features/hover.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { provideCodeActions, resolveCodeAction } from './code-actions.ts';
import type { Session } from './session.ts';

/** One line for each feature: the newest snapshot goes in, the client's form comes out. Nothing here waits for the network. */
export function registerFeatures(connection: Connection, session: () => Session): void {
  const viewOf = (params: { textDocument: { uri: string } }): ReturnType<Session['viewOf']> =>
    session().viewOf(params.textDocument.uri);

  connection.onHover((params) => {
    const view = viewOf(params);
    return view && hover(view.manifest, view.project, params.position, view.snapshot.takenAt);
  });
  connection.onCodeAction((params) => provideCodeActions(session(), params));
  connection.onCodeActionResolve((action, token) => resolveCodeAction(session(), action, token));
  connection.languages.inlayHint.on((params) => {
    const view = viewOf(params);
    return view && inlayHints(view.manifest, view.project, params.range);
  });
  connection.onCompletion((params) => {
    const view = viewOf(params);
    return view && completion(view.manifest, view.project, params.position);
  });
  connection.onCodeLens((params) => {
    const view = viewOf(params);
    return view && codeLens(view.manifest, view.project);
  });
  connection.onDocumentLinks((params) => {
    const view = viewOf(params);
    return view && documentLinks(view.manifest, view.project);
  });
}
