import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
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

/** Serves the client at the other end of the process: by Node's channel when an editor forked it, else by stdio. */
export function startServer(argv: readonly string[], { version, openWorld }: StartOptions): void {
  const { values } = parseArgs({
    args: [...argv],
    strict: false,
    options: { offline: { type: 'boolean' }, db: { type: 'string' }, host: { type: 'string', multiple: true } },
  });
  const flags: ServerFlags = {
    databasePath: typeof values.db === 'string' ? resolve(values.db) : undefined,
    hosts: Object.fromEntries(
      (values.host ?? []).flatMap((item) => {
        const [name = '', ...url] = String(item).split('=');
        return name === '' ? [] : [[name, url.join('=')]];
      }),
    ),
  };
  const isOffline = values.offline === true;
  serve(connect(argv.includes('--node-ipc')), {
    version,
    openWorld: (request) => {
      const settings = isOffline ? { ...request.settings, offline: true } : request.settings;
      return openWorld({ ...request, ...flags, settings });
    },
    exit: (code) => process.exit(code),
  });
}

function connect(isForked: boolean): Connection {
  return isForked
    ? createConnection(new IPCMessageReader(process), new IPCMessageWriter(process))
    : createConnection(new StreamMessageReader(process.stdin), new StreamMessageWriter(process.stdout));
}
