import { pathToFileURL, fileURLToPath } from 'node:url';
import type { TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver-types';

import type { DocumentEdit } from '../core/text-edit.ts';
import { rangeOfSpan } from '../features/ranges.ts';
import type { DocumentText, Snapshot } from '../workspace/snapshot.ts';

/** The absolute path of a `file:` URI; undefined for any other scheme. */
export function pathOf(uri: string): string | undefined {
  if (!uri.startsWith('file:')) return undefined;
  try {
    return fileURLToPath(uri);
  } catch {
    return undefined;
  }
}

/** Clients write URIs each in their own way (`%40`, drive letters): what a client sent is sent back to it. */
export class UriMap {
  readonly #uris = new Map<string, string>();

  note(path: string, uri: string): void {
    this.#uris.set(path, uri);
  }

  uriOf = (path: string): string => this.#uris.get(path) ?? pathToFileURL(path).href;
}

/** Edits in the client's form, each document with the version that it was computed for. */
export function workspaceEdit(
  edits: readonly DocumentEdit[],
  snapshot: Snapshot,
  uriOf: (path: string) => string,
): WorkspaceEdit {
  const byPath = new Map<string, { document: DocumentText; edit: TextDocumentEdit }>();
  for (const { path, span, newText } of edits) {
    const document = snapshot.manifests.get(path)?.document;
    if (document === undefined) continue;
    const textDocument = { uri: uriOf(path), version: document.version ?? null };
    const entry = byPath.get(path) ?? { document, edit: { textDocument, edits: [] } };
    entry.edit.edits.push({ range: rangeOfSpan(document, span), newText });
    byPath.set(path, entry);
  }
  return { documentChanges: [...byPath.values()].map(({ edit }) => edit) };
}
