import type { InitializeParams } from 'vscode-languageserver';

import type { InitializationOptions } from '../protocol.ts';

/** What the client can do, and what it said of itself. */
export interface ClientTraits {
  readonly options: InitializationOptions;
  readonly hasConfiguration: boolean;
  readonly hasWorkspaceFolders: boolean;
  readonly canWatchFiles: boolean;
  readonly canRegisterConfiguration: boolean;
  readonly canShowProgress: boolean;
  readonly canResolveActions: boolean;
  /** True when an edit may make a file. */
  readonly canCreateFiles: boolean;
  readonly canRefreshInlayHints: boolean;
  readonly canRefreshCodeLens: boolean;
}

export function clientTraits({ capabilities, initializationOptions }: InitializeParams): ClientTraits {
  const { workspace, window, textDocument } = capabilities;
  const resolved = textDocument?.codeAction?.resolveSupport?.properties ?? [];
  return {
    options: decodeOptions(initializationOptions),
    hasConfiguration: workspace?.configuration === true,
    hasWorkspaceFolders: workspace?.workspaceFolders === true,
    canWatchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    canRegisterConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
    canShowProgress: window?.workDoneProgress === true,
    canResolveActions: resolved.includes('edit') && textDocument?.codeAction?.dataSupport === true,
    canCreateFiles: workspace?.workspaceEdit?.resourceOperations?.includes('create') === true,
    canRefreshInlayHints: workspace?.inlayHint?.refreshSupport === true,
    canRefreshCodeLens: workspace?.codeLens?.refreshSupport === true,
  };
}

function decodeOptions(raw: unknown): InitializationOptions {
  if (typeof raw !== 'object' || raw === null) return {};
  const field = (name: string): unknown => (Object.hasOwn(raw, name) ? Reflect.get(raw, name) : undefined);
  const consent = field('consent');
  const dataFolder = field('dataFolder');
  return {
    settings: field('settings'),
    fetch: field('fetch') === true,
    trusted: field('trusted') !== false,
    asksConsent: field('asksConsent') === true,
    installCommand: field('installCommand') === true,
    decideCommand: field('decideCommand') === true,
    ...(consent === 'ask' || consent === 'offline' ? { consent } : {}),
    ...(typeof dataFolder === 'string' ? { dataFolder } : {}),
  };
}
