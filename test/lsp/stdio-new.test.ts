import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

import { gitFolder } from '../support/git-folder.ts';
import { startLoopbackWorld } from '../support/loopback-world.ts';
import { packageLockOf } from '../support/project-of.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startStdioServer } from '../support/stdio-client.ts';

const MANIFEST = '{ "dependencies": { "lodash": "^4.17.20" } }\n';
const OLD = 'GHSA-35jh-r3h4-6jhm';
const LATE = 'GHSA-p6mc-m468-83gw';

function files(version: string): Record<string, string> {
  const lockfile = packageLockOf(new Map([['package.json', MANIFEST]]), { lodash: version });
  return { 'package.json': MANIFEST, 'package-lock.json': lockfile };
}

test('what a branch brings is marked on the line, and whether the sources import it stands in the hover', async () => {
  const scratch = scratchFolder();
  const at = gitFolder(scratchFolder());
  at.commit({ ...files('4.17.15'), 'src/a.js': "import 'lodash'\n" });
  at.git('checkout', '--quiet', '-b', 'topic');
  for (const [name, text] of Object.entries(files('4.17.20'))) writeFileSync(join(at.folder, name), text);
  const world = await startLoopbackWorld(
    [
      { id: OLD, name: 'lodash', fixed: '4.17.21' },
      { id: LATE, name: 'lodash', introduced: '4.17.16', fixed: '4.17.21' },
    ],
    { lodash: ['4.17.15', '4.17.20', '4.17.21'] },
  );
  const client = startStdioServer(world.hostArguments, { HOME: join(scratch, 'home') });
  await client.start({
    folder: at.folder,
    capabilities: {},
    options: { consent: 'ask', dataFolder: join(scratch, 'data'), settings: { signatures: { enable: false } } },
  });
  const uri = pathToFileURL(join(at.folder, 'package.json')).href;
  client.notify('textDocument/didOpen', {
    textDocument: { uri, languageId: 'json', version: 1, text: MANIFEST },
  });
  await client.waitFor('textDocument/publishDiagnostics', (params) =>
    JSON.stringify(params).includes('1 of 2 new since main.'),
  );
  const card = await client.request('textDocument/hover', {
    textDocument: { uri },
    position: { line: 0, character: 24 },
  });
  expect(JSON.stringify(card)).toContain('Imported by sources of this project');
});
