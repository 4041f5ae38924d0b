import {
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type Connection,
} from 'vscode-languageserver';

const PATTERNS = [
  '**/package.json',
  '**/{package-lock,npm-shrinkwrap}.json',
  '**/pnpm-lock.yaml',
  '**/bun.{lock,lockb}',
  '**/yarn.lock',
  '**/pnpm-workspace.yaml',
  '**/.{npmrc,pnpmrc}',
  '**/.yarnrc.yml',
];

/** Asks the client to say when a manifest, lockfile or registry configuration changes on disk. */
export async function watchFiles(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeWatchedFilesNotification.type, {
    watchers: PATTERNS.map((globPattern) => ({ globPattern })),
  });
}

/** Asks the client to say when our settings change. */
export async function watchSettings(connection: Connection): Promise<void> {
  await connection.client.register(DidChangeConfigurationNotification.type, { section: 'provender' });
}
