import type { Command } from 'vscode-languageserver-types';

import type { Subject } from '../../core/knowledge.ts';
import type { DocumentEdit } from '../../core/text-edit.ts';

/** A code action before it is put into the client's form. */
export interface Action {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred: boolean;
  readonly edits: readonly DocumentEdit[];
  /** Codes of the diagnostics on the line that it mends. */
  readonly mends: readonly string[];
  /** What must be looked up before the edit may be applied as verified; undefined when that was done. */
  readonly verify: Subject | undefined;
  readonly command: Command | undefined;
}
