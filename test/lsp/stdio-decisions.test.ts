import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { startLoopbackWorld, writeFiles } from '../support/loopback-world.ts';
import { packageLockOf } from '../support/project-of.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startStdioServer } from '../support/stdio-client.ts';

const MANIFEST = '{ "dependencies": { "lodash": "^4.17.20" } }\n';

test('a decision that is written while the server runs turns the finding into a hint, and back when it goes', async () => {
  const scratch = scratchFolder();
  const folder = join(scratch, 'project');
  mkdirSync(folder);
  writeFiles(folder, {
    'package.json': MANIFEST,
    'package-lock.json': packageLockOf(new Map([['package.json', MANIFEST]]), { lodash: '4.17.20' }),
  });
  const advisory = { id: 'GHSA-35jh-r3h4-6jhm', name: 'lodash', fixed: '4.17.21' };
  const world = await startLoopbackWorld([advisory], { lodash: ['4.17.20', '4.17.21'] });
  const client = startStdioServer(world.hostArguments, { HOME: join(scratch, 'home') });
  const registered: unknown[] = [];
  client.answer('client/registerCapability', (params) => void registered.push(params));
  await client.start({
    folder,
    capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } },
    options: { consent: 'ask', dataFolder: join(scratch, 'data'), settings: { signatures: { enable: false } } },
  });
  const uri = `file://${join(folder, 'package.json')}`;
  client.open(uri, MANIFEST);
  const levels =
    (wanted: number) =>
    (found: readonly { code?: unknown; severity?: number }[]): boolean =>
      found.some(({ code, severity }) => code === advisory.id && severity === wanted);
  await client.diagnostics(uri, levels(2));
  const decisions = join(folder, '.provender.jsonc');
  const changed = { changes: [{ uri: `file://${decisions}`, type: 1 }] };
  writeFileSync(decisions, `{ "ignore": [{ "advisory": "${advisory.id}", "reason": "no such input" }] }`);
  client.notify('workspace/didChangeWatchedFiles', changed);
  const [hint] = await client.diagnostics(uri, levels(4));
  expect(hint?.message).toContain('accepted: no such input');
  await client.waitFor('provender/status', (params) => JSON.stringify(params).includes('nothing open · 1 decided'));
  rmSync(decisions);
  client.notify('workspace/didChangeWatchedFiles', changed);
  await client.diagnostics(uri, levels(2));
  expect(JSON.stringify(registered)).toContain('**/.provender.jsonc');
});
