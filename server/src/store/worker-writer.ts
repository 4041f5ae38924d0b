import { Worker } from 'node:worker_threads';
import type { AnswerFileOptions } from './answer-file.ts';
import type { AnswerWriter, WriterReply, WriterRequest } from './answer-writer.ts';

/** Messages to the worker thread and back. */
export type ToWriter =
  | { readonly open: AnswerFileOptions }
  | { readonly id: number; readonly request: WriterRequest }
  | { readonly end: true };
export interface FromWriter {
  readonly id: number;
  readonly reply: WriterReply;
}

/**
 * A writer in a thread that is started by the first request and ended when there was nothing to do for a while, since a
 * thread at rest costs megabytes. It keeps the process alive only while a request is under way.
 */
export class WorkerWriter implements AnswerWriter {
  readonly #entry: string;
  readonly #file: () => AnswerFileOptions;
  readonly #idleMs: number;
  readonly #waiting = new Map<number, (reply: WriterReply) => void>();
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  #lastId = 0;

  constructor(entry: string, file: () => AnswerFileOptions, idleMs: number) {
    this.#entry = entry;
    this.#file = file;
    this.#idleMs = idleMs;
  }

  request(request: WriterRequest): Promise<WriterReply> {
    const { promise, resolve } = Promise.withResolvers<WriterReply>();
    const id = (this.#lastId += 1);
    clearTimeout(this.#idle);
    this.#waiting.set(id, resolve);
    this.#worker ??= this.#start();
    this.#worker.ref();
    this.#post({ id, request });
    return promise;
  }

  async close(): Promise<void> {
    clearTimeout(this.#idle);
    const worker = this.#worker;
    if (worker === undefined) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.ref();
    this.#end();
    await ended;
  }

  #start(): Worker {
    const worker = new Worker(this.#entry);
    const open: ToWriter = { open: this.#file() };
    worker.postMessage(open);
    worker.on('message', ({ id, reply }: FromWriter) => this.#settle(id, reply));
    const lost = (reason: string): void => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      for (const id of [...this.#waiting.keys()]) this.#settle(id, { ok: false, code: 'other', message: reason });
    };
    worker.on('error', (error) => lost(error instanceof Error ? error.message : String(error)));
    worker.on('exit', () => lost('the thread that writes ended'));
    return worker;
  }

  #settle(id: number, reply: WriterReply): void {
    const resolve = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (this.#waiting.size === 0) {
      this.#worker?.unref();
      this.#idle = setTimeout(() => this.#end(), this.#idleMs).unref();
    }
    resolve?.(reply);
  }

  /** The thread closes its file and ends by itself; a later request starts another. */
  #end(): void {
    this.#post({ end: true });
    this.#worker = undefined;
  }

  #post(message: ToWriter): void {
    this.#worker?.postMessage(message);
  }
}
