/** What the pure layers need of the world. `io` and `store` implement these; tests fake them. */

export interface FileStat {
  readonly kind: 'file' | 'directory';
  /** Bytes. */
  readonly size: number;
  /** Milliseconds since the epoch. */
  readonly modifiedMs: number;
}

/** Paths are absolute, in the platform's form. Nothing throws for a file that is missing or cannot be read. */
export interface Files {
  stat(path: string): Promise<FileStat | undefined>;
  /** The text as UTF-8 with a byte order mark kept; undefined when it cannot be read. */
  readText(path: string): Promise<string | undefined>;
  /** The names in a folder, sorted. Empty when it cannot be read. */
  list(path: string): Promise<readonly { readonly name: string; readonly kind: 'file' | 'directory' }[]>;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Calls back once after that many milliseconds; the answer cancels it. */
  after(delayMs: number, callback: () => void): () => void;
}

export interface Log {
  debug(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  /** A longer body is refused with `too-large`. */
  readonly maxBytes: number;
  /** How to connect where the user's own configuration asks for more than the usual way. */
  readonly connection?: ConnectionOptions;
}

/** What the user's own configuration says of one host. Never taken from a file of an untrusted workspace. */
export interface ConnectionOptions {
  /** PEM text of the certificate authorities to trust in place of the system's. */
  readonly ca?: string;
  /** PEM text of a client certificate and its key. */
  readonly cert?: string;
  readonly key?: string;
  /** The proxy's URL. */
  readonly proxy?: string;
  /** False accepts any certificate, as `strict-ssl=false` asks. */
  readonly rejectUnauthorized?: boolean;
}

export interface HttpResponse {
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export interface Http {
  /** Any status is an answer; rejects with a SourceError when there is none, and with the signal's reason when aborted. */
  send(request: HttpRequest, signal: AbortSignal): Promise<HttpResponse>;
  /** Loads what sending takes, so that the first request does not wait for it. */
  prepare?(): void;
}

/** What is to be read of a repository of The Update Framework (TUF): signed metadata, and the targets that it vouches for. */
export interface TufRequest {
  /** The base URL with a slash at its end; the targets are below `targets/`. */
  readonly base: string;
  /** Texts by file name, as an earlier reading gave them. `root.json`, which is trusted, is there at least. */
  readonly metadata: Readonly<Record<string, string>>;
  /** The names of the targets. */
  readonly targets: readonly string[];
  /** Undefined when there is no such file. Rejects with a SourceError, or with its caller's reason to stop. */
  readonly download: (url: string, maxBytes: number) => Promise<Uint8Array | undefined>;
}

/** Verified against the root that was trusted, and those that follow it. */
export interface TufReading {
  readonly metadata: Readonly<Record<string, string>>;
  /** Texts by name. */
  readonly targets: Readonly<Record<string, string>>;
}

/** Rejects with a SourceError when anything is not signed as it must be, is too old, or cannot be had. */
export type ReadTuf = (request: TufRequest) => Promise<TufReading>;

/** A file that is downloaded in parts. What came stays when the program ends, and is gone on with. */
export interface PartFile {
  /** Absolute. */
  readonly path: string;
  /** How much is there, in bytes. */
  readonly length: number;
  /** What the server called the version of the file that the parts are of; undefined when nothing is there. */
  readonly validator: string | undefined;
  /** Forgets what is there. */
  restart(validator: string): Promise<void>;
  /** Rejects when the disk refuses; what was there stays. */
  append(bytes: Uint8Array): Promise<void>;
  remove(): Promise<void>;
}

/** An answer that was stored. */
export interface StoredAnswer {
  readonly body: string;
  readonly etag: string | undefined;
  /** Milliseconds since the epoch. */
  readonly fetchedAt: number;
}

/**
 * What sources said earlier. Reads are synchronous and never wait for a writer; writes happen elsewhere, soon, in order.
 * `source` is the source's id, `key` what was asked.
 */
export interface AnswerStore {
  get(source: string, key: string): StoredAnswer | undefined;
  put(source: string, key: string, answer: StoredAnswer): void;
  /** Says that all of these will be read next, which is faster when it is known. */
  expect?(source: string, keys: readonly string[]): void;
  /**
   * True when this process may do the job now: at most one process holds the lease of that name until it runs out. A
   * duration of zero gives the lease back, which only its holder may do.
   */
  lease(name: string, durationMs: number): Promise<boolean>;
  /** Waits until everything that was put is on disk. */
  flush(): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
  /** Starts what writing takes, so that the first lease does not wait for it. */
  prepare?(): void;
}
