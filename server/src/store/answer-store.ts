import { join } from 'node:path';
import type { AnswerStore, Clock, Log, StoredAnswer } from '../core/ports.ts';
import { AnswerFile } from './answer-file.ts';
import { AnswerReader } from './answer-reader.ts';
import type { AnswerWriter, PutAnswer, WriterReply } from './answer-writer.ts';
import { answerKey, MemoryAnswerStore } from './memory-answer-store.ts';
import { loadSqlite, type SqliteModule } from './probe-sqlite.ts';
import { WorkerWriter } from './worker-writer.ts';

export interface AnswerStoreOptions {
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
  /** The file of the writer's thread. Without it this thread writes, which suits a command that ends soon. */
  readonly writerPath?: string | undefined;
  /** How long the writer's thread may have nothing to do before it is ended. */
  readonly idleMs?: number | undefined;
}

/** The file of the store in the user's data folder. */
export const ANSWERS_FILE = 'evidence.db';

/** Opens the store in a data folder. Without `node:sqlite` it lives in memory, and the log says so. */
export function openAnswerStore(folder: string, options: AnswerStoreOptions): AnswerStore {
  const sqlite = loadSqlite();
  if (sqlite !== undefined) return new FileAnswerStore(sqlite, join(folder, ANSWERS_FILE), options);
  options.log.warn('this Node has no SQLite: answers are kept in memory only');
  return new MemoryAnswerStore(options.clock);
}

/** How long what was put may wait for more, in milliseconds. */
const WRITE_DELAY_MS = 200;

class FileAnswerStore implements AnswerStore {
  readonly #options: AnswerStoreOptions;
  readonly #writer: AnswerWriter;
  readonly #reader: AnswerReader;
  /** What was put and is not on disk yet. Reads look here first. */
  readonly #pending = new Map<string, PutAnswer>();
  /** What the disk did not take, and leases once it takes nothing. */
  readonly #memory: MemoryAnswerStore;
  #unsent: PutAnswer[] = [];
  #sending: Promise<void> | undefined;
  /** Ends the wait before what was put is sent. */
  #hurry: (() => void) | undefined;
  #isDiskLost = false;

  constructor(sqlite: SqliteModule, path: string, options: AnswerStoreOptions) {
    this.#options = options;
    this.#memory = new MemoryAnswerStore(options.clock);
    const file = () => ({ path, now: options.clock.now() });
    this.#writer =
      options.writerPath === undefined
        ? new OwnThreadWriter(new AnswerFile(file()))
        : new WorkerWriter(options.writerPath, file, options.idleMs ?? 10_000);
    this.#reader = new AnswerReader(
      sqlite,
      path,
      () => options.clock.now(),
      () => void this.#mend(),
    );
  }

  get(source: string, key: string): StoredAnswer | undefined {
    const held = this.#pending.size === 0 ? undefined : this.#pending.get(answerKey(source, key))?.answer;
    if (held !== undefined) return held;
    return (this.#memory.isEmpty ? undefined : this.#memory.get(source, key)) ?? this.#reader.get(source, key);
  }

  put(source: string, key: string, answer: StoredAnswer): void {
    if (this.#isDiskLost) {
      this.#memory.put(source, key, answer);
      return;
    }
    const put = { source, key, answer };
    this.#pending.set(answerKey(source, key), put);
    this.#unsent.push(put);
    this.#sending ??= this.#send();
  }

  expect(source: string, keys: readonly string[]): void {
    this.#reader.expect(source, keys);
  }

  async lease(name: string, durationMs: number): Promise<boolean> {
    if (this.#isDiskLost) return this.#memory.lease(name, durationMs);
    const now = this.#options.clock.now();
    const reply = await this.#writer.request({ kind: 'lease', name, now, durationMs });
    this.#heed(reply);
    if (reply.ok) return reply.granted;
    return reply.code === 'busy' ? false : this.#memory.lease(name, durationMs);
  }

  prepare(): void {
    void this.#writer.request({ kind: 'open' });
  }

  async flush(): Promise<void> {
    this.#hurry?.();
    while (this.#sending !== undefined) await this.#sending;
  }

  async clear(): Promise<void> {
    this.#unsent = [];
    this.#pending.clear();
    await this.#memory.clear();
    await this.flush();
    this.#heed(await this.#writer.request({ kind: 'clear' }));
  }

  async close(): Promise<void> {
    await this.flush();
    await this.#writer.close();
    this.#reader.close();
  }

  /** Sends what was put in batches: the first soon, each other all that came while the one before was written. */
  async #send(): Promise<void> {
    await this.#soon();
    while (this.#unsent.length > 0) {
      const answers = this.#unsent;
      this.#unsent = [];
      const reply = await this.#writer.request({ kind: 'write', answers });
      this.#heed(reply);
      for (const put of answers) {
        const key = answerKey(put.source, put.key);
        if (this.#pending.get(key) !== put) continue;
        this.#pending.delete(key);
        if (reply.ok) this.#memory.forget(put.source, put.key);
        else this.#memory.put(put.source, put.key, put.answer);
      }
    }
    this.#sending = undefined;
  }

  /** Nobody waits for the disk, while those who wait for findings need the processor. */
  #soon(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), WRITE_DELAY_MS);
    this.#hurry = () => {
      clearTimeout(timer);
      resolve(undefined);
    };
    return promise;
  }

  async #mend(): Promise<void> {
    this.#heed(await this.#writer.request({ kind: 'mend' }));
    this.#reader.reopen();
  }

  #heed(reply: WriterReply): void {
    if (reply.ok) {
      this.#reader.lookAgain();
      if (reply.setAside === undefined) return;
      this.#options.log.warn(reply.setAside);
      this.#reader.reopen();
    } else if (reply.code !== 'busy' && !this.#isDiskLost) {
      // A disk that is full or must not be written to stays so for longer than it pays to ask again.
      this.#isDiskLost = true;
      this.#options.log.warn(
        `answers are kept in memory only, since ${ANSWERS_FILE} cannot be written: ${reply.message}`,
      );
    }
  }
}

class OwnThreadWriter implements AnswerWriter {
  readonly #file: AnswerFile;

  constructor(file: AnswerFile) {
    this.#file = file;
  }

  request(...[request]: Parameters<AnswerWriter['request']>): Promise<WriterReply> {
    return Promise.resolve(this.#file.handle(request));
  }

  close(): Promise<void> {
    this.#file.close();
    return Promise.resolve();
  }
}
