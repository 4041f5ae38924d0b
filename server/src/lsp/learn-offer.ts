import { LSPErrorCodes, ResponseError, type CancellationToken, type Range } from 'vscode-languageserver';

import type { Subject } from '../core/knowledge.ts';
import type { Clock } from '../core/ports.ts';
import type { Action } from '../features/code-actions/action.ts';
import type { CodeActionRequest } from '../features/code-actions/code-actions.ts';
import { lookUp, lookupKey } from '../workspace/look-up.ts';
import { offerIn, type Offer } from './offer.ts';
import type { Session } from './session.ts';

const LEARN_TIMEOUT_MS = 20_000;

/** How long a list that the user asked for waits for what tells which fix is the best; the look-ups go on after it. */
const PATIENCE_MS = 1500;

/** Each round may show what the next one has to look up. */
const MAX_ROUNDS = 6;
const MAX_LOOKUPS = 64;

/** Learns what may change the list, round by round, while the user's patience lasts. */
export async function learnForList(
  session: Session,
  uri: string,
  request: CodeActionRequest,
  token: CancellationToken,
): Promise<void> {
  const { world, workspace } = await session.running();
  const until = world.clock.now() + PATIENCE_MS;
  for (let round = 0; round < MAX_ROUNDS && !token.isCancellationRequested; round++) {
    const offer = offerIn(session, uri);
    if (offer === undefined) break;
    learnInBackground(session, unknownIn(offer, offer.actions(request), request.range), uri);
    const left = until - world.clock.now();
    if (session.lookups.size === 0 || left <= 0) break;
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

/** What would tell more of the actions, and of what more there could be. */
export function unknownIn(offer: Offer, actions: readonly Action[], range: Range): Subject[] {
  return [...actions.flatMap(({ verify }) => verify), ...offer.unknownFor(range)];
}

/** Menus are asked for whenever the cursor moves: each package is looked up for them once in a while. */
export function learnInBackground(session: Session, subjects: readonly Subject[], uri: string): void {
  const due = distinctSubjects(subjects)
    .slice(0, MAX_LOOKUPS)
    .filter((subject) => session.verifications.isDue(lookupKey(subject)));
  if (due.length === 0) return;
  const lookup = learn(session, due, uri, AbortSignal.timeout(LEARN_TIMEOUT_MS))
    .catch((error: unknown) => session.log.debug(`not verified: ${String(error)}`))
    .finally(() => session.lookups.delete(lookup));
  session.lookups.add(lookup);
}

function distinctSubjects(subjects: readonly Subject[]): Subject[] {
  return [...new Map(subjects.map((subject) => [lookupKey(subject), subject])).values()];
}

/**
 * Looks up what an edit rests on. A tree is looked up level by level: what was learned tells what to ask next, so
 * `unknown` is asked after each round.
 */
export async function learnForEdit(
  session: Session,
  uri: string,
  unknown: () => readonly Subject[],
  token: CancellationToken,
): Promise<void> {
  const asked = new Set<string>();
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const due = distinctSubjects(unknown()).filter((subject) => !asked.has(lookupKey(subject)));
    if (due.length === 0 || asked.size + due.length > MAX_LOOKUPS) return;
    for (const subject of due) asked.add(lookupKey(subject));
    await learnUntil(token, session, due, uri);
  }
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
  const lookups = subjects.map((subject) => ({ subject, policy }));
  await lookUp(world.knowledge, lookups, signal, () => undefined);
}

function cancelled(): ResponseError {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
}
