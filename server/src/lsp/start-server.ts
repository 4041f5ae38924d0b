import { resolve } from 'node:path';
import {
  createConnection,
  IPCMessageReader,
  IPCMessageWriter,
  StreamMessageReader,
  StreamMessageWriter,
  type Connection,
} from 'vscode-languageserver/node';

import { serve } from './server.ts';
import type { World, WorldRequest } from './world.ts';

/** What the command line may set for the server, beside what the client says. */
export interface ServerFlags {
  readonly databasePath: string | undefined;
  readonly hosts: Readonly<Record<string, string>>;
}

export interface StartOptions {
  readonly version: string;
  readonly openWorld: (options: WorldRequest & ServerFlags) => Promise<World>;
}

/** How the server was started. The path is as it was written. */
export interface StartFlags {
  readonly transport: 'stdio' | 'node-ipc';
  readonly offline: boolean;
  readonly database: string | undefined;
  readonly hosts: Readonly<Record<string, string>>;
}

/** Serves the client at the other end of the process: by Node's channel when an editor forked it, else by stdio. */
export function startServer(flags: StartFlags, { version, openWorld }: StartOptions): void {
  const databasePath = flags.database === undefined ? undefined : resolve(flags.database);
  const connection = connect(flags.transport);
  surviveFaults(connection);
  serve(connection, {
    version,
    openWorld: (request) => {
      const settings = flags.offline ? { ...request.settings, offline: true } : request.settings;
      return openWorld({ ...request, databasePath, hosts: flags.hosts, settings });
    },
    exit: (code) => process.exit(code),
  });
}

/**
 * A fault of ours outside of any request (in a timer, in a promise that nobody waits for) is told, and the server lives.
 * When the other end of the pipe is gone there is nobody to live for.
 */
function surviveFaults(connection: Connection): void {
  process.on('uncaughtException', (error: Error & { readonly code?: unknown }) => {
    if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_DESTROYED' || error.code === 'ERR_IPC_CHANNEL_CLOSED') {
      process.exit(1);
    }
    try {
      connection.console.error(error.stack ?? String(error));
    } catch {
      // The connection was closed.
      process.exit(1);
    }
  });
}

function connect(transport: StartFlags['transport']): Connection {
  return transport === 'node-ipc'
    ? createConnection(new IPCMessageReader(process), new IPCMessageWriter(process))
    : createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
}
