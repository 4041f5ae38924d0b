/**
 * Writes what the program proves its runtime's cryptography with: a bundle with a trusted root of its own, and a registry
 * signature with its key. Both are made anew at each run, since signatures are never twice the same: it is run by hand,
 * and only when their form changes.
 */
import { writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { format } from 'prettier';
import { mockSigstore } from '../test/support/sigstore-mock.ts';

const evidence = resolve(import.meta.dirname, '../server/src/evidence');

async function write(path: string, content: unknown): Promise<void> {
  await writeFile(join(evidence, path), await format(JSON.stringify(content), { parser: 'json', printWidth: 120 }));
}

const sigstore = await mockSigstore();
const statement = {
  _type: 'https://in-toto.io/Statement/v1',
  subject: [{ name: 'known-good', digest: { sha512: '00' } }],
  predicateType: 'https://slsa.dev/provenance/v1',
  predicate: {},
};
await write('attestations/known-good-bundle.json', {
  root: sigstore.root,
  bundle: await sigstore.bundle(JSON.stringify(statement), {}, { entry: 'intoto' }),
});

const [name, version, integrity] = ['known-good', '1.0.0', `sha512-${Buffer.alloc(64).toString('base64')}`] as const;
const [key] = sigstore.trust.signatureKeys;
await write('known-good-signature.json', {
  spki: key?.spki,
  message: `${name}@${version}:${integrity}`,
  sig: sigstore.signature(name, version, integrity).sig,
});
