import type { Range } from 'vscode-languageserver';

import type { Subject } from '../core/knowledge.ts';
import type { Action } from '../features/code-actions/action.ts';
import { codeActions, unknownFor, type CodeActionRequest } from '../features/code-actions/code-actions.ts';
import { entryActions, unknownForEntries } from '../features/code-actions/entry-actions.ts';
import type { DocumentText, ProjectView, Snapshot } from '../workspace/snapshot.ts';
import type { Session } from './session.ts';

/** What is offered in an open document. */
export interface Offer {
  readonly document: DocumentText;
  readonly project: ProjectView;
  readonly snapshot: Snapshot;
  readonly actions: (request: CodeActionRequest) => Action[];
  /** What a look-up would tell more about a range. */
  readonly unknownFor: (range: Range) => Subject[];
}

/** What a manifest or a lockfile offers; undefined when it is neither, or not open. */
export function offerIn(session: Session, uri: string): Offer | undefined {
  const view = session.viewOf(uri);
  if (view !== undefined) {
    const { manifest, project, snapshot } = view;
    return {
      document: manifest.document,
      project,
      snapshot,
      actions: (request) => codeActions(manifest, project, request),
      unknownFor: (range) => unknownFor(manifest, project, range),
    };
  }
  const open = session.lockfileOf(uri);
  if (open === undefined) return undefined;
  const { lockfile, project, snapshot } = open;
  return {
    document: lockfile.document,
    project,
    snapshot,
    actions: (request) => entryActions(lockfile, project, request),
    unknownFor: (range) => unknownForEntries(lockfile, project, range),
  };
}
