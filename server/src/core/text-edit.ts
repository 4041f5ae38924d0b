import type { Span } from './span.ts';

/** A replacement in one document. */
export interface DocumentEdit {
  /** Absolute path of the document that owns the line. */
  readonly path: string;
  readonly span: Span;
  readonly newText: string;
}

/** Each place once: many members may point at one catalog line. */
export function distinctEdits(edits: readonly DocumentEdit[]): DocumentEdit[] {
  return [...new Map(edits.map((edit) => [`${edit.path}\n${String(edit.span.start)}`, edit])).values()];
}
