import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';

import { RoundProgress } from './progress.ts';
import type { Session } from './session.ts';

/**
 * Does what a request asks for, with progress that the user can cancel as well as the request itself. Cancelled means the error
 * `RequestCancelled`, and that nothing more is sent.
 */
export async function cancellableJob<T>(
  session: Session,
  title: string,
  token: CancellationToken,
  work: (signal: AbortSignal, progress: RoundProgress) => Promise<T>,
): Promise<T> {
  const { world } = await session.running();
  const abort = new AbortController();
  const cancel = (): void => abort.abort(new DOMException('cancelled', 'AbortError'));
  const listener = token.onCancellationRequested(cancel);
  // The token of a request that was taken back before its turn came never tells of it.
  if (token.isCancellationRequested) cancel();
  const progress = new RoundProgress({
    title,
    connection: session.connection,
    clock: world.clock,
    log: session.log,
    isSupported: session.traits.canShowProgress,
  });
  progress.begin(cancel);
  try {
    const result = await work(abort.signal, progress);
    abort.signal.throwIfAborted();
    return result;
  } catch (error) {
    if (abort.signal.aborted) throw new ResponseError(LSPErrorCodes.RequestCancelled, 'Cancelled');
    throw error;
  } finally {
    progress.end();
    listener.dispose();
  }
}
