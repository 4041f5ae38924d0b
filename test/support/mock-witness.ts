import { createHash } from 'node:crypto';

import type { initializeTLog, initializeTSA } from '@sigstore/mock';
import type { SignatureBundle, Witness } from '@sigstore/sign';

/**
 * Takes signatures up in a log of `@sigstore/mock`. Rekor stores another body than it is sent, which the mock does not:
 * it gets the body as it is stored.
 * @see https://github.com/sigstore/rekor/tree/main/pkg/types
 */
export function loggedBy(log: Awaited<ReturnType<typeof initializeTLog>>, kind: 'intoto' | 'dsse'): Witness {
  return {
    async testify(content, verifier) {
      const body = storedBody(content, verifier, kind);
      const answer: unknown = await log.log(body);
      const [entry] = isLogAnswer(answer) ? Object.values(answer) : [];
      if (entry === undefined) throw new Error('the log took nothing up');
      const { inclusionProof: proof, signedEntryTimestamp } = entry.verification;
      return {
        tlogEntries: [
          {
            logIndex: String(entry.logIndex),
            logId: { keyId: Buffer.from(entry.logID, 'hex') },
            kindVersion: { kind: body.kind, version: body.apiVersion },
            integratedTime: String(entry.integratedTime),
            inclusionPromise: { signedEntryTimestamp: Buffer.from(signedEntryTimestamp, 'base64') },
            inclusionProof: {
              logIndex: String(proof.logIndex),
              treeSize: String(proof.treeSize),
              rootHash: Buffer.from(proof.rootHash, 'hex'),
              hashes: proof.hashes.map((hash) => Buffer.from(hash, 'hex')),
              checkpoint: { envelope: proof.checkpoint },
            },
            canonicalizedBody: Buffer.from(entry.body, 'base64'),
          },
        ],
      };
    },
  };
}

/** Has signatures timestamped by an authority of `@sigstore/mock`, whose clock is set before each. */
export function timestampedBy(authority: Awaited<ReturnType<typeof initializeTSA>>, setClock: () => void): Witness {
  return {
    async testify(content) {
      setClock();
      const timestamp = await authority.timestamp({
        artifactHash: createHash('sha256').update(signatureOf(content)).digest(),
        hashAlgorithmOID: '2.16.840.1.101.3.4.2.1',
        nonce: 1,
        policyOID: '1.3.6.1.4.1.57264.2',
      });
      const signedTimestamp = Buffer.from(timestamp.buffer, timestamp.byteOffset, timestamp.byteLength);
      return { rfc3161Timestamps: [{ signedTimestamp }] };
    },
  };
}

/** What the log answers; the mock's own type is not published. */
interface LoggedEntry {
  readonly logIndex: number;
  readonly logID: string;
  readonly integratedTime: number;
  readonly body: string;
  readonly verification: {
    readonly signedEntryTimestamp: string;
    readonly inclusionProof: {
      readonly logIndex: number;
      readonly treeSize: number;
      readonly rootHash: string;
      readonly hashes: readonly string[];
      readonly checkpoint: string;
    };
  };
}

function isLogAnswer(answer: unknown): answer is Readonly<Record<string, LoggedEntry>> {
  return typeof answer === 'object' && answer !== null;
}

interface StoredBody {
  readonly apiVersion: string;
  readonly kind: string;
  readonly spec: object;
}

function storedBody(content: SignatureBundle, verifier: string, kind: 'intoto' | 'dsse'): StoredBody {
  const publicKey = Buffer.from(verifier).toString('base64');
  if (content.$case === 'messageSignature') {
    const { messageDigest, signature } = content.messageSignature;
    const hash = { algorithm: 'sha256', value: messageDigest.digest.toString('hex') };
    const signed = { content: signature.toString('base64'), publicKey: { content: publicKey } };
    return { apiVersion: '0.0.1', kind: 'hashedrekord', spec: { data: { hash }, signature: signed } };
  }
  const { payload, payloadType } = content.dsseEnvelope;
  const payloadHash = { algorithm: 'sha256', value: createHash('sha256').update(payload).digest('hex') };
  const signature = signatureOf(content).toString('base64');
  if (kind === 'dsse') {
    return { apiVersion: '0.0.1', kind, spec: { payloadHash, signatures: [{ signature, verifier: publicKey }] } };
  }
  // The signature is encoded twice.
  const signatures = [{ sig: Buffer.from(signature).toString('base64'), publicKey }];
  return { apiVersion: '0.0.2', kind, spec: { content: { envelope: { payloadType, signatures }, payloadHash } } };
}

function signatureOf(content: SignatureBundle): Buffer {
  if (content.$case === 'messageSignature') return content.messageSignature.signature;
  return content.dsseEnvelope.signatures.at(0)?.sig ?? Buffer.alloc(0);
}
