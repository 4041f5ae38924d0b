import type { StoredAnswer } from '../core/ports.ts';
import type { SqliteCode } from './probe-sqlite.ts';

/** An answer on its way to the disk. */
export interface PutAnswer {
  readonly source: string;
  readonly key: string;
  readonly answer: StoredAnswer;
}

/** What the one writer of a store is asked to do. These go to its worker thread, so they are plain data. */
export type WriterRequest =
  /** Makes the file ready for what comes. */
  | { readonly kind: 'open' }
  | { readonly kind: 'write'; readonly answers: readonly PutAnswer[] }
  /** `now` in milliseconds since the epoch. */
  | { readonly kind: 'lease'; readonly name: string; readonly now: number; readonly durationMs: number }
  | { readonly kind: 'clear' }
  /** A reader found damage: look again, and set the file aside if it is so. */
  | { readonly kind: 'mend' };

export type WriterReply =
  | {
      readonly ok: true;
      /** Of a lease: whether it was given. */
      readonly granted: boolean;
      /** A sentence for the log; set when the file was replaced by a new one. */
      readonly setAside: string | undefined;
    }
  | { readonly ok: false; readonly code: SqliteCode | 'other'; readonly message: string };

/** Does requests in order, and one at a time. Never rejects. */
export interface AnswerWriter {
  request(request: WriterRequest): Promise<WriterReply>;
  close(): Promise<void>;
}
