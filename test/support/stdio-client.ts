import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic, InitializeParams, PublishDiagnosticsParams } from 'vscode-languageserver';
import { onTestFinished } from 'vitest';

const SERVER = join(import.meta.dirname, '..', '..', 'dist', 'server.cjs');

/** How long a test waits for a message before it gives up and shows all there were, in milliseconds. */
const PATIENCE_MS = 15_000;

export interface RpcError {
  readonly code: number;
  readonly message: string;
}

export type Reply = { readonly result: unknown } | { readonly error: RpcError };

export interface StdioClient {
  /** Sends a request; its reply is an error or a result, as it came. */
  ask(method: string, params: unknown): Promise<Reply>;
  /** The result of a request that must not fail. */
  request(method: string, params: unknown): Promise<unknown>;
  /** Sends a request, and takes it back at once. */
  askAndCancel(method: string, params: unknown): Promise<Reply>;
  notify(method: string, params: unknown): void;
  sendRaw(text: string): void;
  /** How the client answers the server's requests of a method. Others get `null`. */
  answer(method: string, handler: (params: unknown) => unknown): void;
  /** The first notification or request of a method, past or to come, that the test accepts. */
  waitFor(method: string, accepts?: (params: unknown) => boolean): Promise<unknown>;
  /** How often the server sent a method. */
  count(method: string): number;
  /** Initializes with a folder. */
  start(options: StartOptions): Promise<unknown>;
  open(uri: string, text: string, version?: number): void;
  /** Replaces the whole text, or one range. */
  change(uri: string, version: number, change: { readonly text: string; readonly range?: unknown }): void;
  /** The first diagnostics of a document that the test accepts. */
  diagnostics(
    uri: string,
    accepts?: (diagnostics: readonly Diagnostic[], version: number | undefined) => boolean,
  ): Promise<readonly Diagnostic[]>;
  endInput(): void;
  /** Reads nothing more of what the server says. */
  stopReading(): void;
  /** The exit code. */
  readonly exited: Promise<number | null>;
}

export interface StartOptions {
  readonly folder: string;
  readonly options?: unknown;
  readonly capabilities?: InitializeParams['capabilities'];
}

interface Message {
  readonly id?: number | string;
  readonly method?: string;
  readonly params?: unknown;
  readonly result?: unknown;
  readonly error?: RpcError;
}

/** Starts the built server and speaks to it as an editor does, without a library in between. It ends with the test. */
export function startStdioServer(
  args: readonly string[] = [],
  environment: Readonly<Record<string, string>> = {},
): StdioClient {
  if (!existsSync(SERVER)) throw new Error('dist/server.cjs is missing: run "npm run build" first');
  const child = spawn(process.execPath, [SERVER, 'lsp', '--stdio', ...args], {
    env: { PATH: process.env['PATH'] ?? '', ...environment },
  });
  const log: string[] = [];
  const seen: Message[] = [];
  const replies = new Map<number | string, (reply: Reply) => void>();
  const handlers = new Map<string, (params: unknown) => unknown>();
  const listeners = new Set<() => void>();
  let nextId = 1;

  child.stderr.on('data', (chunk: Buffer) => log.push(`stderr: ${chunk.toString()}`));
  const read = messageReader((message) => {
    log.push(`← ${JSON.stringify(message).slice(0, 2_000)}`);
    if (message.method === undefined) {
      if (message.id !== undefined)
        replies.get(message.id)?.(message.error ? { error: message.error } : { result: message.result });
      return;
    }
    seen.push(message);
    if (message.id !== undefined) {
      const { id } = message;
      Promise.resolve(handlers.get(message.method)?.(message.params) ?? null).then(
        (result) => send({ id, result }),
        (error: unknown) => send({ id, error: { code: -32603, message: String(error) } }),
      );
    }
    for (const listener of listeners) listener();
  });
  child.stdout.on('data', read);
  const exited = new Promise<number | null>((resolve) => child.once('exit', resolve));
  // A server that ended breaks the pipe; the tests look at its exit code.
  child.stdin.on('error', () => undefined);
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await exited;
  });

  function sendRaw(text: string): void {
    child.stdin.write(`Content-Length: ${String(Buffer.byteLength(text))}\r\n\r\n${text}`);
  }

  function send(message: object): void {
    const text = JSON.stringify({ jsonrpc: '2.0', ...message });
    log.push(`→ ${text.slice(0, 2_000)}`);
    sendRaw(text);
  }

  function begin(method: string, params: unknown): { readonly id: number; readonly reply: Promise<Reply> } {
    const id = nextId++;
    const reply = patiently<Reply>(`a reply to ${method}`, (resolve) => void replies.set(id, resolve), log);
    send({ id, method, params });
    return { id, reply };
  }

  const client: StdioClient = {
    exited,
    sendRaw,
    ask: (method, params) => begin(method, params).reply,
    async request(method, params) {
      const reply = await begin(method, params).reply;
      if ('error' in reply) throw new Error(`${method}: ${reply.error.message}`);
      return reply.result;
    },
    askAndCancel(method, params) {
      const { id, reply } = begin(method, params);
      send({ method: '$/cancelRequest', params: { id } });
      return reply;
    },
    notify: (method, params) => send({ method, params }),
    answer: (method, handler) => void handlers.set(method, handler),
    waitFor(method, accepts = () => true) {
      const find = (): Message | undefined =>
        seen.find((message) => message.method === method && accepts(message.params));
      return patiently(
        method,
        (resolve) => {
          const look = (): void => {
            const found = find();
            if (found === undefined) return;
            listeners.delete(look);
            resolve(found.params);
          };
          listeners.add(look);
          look();
        },
        log,
      );
    },
    count: (method) => seen.filter((message) => message.method === method).length,
    async start({ folder, options, capabilities = {} }) {
      const uri = `file://${folder}`;
      const result = await client.request('initialize', {
        processId: process.pid,
        rootUri: uri,
        workspaceFolders: [{ uri, name: 'test' }],
        capabilities,
        initializationOptions: options,
      });
      client.notify('initialized', {});
      return result;
    },
    open: (uri, text, version = 1) =>
      client.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'json', version, text } }),
    change: (uri, version, change) =>
      client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [change] }),
    async diagnostics(uri, accepts = () => true) {
      const isIt = (params: unknown): params is PublishDiagnosticsParams =>
        (params as PublishDiagnosticsParams).uri === uri;
      const found = await client.waitFor(
        'textDocument/publishDiagnostics',
        (params) => isIt(params) && accepts(params.diagnostics, params.version),
      );
      return isIt(found) ? found.diagnostics : [];
    },
    endInput: () => child.stdin.end(),
    stopReading: () => child.stdout.destroy(),
  };
  return client;
}

function patiently<T>(what: string, wait: (resolve: (value: T) => void) => void, log: readonly string[]): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`waited in vain for ${what}\n${log.join('\n')}`)), PATIENCE_MS);
    wait((value) => {
      clearTimeout(timer);
      resolve(value);
    });
  });
}

/** Cuts what comes over the pipe into messages. */
function messageReader(onMessage: (message: Message) => void): (chunk: Buffer) => void {
  let pending = Buffer.alloc(0);
  return (chunk) => {
    pending = Buffer.concat([pending, chunk]);
    for (;;) {
      const head = pending.indexOf('\r\n\r\n');
      const length = Number(/Content-Length: (\d+)/i.exec(pending.toString('latin1', 0, Math.max(head, 0)))?.[1]);
      if (head === -1 || pending.length < head + 4 + length) return;
      const body = pending.toString('utf8', head + 4, head + 4 + length);
      pending = pending.subarray(head + 4 + length);
      onMessage(JSON.parse(body) as Message);
    }
  };
}

/** The code of an error; undefined for an answer. */
export function errorCode(reply: Reply): number | undefined {
  return 'error' in reply ? reply.error.code : undefined;
}
