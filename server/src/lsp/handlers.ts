import type { Connection } from 'vscode-languageserver';

import { codeLens } from '../features/code-lens.ts';
import { completion } from '../features/completion.ts';
import { definition } from '../features/definition.ts';
import { documentLinks } from '../features/document-links.ts';
import { hover } from '../features/hover.ts';
import { inlayHints } from '../features/inlay-hints.ts';
import { lockfileDefinition } from '../features/lockfile/lockfile-definition.ts';
import { lockfileFolding } from '../features/lockfile/lockfile-folding.ts';
import { lockfileHover } from '../features/lockfile/lockfile-hover.ts';
import { lockfileLinks } from '../features/lockfile/lockfile-links.ts';
import { lockfileReferences } from '../features/lockfile/lockfile-references.ts';
import { lockfileSymbols } from '../features/lockfile/lockfile-symbols.ts';
import { provideCodeActions, resolveCodeAction } from './code-actions.ts';
import type { Session } from './session.ts';

/** One line for each feature: the newest snapshot goes in, the client's form comes out. Nothing here waits for the network. */
export function registerFeatures(connection: Connection, session: () => Session): void {
  const viewOf = (params: { textDocument: { uri: string } }): ReturnType<Session['viewOf']> =>
    session().viewOf(params.textDocument.uri);
  const lockfileOf = (params: { textDocument: { uri: string } }): ReturnType<Session['lockfileOf']> =>
    session().lockfileOf(params.textDocument.uri);

  connection.onHover((params) => {
    const { uriOf } = session().uris;
    const view = viewOf(params);
    if (view) return hover(view.manifest, view.project, params.position, view.snapshot.takenAt, uriOf);
    const open = lockfileOf(params);
    return open && lockfileHover(open.lockfile, open.project, params.position, open.snapshot.takenAt, uriOf);
  });
  connection.onDefinition((params) => {
    const { uriOf } = session().uris;
    const view = viewOf(params);
    if (view) return definition(view.manifest, view.project, params.position, uriOf);
    const open = lockfileOf(params);
    return open && lockfileDefinition(open.lockfile, open.project, params.position, uriOf);
  });
  connection.onReferences((params) => {
    const open = lockfileOf(params);
    return open && lockfileReferences(open.lockfile, open.project, params.position, session().uris.uriOf);
  });
  connection.onDocumentSymbol((params) => {
    const open = lockfileOf(params);
    return open && lockfileSymbols(open.lockfile, open.project);
  });
  connection.onFoldingRanges((params) => {
    const open = lockfileOf(params);
    return open && lockfileFolding(open.lockfile);
  });
  connection.onCodeAction((params, token) => provideCodeActions(session(), params, token));
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
    if (view) return documentLinks(view.manifest, view.project, session().uris.uriOf);
    const open = lockfileOf(params);
    return open && lockfileLinks(open.lockfile, open.project);
  });
}
