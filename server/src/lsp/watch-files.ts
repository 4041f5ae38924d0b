import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Connection,
} from 'vscode-languageserver';

import type { Ecosystem } from '../core/ecosystem.ts';

/** Asks the client to say when a manifest, lockfile or registry configuration changes on disk. */
export async function watchFiles(connection: Connection, ecosystems: readonly Ecosystem[]): Promise<void> {
  const names = ecosystems.flatMap(({ manifestNames, lockfileNames, configNames }) => {
    return [...manifestNames, ...lockfileNames, ...configNames];
  });
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [...new Set(names)].map((name) => ({ globPattern: `**/${name}` })),
  });
}

/** Asks the client to say when our settings change. */
export async function watchSettings(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeConfigurationNotification.type, { section: 'provender' });
}
