import { pathToFileURL, fileURLToPath } from 'node:url';
import type { TextDocumentEdit, WorkspaceEdit } from 'vscode-languageserver-types';

import { LineIndex } from '../core/line-index.ts';
import type { LateEdit } from '../core/transitive-dialect.ts';
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
  return { documentChanges: documentEdits(edits, snapshot, uriOf) };
}

/** One for each document. */
export function documentEdits(
  edits: readonly DocumentEdit[],
  snapshot: Snapshot,
  uriOf: (path: string) => string,
): TextDocumentEdit[] {
  const byPath = new Map<string, { document: DocumentText; edit: TextDocumentEdit }>();
  for (const { path, span, newText } of edits) {
    const document = snapshot.manifests.get(path)?.document;
    if (document === undefined) continue;
    const textDocument = { uri: uriOf(path), version: document.version ?? null };
    const entry = byPath.get(path) ?? { document, edit: { textDocument, edits: [] } };
    entry.edit.edits.push({ range: rangeOfSpan(document, span), newText });
    byPath.set(path, entry);
  }
  return [...byPath.values()].map(({ edit }) => edit);
}

/** A text that is about to be changed, with the editor's version where it is open. */
export interface CurrentText {
  readonly text: string;
  readonly version: number | undefined;
}

/** An edit that is made for the text as it is now, or for a file that is to be made; undefined when it was planned for another text. */
export function lateDocumentEdit(
  late: LateEdit,
  current: CurrentText | undefined,
  uri: string,
): TextDocumentEdit | undefined {
  if (current === undefined) {
    if (late.whenMissing === undefined) return undefined;
    const start = { line: 0, character: 0 };
    return {
      textDocument: { uri, version: null },
      edits: [{ range: { start, end: start }, newText: late.whenMissing }],
    };
  }
  const replacements = late.replacements(current.text);
  if (replacements === undefined) return undefined;
  const lines = new LineIndex(current.text);
  const edits = replacements.map(({ span, newText }) => ({
    range: { start: lines.positionAt(span.start), end: lines.positionAt(span.end) },
    newText,
  }));
  return { textDocument: { uri, version: current.version ?? null }, edits };
}
