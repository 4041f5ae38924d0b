import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Diagnostic, Hover, MarkupContent } from 'vscode-languageserver';
import { expect, test } from 'vitest';

import type { RisksResult } from '../../server/src/protocol.ts';
import { startAttestedRegistry } from '../support/attested-registry.ts';
import { packageLock } from '../support/cli-world.ts';
import { startLoopbackWorld, writeFiles } from '../support/loopback-world.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { integrityOf } from '../support/signed-releases.ts';
import { startStdioServer, type StdioClient } from '../support/stdio-client.ts';

const MANIFEST = `{
  "name": "app",
  "dependencies": {
    "@acme/built": "1.0.0",
    "top": "1.0.0"
  }
}
`;

async function start(): Promise<{ readonly open: (...flags: string[]) => Promise<StdioClient>; readonly uri: string }> {
  const world = await startLoopbackWorld([]);
  const { server, trustDocument } = await startAttestedRegistry([
    {
      name: '@acme/built',
      version: '1.0.0',
      integrity: integrityOf('built'),
      build: {},
      repository: 'https://github.com/acme/widget',
    },
    { name: 'top', version: '1.0.0', integrity: integrityOf('top') },
    { name: 'forged', version: '1.0.0', integrity: integrityOf('forged') },
  ]);
  const scratch = scratchFolder();
  const folder = join(scratch, 'project');
  mkdirSync(folder);
  const lockfile = packageLock(
    { '@acme/built': '1.0.0', top: '1.0.0' },
    {
      '@acme/built': { version: '1.0.0', integrity: integrityOf('built') },
      top: { version: '1.0.0', integrity: integrityOf('top'), dependencies: { forged: '1.0.0' } },
      forged: { version: '1.0.0', integrity: integrityOf('other bytes') },
    },
  );
  writeFiles(folder, { 'package.json': MANIFEST, 'package-lock.json': lockfile });
  writeFileSync(join(scratch, 'keys.json'), trustDocument);
  const uri = `file://${join(folder, 'package.json')}`;
  const open = async (...flags: string[]): Promise<StdioClient> => {
    const hosts = [...world.hostArguments, '--host', `npm=${server.base}`, ...flags];
    const client = startStdioServer(hosts, {
      HOME: join(scratch, 'home'),
      PROVENDER_TRUSTED_KEYS: join(scratch, 'keys.json'),
    });
    await client.start({
      folder,
      options: { consent: 'ask', dataFolder: join(scratch, 'data'), settings: { health: { enable: false } } },
    });
    client.open(uri, MANIFEST);
    return client;
  };
  return { open, uri };
}

function isForged(found: readonly Diagnostic[]): boolean {
  return found.some(({ code }) => code === 'signature-invalid');
}

/** The card once it says this; each answer comes after what the server has learned by then. */
async function card(client: StdioClient, uri: string, wanted: RegExp): Promise<string> {
  for (;;) {
    const hover = (await client.request('textDocument/hover', {
      textDocument: { uri },
      position: { line: 3, character: 8 },
    })) as Hover;
    const { value } = hover.contents as MarkupContent;
    if (wanted.test(value)) return value;
  }
}

test('what is installed is verified, and verified again without anybody to ask', async () => {
  const { open, uri } = await start();
  const client = await open();
  const found = await client.diagnostics(uri, isForged);
  expect(found.map(({ code, message, severity, range }) => [code, severity, range.start.line, message])).toEqual([
    ['signature-invalid', 1, 4, 'top 1.0.0 brings in forged 1.0.0 (invalid signature), by way of top > forged.'],
  ]);
  expect(await card(client, uri, /✓ provenance/)).toMatch(/Built from github\\\.com\/acme\/widget/);
  const risks = (await client.request('provender/risks', { grouping: 'kind', filter: '' })) as RisksResult;
  const counts = risks.groups.find(({ id }) => id === 'signatures')?.items.map(({ label }) => label);
  expect(counts).toEqual(['invalid signature', 'provenance verified', 'signed']);
  await client.request('shutdown', null);
  client.notify('exit', null);
  await client.exited;

  const offline = await open('--offline');
  await offline.diagnostics(uri, isForged);
  expect(await card(offline, uri, /✓ provenance/)).toMatch(/commit/);
});
