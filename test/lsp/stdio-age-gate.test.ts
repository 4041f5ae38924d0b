import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { CodeAction, Hover } from 'vscode-languageserver';
import { expect, test, vi } from 'vitest';

import { startLoopbackWorld, writeFiles } from '../support/loopback-world.ts';
import { packageLockOf } from '../support/project-of.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startStdioServer } from '../support/stdio-client.ts';

const MANIFEST = '{ "dependencies": { "lodash": "^4.17.20" } }\n';
const LINE = { line: 0, character: 22 };

test('a fix that the age gate holds back is taken together with the line that lets it through', async () => {
  const scratch = scratchFolder();
  const folder = join(scratch, 'project');
  mkdirSync(folder);
  writeFiles(folder, {
    'package.json': MANIFEST,
    'package-lock.json': packageLockOf(new Map([['package.json', MANIFEST]]), { lodash: '4.17.20' }),
    '.npmrc': 'before=2020-06-01\n',
  });
  const advisory = { id: 'GHSA-35jh-r3h4-6jhm', name: 'lodash', fixed: '4.17.21' };
  const world = await startLoopbackWorld([advisory], { lodash: ['4.17.20', '4.17.21'] });
  const client = startStdioServer(world.hostArguments, { HOME: join(scratch, 'home') });
  await client.start({
    folder,
    capabilities: { textDocument: { codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } } },
    options: { consent: 'ask', dataFolder: join(scratch, 'data'), settings: { signatures: { enable: false } } },
  });
  const uri = `file://${join(folder, 'package.json')}`;
  client.open(uri, MANIFEST);
  await client.diagnostics(uri, (found) => found.some(({ code }) => code === advisory.id));
  await vi.waitFor(async () => {
    const hover = (await client.request('textDocument/hover', { textDocument: { uri }, position: LINE })) as Hover;
    expect(JSON.stringify(hover.contents).replaceAll('\\', '')).toContain(
      '**4.17.21** proposed fix, latest 4.x, latest · fixes 1, leaves 0, new unknown',
    );
  });
  const actions = (await client.request('textDocument/codeAction', {
    textDocument: { uri },
    range: { start: LINE, end: LINE },
    context: { diagnostics: [], only: ['quickfix'] },
  })) as CodeAction[];
  expect(actions.map(({ title }) => title)).toEqual([
    'Let lodash, in every version, through the age gate and upgrade to 4.17.21 (held back by "before" of the .npmrc)',
  ]);
  const resolved = (await client.request('codeAction/resolve', actions[0])) as CodeAction;
  expect(resolved.edit?.documentChanges).toMatchObject([
    { textDocument: { uri, version: 1 }, edits: [{ newText: '^4.17.21' }] },
    {
      textDocument: { uri: `file://${join(folder, '.npmrc')}` },
      edits: [{ newText: 'min-release-age-exclude[]=lodash\n' }],
    },
  ]);
});
