import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';

import { VerifierPool } from '../../server/src/workers/verifier-pool.ts';
import type { KeylessCase } from '../../server/src/sources/signature-verifier.ts';
import { scratchFolder } from '../support/scratch-folder.ts';
import { mockSigstore } from '../support/sigstore-mock.ts';
import { npmAttestations } from '../support/npm-attestations.ts';
import { integrityOf, releaseSigner } from '../support/signed-releases.ts';

const BUILT = join(import.meta.dirname, '..', '..', 'dist', 'workers', 'verify-worker.cjs');
const signer = releaseSigner();
const INTEGRITY = integrityOf('bytes');
const never = new AbortController().signal;

function pool(options: { readonly workerPath?: string; readonly size?: number; readonly jobMs?: number } = {}) {
  const made = new VerifierPool({ workerPath: BUILT, size: 2, ...options });
  onTestFinished(() => made.close());
  return made;
}

function caseOf(name: string, signedAs = name): KeylessCase {
  return {
    name,
    version: '1.0.0',
    lockIntegrity: INTEGRITY,
    registryIntegrity: INTEGRITY,
    signatures: [{ keyid: signer.key.keyid, sig: signer.sign(signedAs, '1.0.0', INTEGRITY) }],
    publishedAt: undefined,
    registryIsPublic: true,
  };
}

/** A thread that does what a test says: the body of a message handler with `port`, `id` and `job`. */
function threadThat(does: string): string {
  const path = join(scratchFolder(), 'thread.cjs');
  writeFileSync(
    path,
    `const { parentPort: port } = require('node:worker_threads');
     port.on('message', ({ id, job }) => { if (id !== undefined) { ${does} } });`,
  );
  return path;
}

describe('a pool of threads', () => {
  test('checks signatures in the order in which they are given', async () => {
    const names = Array.from({ length: 130 }, (_, index) => `p${String(index)}`);
    const cases = names.map((name, index) => caseOf(name, index % 3 === 0 ? 'another' : name));
    const verdicts = await pool().signatures(cases, [signer.key], never);
    expect(verdicts.map(({ verdict }) => verdict)).toEqual(
      names.map((_, index) => (index % 3 === 0 ? 'invalid' : 'signed')),
    );
  });

  test('checks attestations against the trust material of the question', async () => {
    const [one, other] = await Promise.all([mockSigstore(), mockSigstore()]);
    const about = { name: '@acme/widget', version: '1.0.0', integrity: INTEGRITY };
    const given = { ...about, response: await npmAttestations(one, about) };
    const threads = pool();
    const outcomes = await Promise.all([
      threads.attestations(given, one.trust, never),
      threads.attestations(given, other.trust, never),
      threads.attestations(given, one.trust, never),
    ]);
    expect(outcomes.map(({ publish, provenance }) => [publish.verdict, provenance.verdict])).toEqual([
      ['verified', 'verified'],
      ['unverifiable', 'unverifiable'],
      ['verified', 'verified'],
    ]);
  });

  test('works on after its threads were ended at rest', async () => {
    const threads = new VerifierPool({ workerPath: BUILT, size: 1, idleMs: 0 });
    onTestFinished(() => threads.close());
    for (let round = 0; round < 3; round++) {
      const [first] = await threads.signatures([caseOf('left')], [signer.key], never);
      expect(first?.verdict).toBe('signed');
    }
  });
});

describe('what no thread could check is unverifiable, and never called false', () => {
  test.each([
    ['that ends', 'process.exit(1);'],
    ['that throws', "throw new Error('broken');"],
    ['that says that it cannot', 'port.postMessage({ id, answer: undefined });'],
  ])('by a thread %s', async (_, does) => {
    const [verdict] = await pool({ workerPath: threadThat(does) }).signatures([caseOf('left')], [], never);
    expect(verdict).toMatchObject({ verdict: 'unverifiable', code: 'runtime' });
  });

  test('by a thread that takes too long', async () => {
    const threads = pool({ workerPath: threadThat('for (;;);'), jobMs: 50 });
    const outcome = await threads.attestations(
      { name: 'left', version: '1.0.0', integrity: INTEGRITY, response: '{}' },
      (await mockSigstore()).trust,
      never,
    );
    expect(outcome).toMatchObject({ publish: { verdict: 'unverifiable' }, provenance: { verdict: 'unverifiable' } });
  });

  test('where threads cannot run at all, for however many', async () => {
    const threads = pool({ workerPath: join(scratchFolder(), 'missing.cjs') });
    const verdicts = await threads.signatures(
      Array.from({ length: 300 }, () => caseOf('left')),
      [signer.key],
      never,
    );
    expect(new Set(verdicts.map(({ code }) => code))).toEqual(new Set(['runtime']));
    expect(verdicts).toHaveLength(300);
  });

  test('when the pool is closed meanwhile', async () => {
    const threads = pool({ workerPath: threadThat(''), size: 1 });
    const asked = Promise.all([
      threads.signatures([caseOf('left')], [signer.key], never),
      threads.signatures([caseOf('right')], [signer.key], never),
    ]);
    await threads.close();
    expect((await asked).flat().map(({ code }) => code)).toEqual(['runtime', 'runtime']);
  });
});

test('an abort rejects with its reason', async () => {
  const controller = new AbortController();
  const asked = pool({ workerPath: threadThat('') }).signatures([caseOf('left')], [], controller.signal);
  controller.abort(new Error('closed'));
  await expect(asked).rejects.toThrow('closed');
});
