import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Connection,
} from 'vscode-languageserver';

import type { Ecosystem } from '../core/ecosystem.ts';
import { DECISION_GLOBS } from '../decisions/formats.ts';

/** Asks the client to say when a manifest, lockfile, registry configuration or decision changes on disk. */
export async function watchFiles(connection: Connection, ecosystems: readonly Ecosystem[]): Promise<void> {
  const names = ecosystems.flatMap(({ manifestNames, lockfileNames, configNames }) => {
    return [...manifestNames, ...lockfileNames, ...configNames];
  });
  const globs = [...new Set(names)].map((name) => `**/${name}`);
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: [...globs, ...DECISION_GLOBS].map((globPattern) => ({ globPattern })),
  });
}

/** Asks the client to say when our settings change. */
export async function watchSettings(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeConfigurationNotification.type, { section: 'provender' });
}
