import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { SourceError } from '../core/evidence.ts';
import type { ImportJob, ImportProgress, ImportReport, ImportWatch } from './import-advisories.ts';

/** What the thread is told: first its job, and perhaps to stop. */
export type ToImport = { readonly job: ImportJob } | { readonly stop: true };

/** What the thread says; one of the three. */
export interface FromImport {
  readonly progress?: ImportProgress;
  readonly report?: ImportReport;
  /** `isOfWorld` is true for what the system or the disk refused, and false for a fault of ours. */
  readonly failed?: { readonly message: string; readonly isOfWorld: boolean };
}

/** The thread's file, below the folder that holds the bundles. */
export function importWorkerPath(bundleFolder: string): string {
  return join(bundleFolder, 'workers', 'import-worker.cjs');
}

/**
 * Imports advisories in a thread of its own, so that an editor stays quick meanwhile. As {@link importAdvisories}, and
 * rejects with the signal's reason as soon as the thread has cleaned up after itself. What the system refused is a SourceError.
 */
export async function runImportInWorker(
  workerPath: string,
  job: ImportJob,
  { signal, onProgress }: ImportWatch,
): Promise<ImportReport> {
  signal.throwIfAborted();
  const worker = new Worker(workerPath);
  const tell = (message: ToImport): void => worker.postMessage(message);
  const stop = (): void => tell({ stop: true });
  signal.addEventListener('abort', stop, { once: true });
  tell({ job });
  try {
    return await new Promise<ImportReport>((resolve, reject) => {
      worker.on('message', ({ progress, report, failed }: FromImport) => {
        if (progress !== undefined) onProgress(progress);
        if (report !== undefined) resolve(report);
        if (failed !== undefined) {
          reject(failed.isOfWorld ? new SourceError('refused', failed.message) : new Error(failed.message));
        }
      });
      worker.on('error', reject);
      worker.on('exit', () => reject(new Error('the import ended without a report')));
    });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
