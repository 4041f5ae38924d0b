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
  readonly process: ChildProcess;
  readonly connection: ProtocolConnection;
  /** Resolves with the next diagnostics for a document that fulfill the condition. */
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

type Waiter = { uri: string; fulfills: (list: readonly { message: string }[]) => boolean; done: () => void };

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
  connection.listen();
  await connection.sendRequest('initialize', {
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
    process: child,
    connection,
    nextDiagnostics: (uri, fulfills) =>
      new Promise((done) => {
        waiters.add({ uri, fulfills, done });
      }),
    uriOf: (path) => pathToFileURL(join(options.folder, path)).href,
    memory: () => residentBytes(child.pid ?? 0),
    stop: async () => {
      await connection.sendRequest('shutdown');
      const exited = new Promise((done) => child.once('exit', done));
      await connection.sendNotification('exit');
      await exited;
      connection.dispose();
    },
  };
}

/** Linux only: the benchmark's gates are set there. */
export function residentBytes(pid: number): number {
  const status = readFileSync(`/proc/${String(pid)}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) * 1024;
}
