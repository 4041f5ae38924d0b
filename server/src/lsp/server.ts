import type { Connection, InitializeResult } from 'vscode-languageserver';

import type { Log } from '../core/ports.ts';
import { CAPABILITIES } from './capabilities.ts';
import { registerCustomRequests } from './custom-requests.ts';
import { registerFeatures } from './handlers.ts';
import { Session, type OpenWorld } from './session.ts';

export interface ServerOptions {
  readonly version: string;
  readonly openWorld: OpenWorld;
  /** Ends the process once everything is closed. */
  readonly exit: (code: number) => void;
}

/** Serves one client until it says goodbye. */
export function serve(connection: Connection, options: ServerOptions): void {
  const log = connectionLog(connection);
  let current: Session | undefined;
  let isShutDown = false;
  const session = (): Session => {
    if (current === undefined) throw new Error('a request came before initialize');
    return current;
  };
  const guard = (what: string, job: Promise<void>): void => {
    job.catch((error: unknown) =>
      log.error(`${what}: ${error instanceof Error ? (error.stack ?? '') : String(error)}`),
    );
  };

  connection.onInitialize((params): InitializeResult => {
    current = new Session(connection, params, options.openWorld, log);
    return { capabilities: CAPABILITIES, serverInfo: { name: 'Provender', version: options.version } };
  });
  connection.onInitialized(() => {
    guard('start', session().start());
    if (session().traits.hasWorkspaceFolders) {
      connection.workspace.onDidChangeWorkspaceFolders(() => guard('folders', session().configurationChanged()));
    }
  });
  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) =>
    guard('didOpen', session().didOpen(uri, languageId, version, text)),
  );
  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) =>
    session().didChange(uri, version, contentChanges),
  );
  connection.onDidCloseTextDocument(({ textDocument }) => guard('didClose', session().didClose(textDocument.uri)));
  connection.onDidSaveTextDocument(() => {
    if (!session().traits.canWatchFiles) guard('didSave', session().filesChanged());
  });
  connection.onDidChangeWatchedFiles(() => guard('files', session().filesChanged()));
  connection.onDidChangeConfiguration(() => guard('configuration', session().configurationChanged()));
  registerFeatures(connection, session);
  registerCustomRequests(connection, session);
  connection.onShutdown(async () => {
    isShutDown = true;
    await current?.close();
  });
  connection.onExit(() => options.exit(isShutDown ? 0 : 1));
  connection.listen();
}

/** The client's output channel, with its levels. */
function connectionLog(connection: Connection): Log {
  return {
    debug: (message) => connection.console.debug(message),
    info: (message) => connection.console.info(message),
    warn: (message) => connection.console.warn(message),
    error: (message) => connection.console.error(message),
  };
}
