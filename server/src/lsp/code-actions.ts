import {
  CodeActionTriggerKind,
  LSPErrorCodes,
  Range,
  ResponseError,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type CreateFile,
  type Diagnostic,
  type WorkspaceEdit,
} from 'vscode-languageserver';

import type { Action } from '../features/code-actions/action.ts';
import type { CodeActionRequest } from '../features/code-actions/code-actions.ts';
import { documentEdits, lateDocumentEdit, workspaceEdit } from './convert.ts';
import { currentText } from './current-text.ts';
import { learnForEdit, learnForList, learnInBackground, unknownIn } from './learn-offer.ts';
import { offerIn, type Offer } from './offer.ts';
import type { Session } from './session.ts';

/** What a code action carries from the list to its resolution. */
interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly kind: string;
  /** What tells the action from its neighbors: its key, or its new text. */
  readonly id: string;
  readonly start: number;
  /** Where it was asked for. */
  readonly range: Range;
}

export async function provideCodeActions(
  session: Session,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const { uri } = params.textDocument;
  const request = await requestFor(session, uri, params);
  if (params.context.triggerKind === CodeActionTriggerKind.Invoked) await learnForList(session, uri, request, token);
  const offer = offerIn(session, uri);
  if (offer === undefined) return [];
  const actions = offer.actions(request);
  learnInBackground(session, unknownIn(offer, actions, params.range), uri);
  const listed = await Promise.all(
    actions.map(async (action): Promise<CodeAction[]> => {
      const { title, kind, isPreferred, command, verify, late = [] } = action;
      const diagnostics = params.context.diagnostics.filter((item) => mends(action, item));
      const isLate = verify.length > 0 || late.length > 0;
      const data =
        session.traits.canResolveActions && isLate
          ? dataOf(action, uri, offer.document.version ?? 0, params.range)
          : undefined;
      const edit = data === undefined ? await editOf(session, action, offer) : undefined;
      // Its text is no longer what it was planned for.
      if (late.length > 0 && data === undefined && edit === undefined) return [];
      return [
        {
          title,
          kind,
          ...(isPreferred ? { isPreferred } : {}),
          ...(diagnostics.length > 0 ? { diagnostics } : {}),
          ...(edit ? { edit } : {}),
          ...(command ? { command } : {}),
          ...(data ? { data } : {}),
        },
      ];
    }),
  );
  return listed.flat();
}

async function requestFor(
  session: Session,
  uri: string,
  { range, context }: Pick<CodeActionParams, 'range' | 'context'>,
): Promise<CodeActionRequest> {
  const { options, canCreateFiles: canCreate } = session.traits;
  const project = offerIn(session, uri)?.project;
  // What a stranger's repository configures is not read.
  const author = project?.decisions.isApplied === true ? await session.authorOf(project.layout.root) : undefined;
  return {
    range,
    only: context.only,
    canPrepareInstall: options.installCommand === true,
    decide: { canAsk: options.decideCommand === true, canCreate, author },
  };
}

/** Looks the edit's version up before it is applied. Refuses when the text moved on or the version does not hold. */
export async function resolveCodeAction(
  session: Session,
  codeAction: CodeAction,
  token: CancellationToken,
): Promise<CodeAction> {
  const data = decodeData(codeAction.data);
  if (data === undefined) return codeAction;
  const request = await requestFor(session, data.uri, { range: data.range, context: { diagnostics: [] } });
  await learnForEdit(session, data.uri, () => matchingAction(session, data, request)?.verify ?? [], token);
  const offer = offerIn(session, data.uri);
  if (offer?.document.version !== data.version) throw changed();
  const action = matchingAction(session, data, request);
  if (action === undefined) {
    throw new ResponseError(
      LSPErrorCodes.RequestFailed,
      'The look-up found another version to be the better one. Open the list of fixes again',
    );
  }
  const edit = await editOf(session, action, offer);
  if (edit === undefined) throw changed();
  return { ...codeAction, edit };
}

function changed(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since this was offered');
}

/** Undefined when there is none, or a text is no longer what the edit was planned for. */
async function editOf(
  session: Session,
  { edits, late = [] }: Action,
  { snapshot }: Offer,
): Promise<WorkspaceEdit | undefined> {
  if (late.length === 0) return edits.length > 0 ? workspaceEdit(edits, snapshot, session.uris.uriOf) : undefined;
  const documentChanges = documentEdits(edits, snapshot, session.uris.uriOf);
  const created: CreateFile[] = [];
  for (const item of late) {
    const uri = session.uris.uriOf(item.path);
    const current = await currentText(session, item.path);
    if (current === undefined && item.whenMissing !== undefined) {
      created.push({ kind: 'create', uri, options: { ignoreIfExists: true } });
    }
    const made = lateDocumentEdit(item, current, uri);
    if (made === undefined) return undefined;
    // A second entry for one document would be read against what the first has made of it.
    const same = documentChanges.find(({ textDocument }) => textDocument.uri === made.textDocument.uri);
    if (same) same.edits.push(...made.edits);
    else documentChanges.push(made);
  }
  return { documentChanges: [...created, ...documentChanges] };
}

function mends(action: Action, diagnostic: Diagnostic): boolean {
  return action.mends.some((code) => code === diagnostic.code);
}

function dataOf(action: Action, uri: string, version: number, range: Range): ActionData | undefined {
  const id = idOf(action);
  return id === undefined ? undefined : { uri, version, kind: action.kind, id, start: startOf(action), range };
}

function idOf({ key, edits }: Action): string | undefined {
  return key ?? edits[0]?.newText;
}

function startOf({ edits }: Action): number {
  return edits[0]?.span.start ?? 0;
}

function matchingAction(session: Session, data: ActionData, request: CodeActionRequest): Action | undefined {
  const all = offerIn(session, data.uri)?.actions({ ...request, canPrepareInstall: true });
  return all?.find((action) => action.kind === data.kind && idOf(action) === data.id && startOf(action) === data.start);
}

function decodeData(raw: unknown): ActionData | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const get = (name: string): unknown => (Object.hasOwn(raw, name) ? Reflect.get(raw, name) : undefined);
  const [uri, version, kind, id, start, range] = ['uri', 'version', 'kind', 'id', 'start', 'range'].map(get);
  return typeof uri === 'string' &&
    typeof version === 'number' &&
    typeof kind === 'string' &&
    typeof id === 'string' &&
    typeof start === 'number' &&
    Range.is(range)
    ? { uri, version, kind, id, start, range }
    : undefined;
}
