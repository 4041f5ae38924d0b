import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeAction, Diagnostic } from 'vscode-languageserver';

import { startLoopbackWorld, writeFiles, type LoopbackAdvisory, type LoopbackWorld } from './loopback-world.ts';
import { packageLockOf } from './project-of.ts';
import { scratchFolder } from './scratch-folder.ts';
import { startStdioServer, type StdioClient } from './stdio-client.ts';

export const MANIFEST = `{
  "dependencies": {
    "lodash": "^4.17.20",
    "calm": "1.0.0"
  }
}
`;
export const INSTALLED = { lodash: '4.17.20', calm: '1.0.0' };
export const ADVISORIES: readonly LoopbackAdvisory[] = [
  { id: 'GHSA-35jh-r3h4-6jhm', name: 'lodash', fixed: '4.17.21' },
];
export const REGISTRY = { lodash: ['4.17.20', '4.17.21'], calm: ['1.0.0'] };
export const LODASH_LINE = { line: 2, character: 16 };
const CAPABLE = {
  textDocument: { codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } },
};

interface Setting {
  readonly files?: Readonly<Record<string, string>>;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly environment?: Readonly<Record<string, string>>;
  /** The user's own `.npmrc`. */
  readonly userConfig?: string;
}

interface Session {
  readonly client: StdioClient;
  readonly world: LoopbackWorld;
  readonly uri: string;
  readonly initialized: unknown;
  uriOf(path: string): string;
}

/** The built server with a project on disk and all its sources on loopback; agreed to ask, unless told otherwise. */
export async function session({
  files = {},
  options = {},
  environment = {},
  userConfig = '',
}: Setting = {}): Promise<Session> {
  const scratch = scratchFolder();
  const folder = join(scratch, 'project');
  mkdirSync(folder);
  const lockfile = packageLockOf(new Map([['package.json', MANIFEST]]), INSTALLED);
  writeFiles(folder, { 'package.json': MANIFEST, 'package-lock.json': lockfile, ...files });
  writeFiles(scratch, { 'home/.npmrc': userConfig });
  const world = await startLoopbackWorld(ADVISORIES, REGISTRY);
  const client = startStdioServer(world.hostArguments, { HOME: join(scratch, 'home'), ...environment });
  const initialized = await client.start({
    folder,
    capabilities: CAPABLE,
    // The registry of these tests does not sign.
    options: {
      consent: 'ask',
      dataFolder: join(scratch, 'data'),
      settings: { signatures: { enable: false } },
      ...options,
    },
  });
  const uriOf = (path: string): string => `file://${join(folder, path)}`;
  return { client, world, uri: uriOf('package.json'), initialized, uriOf };
}

export function isAffected(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ code }) => code === 'GHSA-35jh-r3h4-6jhm');
}

/** `triggerKind` 1 is the user's own request, 2 the editor's; older clients send none. */
export async function quickFixes(client: StdioClient, uri: string, triggerKind?: 1 | 2): Promise<CodeAction[]> {
  const range = { start: LODASH_LINE, end: LODASH_LINE };
  const found = await client.request('textDocument/codeAction', {
    textDocument: { uri },
    range,
    context: { diagnostics: [], ...(triggerKind === undefined ? {} : { triggerKind }) },
  });
  return (found as CodeAction[]).filter(({ kind }) => kind === 'quickfix');
}
