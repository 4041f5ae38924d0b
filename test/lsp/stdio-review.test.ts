import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import type { ReviewParams, ReviewResult } from '../../server/src/protocol.ts';
import { gitFolder } from '../support/git-folder.ts';
import { startLoopbackWorld } from '../support/loopback-world.ts';
import { packageLockOf } from '../support/project-of.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { startStdioServer, type StdioClient } from '../support/stdio-client.ts';

const MANIFEST = '{ "dependencies": { "lodash": "^4.17.20" } }\n';

function files(version: string): Record<string, string> {
  const lockfile = packageLockOf(new Map([['package.json', MANIFEST]]), { lodash: version });
  return { 'package.json': MANIFEST, 'package-lock.json': lockfile };
}

async function review(client: StdioClient, since: ReviewParams['since']): Promise<string> {
  return ((await client.request('provender/review', { since })) as ReviewResult).markdown;
}

test('a change of the lockfile is reviewed against HEAD, the main branch or any commit', async () => {
  const scratch = scratchFolder();
  const at = gitFolder(scratchFolder());
  at.commit(files('4.17.20'));
  at.git('tag', 'v1');
  at.git('checkout', '--quiet', '-b', 'topic');
  at.commit({ 'README.md': 'a change' });
  for (const [name, text] of Object.entries(files('4.17.21'))) writeFileSync(join(at.folder, name), text);
  const advisory = { id: 'GHSA-35jh-r3h4-6jhm', name: 'lodash', fixed: '4.17.21' };
  const world = await startLoopbackWorld([advisory], { lodash: ['4.17.20', '4.17.21'] });
  const client = startStdioServer(world.hostArguments, { HOME: join(scratch, 'home') });
  await client.start({
    folder: at.folder,
    capabilities: {},
    options: { consent: 'ask', dataFolder: join(scratch, 'data'), settings: { signatures: { enable: false } } },
  });
  await client.waitFor('provender/status', (params) => JSON.stringify(params).includes('no known advisory'));
  for (const since of [{ kind: 'head' }, { kind: 'branch' }, { kind: 'commit', name: 'v1' }] as const) {
    const text = await review(client, since);
    expect(text).toContain('**1 upgraded; 0 advisories new, 1 gone** since');
    expect(text).toMatch(/\| upgraded \| lodash \| 4\\\.17\\\.20 \| 4\\\.17\\\.21 \| direct \| .*clears 1 advisory \|/);
  }
  expect(await review(client, { kind: 'commit', name: 'nowhere' })).toContain('because there is no commit "nowhere"');
  at.git('add', '--all');
  at.commit({});
  expect(await review(client, { kind: 'head' })).toContain('**No package changes**');
});

test('git is not read in a workspace that is not trusted', async () => {
  const scratch = scratchFolder();
  const at = gitFolder(scratchFolder());
  at.commit(files('4.17.20'));
  const client = startStdioServer(['--offline'], { HOME: join(scratch, 'home') });
  await client.start({
    folder: at.folder,
    capabilities: {},
    options: { trusted: false, dataFolder: join(scratch, 'data') },
  });
  expect(await review(client, { kind: 'head' })).toContain('read only in a workspace that you trust');
});
