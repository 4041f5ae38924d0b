import * as vscode from 'vscode';
import {
  LanguageClient,
  RevealOutputChannelOn,
  TransportKind,
  type LanguageClientOptions,
  type ServerOptions,
} from 'vscode-languageclient/node';
import type { InitializationOptions } from '../../server/src/protocol.ts';
import {
  DOCUMENT_SELECTOR,
  initializationOptions,
  isInstalledPackage,
  SECTION,
  WATCHED_GLOB,
} from './language-client-options.ts';

export interface LanguageClientParts {
  readonly extensionUri: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
  readonly watcher: vscode.FileSystemWatcher;
  /** The user's stored answer, read anew at each start of the server. */
  readonly consent: () => InitializationOptions['consent'];
}

export function createLanguageClient(parts: LanguageClientParts): LanguageClient {
  return new LanguageClient(SECTION, 'Provender', serverOptions(parts.extensionUri), clientOptions(parts));
}

export function createWatcher(): vscode.FileSystemWatcher {
  return vscode.workspace.createFileSystemWatcher(WATCHED_GLOB);
}

/** A process of its own by the editor's Node, so that no parsing ever delays another extension. */
function serverOptions(extensionUri: vscode.Uri): ServerOptions {
  const module = vscode.Uri.joinPath(extensionUri, 'dist', 'server.cjs').fsPath;
  const run = { module, transport: TransportKind.ipc };
  return { run, debug: { ...run, options: { execArgv: ['--nolazy', '--inspect=6021'] } } };
}

function clientOptions({ output, watcher, consent }: LanguageClientParts): LanguageClientOptions {
  return {
    documentSelector: DOCUMENT_SELECTOR,
    outputChannel: output,
    // A failure shows in the status item; a channel that opens by itself takes the user's place on the screen.
    revealOutputChannelOn: RevealOutputChannelOn.Never,
    initializationOptions: () =>
      initializationOptions({
        settings: vscode.workspace.getConfiguration().get(SECTION),
        isTrusted: vscode.workspace.isTrusted,
        consent: consent(),
      }),
    // Changed settings are sent because the server registers for them, which works in every editor.
    synchronize: { fileEvents: watcher },
    middleware: {
      workspace: {
        didChangeWatchedFile: async (event, next) => {
          if (!isInstalledPackage(event.uri)) await next(event);
        },
      },
    },
  };
}
