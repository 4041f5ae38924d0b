import {
  CodeActionTriggerKind,
  LSPErrorCodes,
  Range,
  ResponseError,
  type CancellationToken,
  type CodeAction,
  type CodeActionParams,
  type Diagnostic,
  type WorkspaceEdit,
} from 'vscode-languageserver';

import type { Subject } from '../core/knowledge.ts';
import type { Clock } from '../core/ports.ts';
import type { Action } from '../features/code-actions/action.ts';
import { codeActions, unknownFor, type CodeActionRequest } from '../features/code-actions/code-actions.ts';
import { entryActions, unknownForEntries } from '../features/code-actions/entry-actions.ts';
import type { DocumentText, ProjectView, Snapshot } from '../workspace/snapshot.ts';
import { documentEdits, lateDocumentEdit, workspaceEdit, type CurrentText } from './convert.ts';
import type { Session } from './session.ts';

const LEARN_TIMEOUT_MS = 20_000;

/** How long a list that the user asked for waits for what tells which fix is the best; the look-ups go on after it. */
const PATIENCE_MS = 1500;

/** Each round may show what the next one has to look up. */
const MAX_ROUNDS = 6;
const MAX_LOOKUPS = 64;

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

/** What is offered in an open document. */
interface Offer {
  readonly document: DocumentText;
  readonly project: ProjectView;
  readonly snapshot: Snapshot;
  readonly actions: (request: CodeActionRequest) => Action[];
  /** What a look-up would tell more about a range. */
  readonly unknownFor: (range: Range) => Subject[];
}

function offerIn(session: Session, uri: string): Offer | undefined {
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

export async function provideCodeActions(
  session: Session,
  params: CodeActionParams,
  token: CancellationToken,
): Promise<CodeAction[]> {
  const { uri } = params.textDocument;
  const canPrepareInstall = session.traits.options.installCommand === true;
  const request = { range: params.range, only: params.context.only, canPrepareInstall };
  if (params.context.triggerKind === CodeActionTriggerKind.Invoked) await learnFor(session, uri, request, token);
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

/** Learns what may change the list, round by round, while the user's patience lasts. */
async function learnFor(
  session: Session,
  uri: string,
  request: CodeActionRequest,
  token: CancellationToken,
): Promise<void> {
  const { world, workspace } = await session.running();
  const until = world.clock.now() + PATIENCE_MS;
  for (let round = 0; round < MAX_ROUNDS && !token.isCancellationRequested; round++) {
    const offer = offerIn(session, uri);
    if (offer === undefined) return;
    learnInBackground(session, unknownIn(offer, offer.actions(request), request.range), uri);
    const left = until - world.clock.now();
    if (session.lookups.size === 0 || left <= 0) return;
    await settleWithin(session.lookups, left, world.clock, token);
    workspace.flush();
  }
  if (token.isCancellationRequested) throw cancelled();
}

async function settleWithin(
  lookups: ReadonlySet<Promise<void>>,
  waitMs: number,
  clock: Clock,
  token: CancellationToken,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const stopWaiting = clock.after(waitMs, () => resolve(undefined));
  const listener = token.onCancellationRequested(() => resolve(undefined));
  await Promise.race([Promise.allSettled(lookups), promise]);
  stopWaiting();
  listener.dispose();
}

function unknownIn(offer: Offer, actions: readonly Action[], range: Range): Subject[] {
  return [...actions.flatMap(({ verify }) => verify), ...offer.unknownFor(range)];
}

/** Looks the edit's version up before it is applied. Refuses when the text moved on or the version does not hold. */
export async function resolveCodeAction(
  session: Session,
  codeAction: CodeAction,
  token: CancellationToken,
): Promise<CodeAction> {
  const data = decodeData(codeAction.data);
  if (data === undefined) return codeAction;
  await verifyUntilKnown(session, data, token);
  const offer = offerIn(session, data.uri);
  if (offer?.document.version !== data.version) throw changed();
  const action = matchingAction(session, data);
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

function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
}

function changed(): ResponseError {
  return new ResponseError(LSPErrorCodes.ContentModified, 'The document has changed since this was offered');
}

/** A tree is looked up level by level: what was learned tells what to ask next. */
async function verifyUntilKnown(session: Session, data: ActionData, token: CancellationToken): Promise<void> {
  const asked = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const verify = matchingAction(session, data)?.verify ?? [];
    const due = distinctSubjects(verify).filter((subject) => !asked.has(lookupKey(subject)));
    if (due.length === 0 || asked.size + due.length > MAX_LOOKUPS) return;
    for (const subject of due) asked.add(lookupKey(subject));
    await learnUntil(token, session, due, data.uri);
  }
}

/** Undefined when there is none, or a text is no longer what the edit was planned for. */
async function editOf(
  session: Session,
  { edits, late = [] }: Action,
  { snapshot }: Offer,
): Promise<WorkspaceEdit | undefined> {
  if (late.length === 0) return edits.length > 0 ? workspaceEdit(edits, snapshot, session.uris.uriOf) : undefined;
  const documentChanges = documentEdits(edits, snapshot, session.uris.uriOf);
  for (const item of late) {
    const current = await currentText(session, item.path);
    const made = current && lateDocumentEdit(item, current, session.uris.uriOf(item.path));
    if (made === undefined) return undefined;
    // A second entry for one document would be read against what the first has made of it.
    const same = documentChanges.find(({ textDocument }) => textDocument.uri === made.textDocument.uri);
    if (same) same.edits.push(...made.edits);
    else documentChanges.push(made);
  }
  return { documentChanges };
}

/** As the editor holds it, else as it is on disk. */
async function currentText(session: Session, path: string): Promise<CurrentText | undefined> {
  const { world, workspace } = await session.running();
  const open = workspace.openText(path);
  if (open !== undefined) return open;
  const text = await world.files.readText(path);
  return text === undefined ? undefined : { text, version: undefined };
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

function matchingAction(session: Session, data: ActionData): Action | undefined {
  const all = offerIn(session, data.uri)?.actions({ range: data.range, only: undefined, canPrepareInstall: true });
  return all?.find((action) => action.kind === data.kind && idOf(action) === data.id && startOf(action) === data.start);
}

/** Menus are asked for whenever the cursor moves: each package is looked up for them once in a while. */
function learnInBackground(session: Session, subjects: readonly Subject[], uri: string): void {
  const due = distinctSubjects(subjects)
    .slice(0, MAX_LOOKUPS)
    .filter((subject) => session.verifications.isDue(lookupKey(subject)));
  if (due.length === 0) return;
  const lookup = learn(session, due, uri, AbortSignal.timeout(LEARN_TIMEOUT_MS))
    .catch((error: unknown) => session.log.debug(`not verified: ${String(error)}`))
    .finally(() => session.lookups.delete(lookup));
  session.lookups.add(lookup);
}

function lookupKey({ registry, name, version }: Subject): string {
  return `${registry}\n${name}\n${version}`;
}

function distinctSubjects(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [lookupKey(subject), subject])).values()];
}

/** Cancelled means no answer, and that nothing more is sent. */
async function learnUntil(
  token: CancellationToken,
  session: Session,
  subjects: readonly Subject[],
  uri: string,
): Promise<void> {
  const abort = new AbortController();
  const listener = token.onCancellationRequested(() => abort.abort());
  // The token of a request that was taken back before its turn came never tells of it.
  if (token.isCancellationRequested) abort.abort();
  try {
    await learn(session, subjects, uri, AbortSignal.any([abort.signal, AbortSignal.timeout(LEARN_TIMEOUT_MS)]));
  } catch (error) {
    if (!abort.signal.aborted) throw error;
  } finally {
    listener.dispose();
  }
  if (token.isCancellationRequested) throw cancelled();
  (await session.running()).workspace.flush();
}

async function learn(session: Session, subjects: readonly Subject[], uri: string, signal: AbortSignal): Promise<void> {
  const policy = offerIn(session, uri)?.project.policy;
  const { world } = await session.running();
  if (policy === undefined || !world.isOnline()) return;
  await Promise.all(subjects.map((subject) => world.knowledge.learn(subject, policy, signal)));
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
