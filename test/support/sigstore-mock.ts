import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';

import { bundleToJSON } from '@sigstore/bundle';
import { initializeCA, initializeCTLog, initializeTLog, initializeTSA } from '@sigstore/mock';
import { DSSEBundleBuilder, MessageSignatureBundleBuilder, type Signer } from '@sigstore/sign';

import { type TrustMaterial, trustMaterialOf } from '../../server/src/evidence/trust/trust-material.ts';
import { certificateExtensions, type MockBuild } from './mock-build.ts';
import { loggedBy, timestampedBy } from './mock-witness.ts';
import { withChange } from './json-change.ts';

export interface MockOptions {
  /** The clock of those who issue certificates; undefined for the time of day. */
  readonly issuedAt?: Date;
  /** The clock of the transparency log; undefined for the time of day. */
  readonly loggedAt?: Date;
}

export interface BundleOptions {
  /** The payload of an envelope; `artifact` is a signature of these bytes as a file instead. */
  readonly form?: 'envelope' | 'artifact';
  readonly payloadType?: string;
  /** 0.1 has a promise of the log only, 0.2 a proof too, 0.3 one certificate instead of a chain. */
  readonly version?: '0.1' | '0.2' | '0.3';
  /** The kind of entry in the log. */
  readonly entry?: 'intoto' | 'dsse';
  /** `authority` leaves the log's promise out and takes the time from a timestamp authority, as Rekor 2 does. */
  readonly time?: 'log' | 'authority';
}

/** Who signs: a build with a certificate, or the registry with its key. */
export type MockSigner = MockBuild | 'registry';

/**
 * A whole Sigstore of the test's own, and an npm registry's key: certificate authority, certificate log, transparency log
 * and timestamp authority in memory, without any network. What it signs verifies against its `trust`, and against nothing
 * else. `npm-attestations.ts` makes a registry's answers with it.
 */
export interface MockSigstore {
  /** Its root and the registry's key, as the code under test takes them. */
  readonly trust: TrustMaterial;
  /** The JSON of its trusted root. */
  readonly root: MockRoot;
  /** The registry's key in the form of the target in Sigstore's TUF repository. */
  readonly keys: MockKeys;
  /** The registry's key in the form of its own endpoint for keys. */
  readonly keysEndpoint: { readonly keys: readonly object[] };
  /** The registry's signature over `name@version:integrity`. */
  signature(name: string, version: string, integrity: string): { readonly keyid: string; readonly sig: string };
  /** The JSON of a bundle. */
  bundle(bytes: Uint8Array | string, signer: MockSigner, options?: BundleOptions): Promise<unknown>;
}

export interface MockRoot {
  readonly mediaType: string;
  readonly tlogs: readonly object[];
  readonly ctlogs: readonly object[];
  readonly certificateAuthorities: readonly object[];
  readonly timestampAuthorities: readonly object[];
}

export interface MockKeys {
  readonly keys: readonly {
    readonly keyId: string;
    readonly keyUsage: string;
    readonly publicKey: object;
  }[];
}

interface KeyPair {
  readonly publicKey: KeyObject;
  readonly privateKey: KeyObject;
}

export async function mockSigstore({ issuedAt, loggedAt }: MockOptions = {}): Promise<MockSigstore> {
  const certificateLog = await initializeCTLog(keyPair(), issuedAt);
  const authority = await initializeCA(keyPair('P-384'), certificateLog, issuedAt);
  const log = await initializeTLog('https://log.example', keyPair(), loggedAt);
  // The mock writes fractions of a second that the library does not read: this clock is set to whole ones.
  const timestampClock = new Date();
  const timestamps = await initializeTSA(keyPair(), timestampClock);
  const setClock = (): void => {
    timestampClock.setTime(Math.floor((loggedAt?.getTime() ?? Date.now()) / 1000) * 1000);
  };
  const registry = keyPair();
  const registryKey = registry.publicKey.export({ type: 'spki', format: 'der' });
  const keyid = `SHA256:${createHash('sha256').update(registryKey).digest('base64').replace(/=+$/, '')}`;
  const root: MockRoot = {
    mediaType: 'application/vnd.dev.sigstore.trustedroot+json;version=0.1',
    tlogs: [logEntry('https://log.example', log.publicKey)],
    ctlogs: [logEntry('https://certificates.example', certificateLog.publicKey)],
    certificateAuthorities: [authorityEntry(authority.rootCertificate)],
    timestampAuthorities: [authorityEntry(timestamps.intCertificate, timestamps.rootCertificate)],
  };
  const keys = { keys: ['npm:signatures', 'npm:attestations'].map((usage) => keyEntry(keyid, usage, registryKey)) };

  const withCertificate = (build: MockBuild): Signer => ({
    async sign(data) {
      const { publicKey, privateKey } = keyPair();
      const spki = publicKey.export({ type: 'spki', format: 'der' });
      const { subjectAltName, extensions } = certificateExtensions(build);
      const issued = await authority.issueCertificate({ publicKey: new Uint8Array(spki), subjectAltName, extensions });
      const certificate = `-----BEGIN CERTIFICATE-----\n${base64(issued)}\n-----END CERTIFICATE-----\n`;
      return { signature: sign('sha256', data, privateKey), key: { $case: 'x509Certificate', certificate } };
    },
  });
  const withRegistryKey: Signer = {
    sign: (data) =>
      Promise.resolve({
        signature: sign('sha256', data, registry.privateKey),
        key: {
          $case: 'publicKey',
          publicKey: registry.publicKey.export({ type: 'spki', format: 'pem' }).toString(),
          hint: keyid,
        },
      }),
  };

  return {
    trust: trustMaterialOf(root, keys),
    root,
    keys,
    keysEndpoint: { keys: [endpointEntry(keyid, registryKey)] },
    signature: (name, version, integrity) => ({
      keyid,
      sig: sign('sha256', Buffer.from(`${name}@${version}:${integrity}`), registry.privateKey).toString('base64'),
    }),
    async bundle(bytes, signer, { form, payloadType, version = '0.3', entry = 'intoto', time = 'log' } = {}) {
      const witnesses = [loggedBy(log, entry), ...(time === 'authority' ? [timestampedBy(timestamps, setClock)] : [])];
      const options = { signer: signer === 'registry' ? withRegistryKey : withCertificate(signer), witnesses };
      const builder =
        form === 'artifact'
          ? new MessageSignatureBundleBuilder(options)
          : new DSSEBundleBuilder({ ...options, certificateChain: version !== '0.3' });
      const made = await builder.create({ data: Buffer.from(bytes), type: payloadType ?? IN_TOTO });
      if (version !== '0.3') made.mediaType = `application/vnd.dev.sigstore.bundle+json;version=${version}`;
      const json: unknown = bundleToJSON(made);
      const log0 = ['verificationMaterial', 'tlogEntries', 0];
      if (time === 'authority') return withChange(json, [...log0, 'inclusionPromise'], () => undefined);
      return version === '0.1' ? withChange(json, [...log0, 'inclusionProof'], () => undefined) : json;
    },
  };
}

const IN_TOTO = 'application/vnd.in-toto+json';

function keyPair(namedCurve = 'P-256'): KeyPair {
  return generateKeyPairSync('ec', { namedCurve });
}

function base64(bytes: ArrayBufferView): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

const VALID_FOR = { start: '2000-01-01T00:00:00.000Z' };

function logEntry(baseUrl: string, spki: Buffer): object {
  return {
    baseUrl,
    hashAlgorithm: 'SHA2_256',
    publicKey: { rawBytes: spki.toString('base64'), keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: VALID_FOR },
    logId: { keyId: createHash('sha256').update(spki).digest('base64') },
  };
}

function authorityEntry(...chain: readonly ArrayBufferView[]): object {
  return {
    subject: { organization: 'sigstore.mock', commonName: 'sigstore' },
    uri: 'https://authority.example',
    certChain: { certificates: chain.map((certificate) => ({ rawBytes: base64(certificate) })) },
    validFor: VALID_FOR,
  };
}

function keyEntry(keyId: string, keyUsage: string, spki: Buffer): MockKeys['keys'][number] {
  const rawBytes = spki.toString('base64');
  return {
    keyId,
    keyUsage,
    publicKey: { rawBytes, keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: VALID_FOR },
  };
}

function endpointEntry(keyid: string, spki: Buffer): object {
  const curve = 'ecdsa-sha2-nistp256';
  return { expires: null, keyid, keytype: curve, scheme: curve, key: spki.toString('base64') };
}
