import {
  LSPErrorCodes,
  ResponseError,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
} from 'vscode-languageserver';

import type { Subject } from '../core/knowledge.ts';
import type { Action } from '../features/code-actions/action.ts';
import { codeActions } from '../features/code-actions/code-actions.ts';
import { workspaceEdit } from './convert.ts';
import type { Session } from './session.ts';

const LEARN_TIMEOUT_MS = 20_000;

/** What a code action carries from the list to its resolution. */
interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly kind: string;
  /** The new text, which tells the action from its neighbors. */
  readonly newText: string;
  readonly start: number;
}

export function provideCodeActions(session: Session, params: CodeActionParams): CodeAction[] {
  const { uri } = params.textDocument;
  const view = session.viewOf(uri);
  if (view === undefined) return [];
  const { manifest, project, snapshot } = view;
  const canPrepareInstall = session.traits.options.installCommand === true;
  const actions = codeActions(manifest, project, { range: params.range, only: params.context.only, canPrepareInstall });
  for (const { verify } of actions) if (verify) learnInBackground(session, verify, uri);
  return actions.map((action): CodeAction => {
    const { title, kind, isPreferred, edits, command } = action;
    const diagnostics = params.context.diagnostics.filter((item) => mends(action, item));
    const isDeferred = session.traits.canResolveActions && action.verify !== undefined;
    const data = dataOf(action, uri, manifest.document.version ?? 0);
    return {
      title,
      kind,
      ...(isPreferred ? { isPreferred } : {}),
      ...(diagnostics.length > 0 ? { diagnostics } : {}),
      ...(edits.length > 0 && !isDeferred ? { edit: workspaceEdit(edits, snapshot, session.uris.uriOf) } : {}),
      ...(command ? { command } : {}),
      ...(isDeferred && data ? { data } : {}),
    };
  });
}

/** Looks the edit's version up before it is applied. Refuses when the text moved on or the version does not hold. */
export async function resolveCodeAction(
  session: Session,
  codeAction: CodeAction,
  token: CancellationToken,
): Promise<CodeAction> {
  const data = decodeData(codeAction.data);
  if (data === undefined) return codeAction;
  const verify = matchingAction(session, data)?.verify;
  if (verify !== undefined) await learnUntil(token, session, verify, data.uri);
  const view = session.viewOf(data.uri);
  if (view === undefined || view.manifest.document.version !== data.version) {
    throw new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since this was offered');
  }
  const action = matchingAction(session, data);
  if (action === undefined) {
    throw new ResponseError(
      LSPErrorCodes.RequestFailed,
      'The look-up found another version to be the better one. Open the list of fixes again',
    );
  }
  return { ...codeAction, edit: workspaceEdit(action.edits, view.snapshot, session.uris.uriOf) };
}

function mends(action: Action, diagnostic: Diagnostic): boolean {
  return action.mends.some((code) => code === diagnostic.code);
}

function dataOf(action: Action, uri: string, version: number): ActionData | undefined {
  const edit = action.edits[0];
  return edit && { uri, version, kind: action.kind, newText: edit.newText, start: edit.span.start };
}

function matchingAction(session: Session, data: ActionData): Action | undefined {
  const view = session.viewOf(data.uri);
  if (view === undefined) return undefined;
  const whole = {
    start: { line: 0, character: 0 },
    end: { line: view.manifest.document.lines.lineCount, character: 0 },
  };
  const all = codeActions(view.manifest, view.project, { range: whole, only: undefined, canPrepareInstall: false });
  return all.find(
    ({ kind, edits }) => kind === data.kind && edits[0]?.newText === data.newText && edits[0].span.start === data.start,
  );
}

/** Menus are asked for whenever the cursor moves: each package is looked up for them once in a while. */
function learnInBackground(session: Session, subject: Subject, uri: string): void {
  if (!session.verifications.isDue(`${subject.registry}\n${subject.name}\n${subject.version}`)) return;
  learn(session, subject, uri, AbortSignal.timeout(LEARN_TIMEOUT_MS)).catch((error: unknown) =>
    session.log.debug(`not verified: ${String(error)}`),
  );
}

/** Cancelled means no answer, and that nothing more is sent. */
async function learnUntil(token: CancellationToken, session: Session, subject: Subject, uri: string): Promise<void> {
  const abort = new AbortController();
  const listener = token.onCancellationRequested(() => abort.abort());
  // The token of a request that was taken back before its turn came never tells of it.
  if (token.isCancellationRequested) abort.abort();
  try {
    await learn(session, subject, uri, AbortSignal.any([abort.signal, AbortSignal.timeout(LEARN_TIMEOUT_MS)]));
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    listener.dispose();
  }
  if (token.isCancellationRequested) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
  (await session.running()).workspace.flush();
}

async function learn(session: Session, subject: Subject, uri: string, signal: AbortSignal): Promise<void> {
  const policy = session.viewOf(uri)?.project.policy;
  const { world } = await session.running();
  if (policy !== undefined && world.isOnline()) await world.knowledge.learn(subject, policy, signal);
}

function decodeData(raw: unknown): ActionData | undefined {
  if (typeof raw !== 'object' || raw === null) return undefined;
  const get = (name: string): unknown => (Object.hasOwn(raw, name) ? Reflect.get(raw, name) : undefined);
  const [uri, version, kind, newText, start] = ['uri', 'version', 'kind', 'newText', 'start'].map(get);
  return typeof uri === 'string' &&
    typeof version === 'number' &&
    typeof kind === 'string' &&
    typeof newText === 'string' &&
    typeof start === 'number'
    ? { uri, version, kind, newText, start }
    : undefined;
}
