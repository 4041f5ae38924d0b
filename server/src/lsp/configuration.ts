import { basename, isAbsolute } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connection, InitializeParams, WorkspaceFolder } from 'vscode-languageserver';

import { readSettings } from '../core/settings.ts';
import { excludeMatcher } from '../core/exclude-matcher.ts';
import type { FolderConfig } from '../workspace/workspace.ts';
import type { ClientTraits } from './client-traits.ts';
import { pathOf } from './convert.ts';

/** The folders that the client has open, each with its own settings and trust. */
export async function readFolders(
  connection: Connection,
  initialize: InitializeParams,
  traits: ClientTraits,
): Promise<FolderConfig[]> {
  const folders = await foldersOf(connection, initialize, traits);
  const configs = folders.map(async ({ uri }): Promise<FolderConfig[]> => {
    const path = pathOf(uri);
    if (path === undefined) return [];
    const raw: unknown = traits.hasConfiguration
      ? await connection.workspace.getConfiguration({ scopeUri: uri, section: 'provender' })
      : undefined;
    const settings = readSettings(raw ?? traits.options.settings);
    return [
      { path, settings, trusted: traits.options.trusted !== false, isExcluded: excludeMatcher(path, settings.exclude) },
    ];
  });
  return (await Promise.all(configs)).flat();
}

async function foldersOf(
  connection: Connection,
  initialize: InitializeParams,
  traits: ClientTraits,
): Promise<readonly WorkspaceFolder[]> {
  const current = traits.hasWorkspaceFolders ? await connection.workspace.getWorkspaceFolders() : undefined;
  if (current) return current;
  if (initialize.workspaceFolders) return initialize.workspaceFolders;
  // Older clients name one root only, the oldest by its path.
  const { rootUri, rootPath }: { readonly rootUri?: string | null; readonly rootPath?: string | null } = initialize;
  const uri = rootUri ?? (typeof rootPath === 'string' && isAbsolute(rootPath) ? pathToFileURL(rootPath).href : null);
  return typeof uri === 'string' ? [{ uri, name: basename(uri) }] : [];
}
