import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { ECOSYSTEMS } from '../../server/src/ecosystems/all.ts';
import { startAttestedRegistry } from '../support/attested-registry.ts';
import { BORINGSSL } from '../support/boringssl.ts';
import { packageLock } from '../support/cli-world.ts';
import { startFaultServer } from '../support/fault-server.ts';
import { writeFiles } from '../support/loopback-world.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { integrityOf } from '../support/signed-releases.ts';
import { tufRepository } from '../support/tuf-repository.ts';

const SERVER = join(import.meta.dirname, '..', '..', 'dist', 'server.cjs');
const BUILT = {
  name: '@acme/widget',
  version: '1.2.3',
  integrity: integrityOf('widget'),
  build: {},
  repository: 'https://github.com/acme/widget',
};

/** A project of which nothing can be verified but with what a TUF repository publishes, whose first root is all that is known. */
async function project() {
  const { server, sigstore } = await startAttestedRegistry([BUILT]);
  const host = new URL(ECOSYSTEMS[0]?.registry.publicBase ?? '').host;
  const repository = tufRepository({
    'trusted_root.json': JSON.stringify(sigstore.root),
    [`${host}/keys.json`]: JSON.stringify(sigstore.keys),
  });
  const tuf = await startFaultServer(({ path }) => {
    const body = repository.files.get(path.slice(1));
    return body === undefined ? { kind: 'answer', status: 404, body: '' } : { kind: 'answer', body };
  });
  const folder = scratchFolder();
  const data = scratchFolder();
  writeFiles(folder, {
    'package.json': JSON.stringify({ dependencies: { [BUILT.name]: BUILT.version } }),
    'package-lock.json': packageLock(
      { [BUILT.name]: BUILT.version },
      { [BUILT.name]: { version: BUILT.version, integrity: BUILT.integrity } },
    ),
  });
  writeFileSync(join(data, 'trust.json'), `{ "keys": [], "tufRoot": ${repository.firstRoot} }`);
  writeFileSync(join(data, 'boringssl.cjs'), BORINGSSL);
  const verdict = (...options: string[]): Promise<string> => {
    const hosts = ['--host', `npm=${server.base}`, '--host', `tuf=${tuf.base}`];
    const env = {
      ...process.env,
      PROVENDER_DATA: data,
      PROVENDER_TRUSTED_KEYS: join(data, 'trust.json'),
      NPM_CONFIG_USERCONFIG: join(data, 'npmrc'),
      NODE_OPTIONS: `--require ${join(data, 'boringssl.cjs')}`,
    };
    const argv = [SERVER, 'verify', folder, '--format', 'json', ...hosts, ...options];
    return new Promise((resolve) => {
      execFile(process.execPath, argv, { env }, (_, stdout) => {
        const { packages } = JSON.parse(stdout) as { readonly packages: readonly { readonly verdict: string }[] };
        resolve(packages.map((item) => item.verdict).join(' '));
      });
    });
  };
  return { repository, verdict, asked: () => tuf.requests.map(({ path }) => path) };
}

test('what the repository publishes is verified against, by way of its newer roots, and kept, on the crypto of Electron too', async () => {
  const { repository, verdict, asked } = await project();
  repository.rotate();
  expect(await verdict()).toBe('provenance-verified');
  const first = asked();
  expect(first).toContain('/2.root.json');
  expect(await verdict()).toBe('provenance-verified');
  expect(await verdict('--offline')).toBe('provenance-verified');
  expect(asked()).toEqual(first);
});

test('what it publishes and did not sign is not taken', async () => {
  const { repository, verdict } = await project();
  for (const [path, text] of repository.files) {
    if (path.includes('keys.json')) repository.files.set(path, text.replace('npm:signatures', 'npm:nothing'));
  }
  expect(await verdict()).toBe('unverifiable');
});
