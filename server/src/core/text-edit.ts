import type { Span } from './span.ts';

/** A replacement in one document. */
export interface DocumentEdit {
  /** Absolute path of the document that owns the line. */
  readonly path: string;
  readonly span: Span;
  readonly newText: string;
}
