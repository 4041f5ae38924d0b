import { parentPort, type MessagePort } from 'node:worker_threads';
import { SourceError } from '../core/evidence.ts';
import { importAdvisories, type ImportJob } from './import-advisories.ts';
import type { FromImport, ToImport } from './run-import.ts';

/** Entry of the thread that imports advisories. */
function serve(port: MessagePort): void {
  const controller = new AbortController();
  port.on('message', (message: ToImport) => {
    if ('stop' in message) controller.abort();
    else void run(port, message.job, controller.signal);
  });
}

async function run(port: MessagePort, job: ImportJob, signal: AbortSignal): Promise<void> {
  const send = (message: FromImport): void => port.postMessage(message);
  try {
    send({ report: await importAdvisories(job, { signal, onProgress: (progress) => send({ progress }) }) });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    send({ failed: { message, isOfWorld: isOfWorld(error) } });
  }
  port.close();
}

/** Errors of the operating system have a `syscall`, those of SQLite an `errcode`. */
function isOfWorld(error: unknown): boolean {
  return error instanceof SourceError || (error instanceof Error && ('syscall' in error || 'errcode' in error));
}

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
serve(parentPort);
