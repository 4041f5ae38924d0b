import { parentPort, type MessagePort } from 'node:worker_threads';
import { verifyRegistrySignature } from '../evidence/npm-signature.ts';
import type { TrustMaterial } from '../evidence/trust/trust-material.ts';
import { undone, type FromVerifier, type ToVerifier, type VerifyAnswer, type VerifyJob } from './verify-job.ts';

/** Entry of a thread that checks signatures and attestations. */
function serve(port: MessagePort): void {
  let trust: TrustMaterial | undefined;
  port.on('message', (message: ToVerifier) => {
    if ('trust' in message) {
      trust = message.trust;
      return;
    }
    const { id, job } = message;
    void run(job, trust).then((answer) => {
      const reply: FromVerifier = { id, answer };
      port.postMessage(reply);
    });
  });
}

async function run(job: VerifyJob, trust: TrustMaterial | undefined): Promise<VerifyAnswer | undefined> {
  try {
    if (job.kind === 'signatures') {
      const verdicts = job.cases.map((given) => verifyRegistrySignature({ ...given, keys: job.keys }));
      return { kind: 'signatures', verdicts };
    }
    if (trust?.digest !== job.trustDigest) return undone(job, 'it was asked with other trust material');
    // Only attestations need the library, which takes longer to load than a hundred signatures to check.
    const { checkNpmAttestations } = await import('../evidence/attestations/check-npm-attestations.ts');
    return { kind: 'attestations', outcome: checkNpmAttestations({ ...job.given, trust }) };
  } catch {
    return undefined;
  }
}

if (parentPort === null) throw new Error('this file is the entry of a worker thread');
serve(parentPort);
