import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';

import type { UpdateAdvisoriesResult } from '../protocol.ts';
import { describeUpdate } from '../sources/describe-update.ts';
import { RoundProgress } from './progress.ts';
import type { Session } from './session.ts';

/** Brings the local database up to date because the user asked for it. */
export async function updateAdvisories(session: Session, token: CancellationToken): Promise<UpdateAdvisoriesResult> {
  const { world, workspace } = await session.running();
  if (!world.mayGoOnline) return { message: 'Provender is offline by its settings: nothing was asked' };
  const abort = new AbortController();
  const cancel = (): void => abort.abort(new DOMException('cancelled', 'AbortError'));
  const listener = token.onCancellationRequested(cancel);
  if (token.isCancellationRequested) cancel();
  const progress = new RoundProgress({
    title: 'Provender: updating the advisory database',
    connection: session.connection,
    clock: world.clock,
    log: session.log,
    isSupported: session.traits.canShowProgress,
  });
  progress.begin(cancel);
  try {
    const outcome = await world.updateAdvisories({
      signal: abort.signal,
      onProgress: (message) => progress.say(message),
    });
    workspace.flush();
    return { message: describeUpdate(outcome) };
  } catch (error) {
    if (abort.signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
    throw error;
  } finally {
    progress.end();
    listener.dispose();
  }
}
