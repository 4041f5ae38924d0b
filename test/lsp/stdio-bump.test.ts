import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';

import { startAttestedRegistry } from '../support/attested-registry.ts';
import { packageLock } from '../support/cli-world.ts';
import { gitFolder } from '../support/git-folder.ts';
import { startLoopbackWorld, writeFiles } from '../support/loopback-world.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { integrityOf } from '../support/signed-releases.ts';
import { startStdioServer } from '../support/stdio-client.ts';

const MANIFEST = '{ "dependencies": { "@acme/built": "^1.0.0" } }\n';

function files(version: string): Record<string, string> {
  const entry = { version, integrity: integrityOf(version) };
  return {
    'package.json': MANIFEST,
    'package-lock.json': packageLock({ '@acme/built': '^1.0.0' }, { '@acme/built': entry }),
  };
}

test('a branch that takes a version built from another repository is told so on the line, verified on both sides', async () => {
  const scratch = scratchFolder();
  const at = gitFolder(scratchFolder());
  at.commit(files('1.0.0'));
  at.git('checkout', '--quiet', '-b', 'topic');
  writeFiles(at.folder, files('1.0.1'));
  const world = await startLoopbackWorld([]);
  const release = { name: '@acme/built', build: {}, repository: 'https://github.com/acme/widget' };
  const { server, trustDocument } = await startAttestedRegistry([
    { ...release, version: '1.0.0', integrity: integrityOf('1.0.0') },
    {
      ...release,
      version: '1.0.1',
      integrity: integrityOf('1.0.1'),
      build: { repository: 'https://github.com/evil/widget', repositoryId: '2' },
    },
  ]);
  writeFileSync(join(scratch, 'keys.json'), trustDocument);
  const client = startStdioServer([...world.hostArguments, '--host', `npm=${server.base}`], {
    HOME: join(scratch, 'home'),
    PROVENDER_TRUSTED_KEYS: join(scratch, 'keys.json'),
  });
  await client.start({
    folder: at.folder,
    options: { consent: 'ask', dataFolder: join(scratch, 'data'), settings: { health: { enable: false } } },
  });
  const uri = pathToFileURL(join(at.folder, 'package.json')).href;
  client.open(uri, MANIFEST);
  const found = await client.diagnostics(uri, (items) => items.some(({ code }) => code === 'publication-changed'));
  expect(JSON.stringify(found)).toContain(
    'built from github.com/evil/widget, before from github.com/acme/widget. main has 1.0.0.',
  );
});
