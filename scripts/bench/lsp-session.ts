import { spawn, type ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type ProtocolConnection,
} from 'vscode-languageserver/node';

export const SERVER = resolve(import.meta.dirname, '../../dist/server.cjs');

export interface BenchSession {
  /** Sends a request. Rejects when the server ends, or does not answer in time. */
  request(method: string, params?: object): Promise<unknown>;
  notify(method: string, params: object): Promise<void>;
  /** Resolves with the next diagnostics for a document that fulfill the condition; rejects as a request does. */
  nextDiagnostics(uri: string, fulfills: (diagnostics: readonly { message: string }[]) => boolean): Promise<void>;
  uriOf(path: string): string;
  /** Resident memory of the server in bytes. */
  memory(): number;
  stop(): Promise<void>;
}

export interface SessionOptions {
  readonly folder: string;
  readonly dataFolder: string;
  readonly hosts?: Readonly<Record<string, string>>;
  readonly consent: 'ask' | 'offline';
  readonly settings?: object;
}

interface Waiter {
  readonly uri: string;
  readonly fulfills: (list: readonly { message: string }[]) => boolean;
  readonly done: () => void;
}

/** Nothing that is measured takes nearly as long. Milliseconds. */
const LONGEST_WAIT_MS = 30_000;

/** Starts the built server over stdio and shakes hands. */
export async function startSession(options: SessionOptions): Promise<BenchSession> {
  const hosts = Object.entries(options.hosts ?? {}).flatMap(([name, url]) => ['--host', `${name}=${url}`]);
  const child = spawn(process.execPath, [SERVER, 'lsp', '--stdio', ...hosts], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, PROVENDER_DATA: options.dataFolder },
  });
  const connection = createProtocolConnection(
    new StreamMessageReader(child.stdout),
    new StreamMessageWriter(child.stdin),
  );
  const inTime = timeLimit(child);
  const waiters = listenForDiagnostics(connection);
  connection.listen();
  const request = (method: string, params?: object): Promise<unknown> =>
    inTime(method, connection.sendRequest(method, params));
  await request('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {},
    workspaceFolders: [{ uri: pathToFileURL(options.folder).href, name: 'bench' }],
    initializationOptions: {
      consent: options.consent,
      dataFolder: options.dataFolder,
      settings: options.settings ?? {},
    },
  });
  return {
    request,
    notify: (method, params) => connection.sendNotification(method, params),
    nextDiagnostics: (uri, fulfills) => {
      const { promise, resolve: done } = Promise.withResolvers<undefined>();
      waiters.add({ uri, fulfills, done: () => done(undefined) });
      return inTime(`diagnostics of ${uri}`, promise);
    },
    uriOf: (path) => pathToFileURL(join(options.folder, path)).href,
    memory: () => residentBytes(child.pid ?? 0),
    stop: async () => {
      await request('shutdown');
      const exited = new Promise((done) => child.once('exit', done));
      await connection.sendNotification('exit');
      await exited;
      connection.dispose();
    },
  };
}

function listenForDiagnostics(connection: ProtocolConnection): Set<Waiter> {
  const waiters = new Set<Waiter>();
  connection.onNotification(
    'textDocument/publishDiagnostics',
    (params: { uri: string; diagnostics: { message: string }[] }) => {
      for (const waiter of waiters) {
        if (waiter.uri !== params.uri || !waiter.fulfills(params.diagnostics)) continue;
        waiters.delete(waiter);
        waiter.done();
      }
    },
  );
  return waiters;
}

/** Ends a wait, and the server, when the server ends first or the time is up: a benchmark must not hang. */
function timeLimit(child: ChildProcess): <T>(what: string, answer: Promise<T>) => Promise<T> {
  const ended = new Promise<string>((resolveEnded) => {
    child.once('exit', (code, signal) => resolveEnded(`the server ended (${String(code ?? signal)})`));
  });
  return async (what, answer) => {
    const { promise: limit, resolve: giveUp } = Promise.withResolvers<string>();
    const timer = setTimeout(() => giveUp(`nothing came within ${String(LONGEST_WAIT_MS / 1000)} s`), LONGEST_WAIT_MS);
    const failed = Promise.race([ended, limit]).then((reason): never => {
      child.kill();
      throw new Error(`waited in vain for ${what}: ${reason}`);
    });
    try {
      return await Promise.race([answer, failed]);
    } finally {
      clearTimeout(timer);
      failed.catch(() => undefined);
    }
  };
}

/** Linux only: the benchmark's gates are set there. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
}
