import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build, type Metafile, type Plugin } from 'esbuild';
import { describe, expect, test } from 'vitest';

import { nameDigests, requireNamedDigests } from '../../scripts/bundle/name-digests.ts';
import { sharedOptions } from '../../scripts/bundle/options.ts';
import type { AttestationsOutcome } from '../../server/src/evidence/attestations-outcome.ts';
import { BORINGSSL } from '../support/boringssl.ts';
import { answer, provenanceAttestation, publishAttestation } from '../support/npm-attestations.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { integrityOf } from '../support/signed-releases.ts';
import { mockSigstore, type BundleOptions } from '../support/sigstore-mock.ts';

const ROOT = join(import.meta.dirname, '..', '..');

const CHECK = `
  import { readFileSync } from 'node:fs';
  import { checkNpmAttestations } from ${JSON.stringify(join(ROOT, 'server/src/evidence/attestations/check-npm-attestations.ts'))};
  const cases = JSON.parse(readFileSync(process.argv[2], 'utf8'));
  console.log(JSON.stringify(cases.map(checkNpmAttestations)));`;

interface Bundled {
  readonly folder: string;
  readonly metafile: Metafile;
}

/** Bundles a program with the options of the build. */
async function bundled(source: string, plugins: Plugin[]): Promise<Bundled> {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'boringssl.cjs'), BORINGSSL);
  const { metafile } = await build({
    ...sharedOptions(ROOT, '0.0.0'),
    stdin: { contents: source, resolveDir: ROOT, loader: 'ts' },
    format: 'cjs',
    outfile: join(folder, 'check.cjs'),
    banner: { js: 'const __distFolder=__dirname;' },
    metafile: true,
    plugins,
  });
  return { folder, metafile };
}

/** Runs it where crypto refuses, and answers what it prints. */
function runOnBoringSsl({ folder }: Bundled, input: unknown): unknown {
  const file = join(folder, 'input.json');
  writeFileSync(file, JSON.stringify(input));
  const output = execFileSync(
    process.execPath,
    ['--require', join(folder, 'boringssl.cjs'), join(folder, 'check.cjs'), file],
    { encoding: 'utf8', maxBuffer: 16_000_000 },
  );
  return JSON.parse(output);
}

const FORMS: readonly BundleOptions[] = [
  { version: '0.1' },
  { version: '0.2' },
  { version: '0.3' },
  { version: '0.3', time: 'authority' },
];

async function attestedCases(): Promise<object[]> {
  const sigstore = await mockSigstore();
  const about = { name: '@acme/widget', version: '1.2.3', integrity: integrityOf('widget') };
  return Promise.all(
    FORMS.map(async (form) => {
      const parts = [await publishAttestation(sigstore, about), await provenanceAttestation(sigstore, about, {}, form)];
      return { ...about, response: answer(parts), trust: sigstore.trust };
    }),
  );
}

function verdictsOf(outcomes: unknown): string[] {
  return (outcomes as AttestationsOutcome[]).flatMap(({ publish, provenance }) => [
    `${publish.verdict} ${publish.code}`,
    `${provenance.verdict} ${provenance.code}`,
  ]);
}

describe('where crypto has no default digest', () => {
  test('attestations of every form verify in what is built', async () => {
    const outcomes = runOnBoringSsl(await bundled(CHECK, [nameDigests()]), await attestedCases());
    expect(new Set(verdictsOf(outcomes))).toEqual(new Set(['verified verified']));
  });

  test('without the stand-in nothing verifies, and nothing is called false', async () => {
    const outcomes = runOnBoringSsl(await bundled(CHECK, []), await attestedCases());
    expect(new Set(verdictsOf(outcomes))).toEqual(new Set(['unverifiable runtime']));
  });

  test('roots of The Update Framework verify in what is built', async () => {
    const source = `
      import { readFileSync } from 'node:fs';
      import { Metadata, MetadataKind } from '@tufjs/models';
      const { root } = JSON.parse(readFileSync(process.argv[2], 'utf8'));
      const metadata = Metadata.fromJSON(MetadataKind.Root, root);
      let outcome = 'verified';
      try { metadata.verifyDelegate(MetadataKind.Root, metadata); } catch (error) { outcome = error.message; }
      console.log(JSON.stringify(outcome));`;
    const { default: seed } = await import('../../server/src/evidence/trust/tuf-root.json', { with: { type: 'json' } });
    expect(runOnBoringSsl(await bundled(source, [nameDigests()]), seed)).toBe('verified');
  });
});

test.each([
  ['ec', undefined, true],
  ['rsa', undefined, true],
  ['ed25519', undefined, true],
  ['ec', 'sha384', true],
])('a key of %s with the digest %s is verified as OpenSSL does', async (type, algorithm, expected) => {
  const source = `
    import { generateKeyPairSync, sign } from 'node:crypto';
    import crypto from ${JSON.stringify(join(ROOT, 'scripts/bundle/crypto-with-digest.ts'))};
    const [type, algorithm] = JSON.parse(require('node:fs').readFileSync(process.argv[2], 'utf8'));
    const { publicKey, privateKey } = generateKeyPairSync(type, { namedCurve: 'P-256', modulusLength: 2048 });
    const digest = algorithm ?? (type === 'ed25519' ? undefined : 'sha256');
    const signature = sign(digest, Buffer.from('text'), privateKey);
    const keys = [publicKey, publicKey.export({ type: 'spki', format: 'pem' }), { key: publicKey },
      { key: publicKey.export({ type: 'spki', format: 'der' }), type: 'spki', format: 'der' }];
    console.log(JSON.stringify(keys.map((key) => crypto.verify(algorithm, Buffer.from('text'), key, signature))));`;
  const results = runOnBoringSsl(await bundled(source, []), [type, algorithm]);
  expect(results).toEqual([expected, expected, expected, expected]);
});

test('a build in which a library got the plain crypto fails', async () => {
  const plain = await bundled(CHECK, []);
  expect(() => requireNamedDigests([plain.metafile])).toThrow('@sigstore/core');
  const named = await bundled(CHECK, [nameDigests()]);
  expect(() => requireNamedDigests([named.metafile])).not.toThrow();
});
