import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { ImportSurvey, SurveyRequest } from '../core/import-use.ts';

/** The thread's file, below the folder that holds the bundles. */
export function surveyWorkerPath(bundleFolder: string): string {
  return join(bundleFolder, 'workers', 'survey-worker.cjs');
}

/**
 * Reads the sources of a project in a thread of its own, so that an editor stays quick meanwhile. Rejects with the signal's
 * reason when it is aborted, which ends the thread.
 */
export async function runSurveyInWorker(
  workerPath: string,
  request: SurveyRequest,
  signal: AbortSignal,
): Promise<ImportSurvey> {
  signal.throwIfAborted();
  const worker = new Worker(workerPath, { workerData: request });
  const stop = (): void => void worker.terminate();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await new Promise<ImportSurvey>((resolve, reject) => {
      worker.once('message', resolve);
      worker.once('error', reject);
      worker.once('exit', () => reject(new Error('the survey of imports ended without a result')));
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
