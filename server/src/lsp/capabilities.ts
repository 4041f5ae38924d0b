import { CodeActionKind, TextDocumentSyncKind, type ServerCapabilities } from 'vscode-languageserver';

import { FIX_ALL_KIND } from '../features/code-actions/fix-all.ts';

/** What the server can do. One line for each feature. */
export const CAPABILITIES: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false } },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
  hoverProvider: true,
  codeActionProvider: {
    codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite, FIX_ALL_KIND],
    resolveProvider: true,
  },
  inlayHintProvider: true,
  completionProvider: { triggerCharacters: ['"', '^', '~', '.', "'", ' '] },
  codeLensProvider: { resolveProvider: false },
  definitionProvider: true,
  referencesProvider: true,
  documentSymbolProvider: true,
  foldingRangeProvider: true,
  documentLinkProvider: { resolveProvider: false },
};
