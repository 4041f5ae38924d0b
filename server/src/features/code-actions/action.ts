import type { Command } from 'vscode-languageserver-types';

import type { Subject } from '../../core/knowledge.ts';
import type { LateEdit } from '../../core/transitive-dialect.ts';
import type { DocumentEdit } from '../../core/text-edit.ts';

/** A code action before it is put into the client's form. */
export interface Action {
  readonly title: string;
  readonly kind: string;
  readonly isPreferred: boolean;
  readonly edits: readonly DocumentEdit[];
  /** Edits of documents whose text is read when the action is chosen. */
  readonly late?: readonly LateEdit[];
  /** Codes of the diagnostics on the line that it mends. */
  readonly mends: readonly string[];
  /** What must be looked up before the edit may be applied as verified; empty when that was done. */
  readonly verify: readonly Subject[];
  readonly command: Command | undefined;
  /** Tells an action without edits of its own from its neighbors. */
  readonly key?: string;
}
