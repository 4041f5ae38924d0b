import { createServer } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { integrityOf, releaseDocument, releaseSigner, type ReleaseSigner } from '../../test/support/signed-releases.ts';

/** What each answer takes at least. */
const LATENCY_MS = 40;
/** Documents of all versions as the public registry has them: half of them have less, and a tenth this much. */
const MEDIAN_BYTES = 150_000;
const LARGE_BYTES = 2_200_000;

export interface SignedPackage {
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
}

/** A registry on loopback whose packages are all signed, with documents of real size. */
export interface SignedRegistry {
  readonly base: string;
  readonly signer: ReleaseSigner;
  readonly packages: readonly SignedPackage[];
  /** What was sent since the last call. */
  taken(): { readonly requests: number; readonly bytes: number };
  close(): Promise<void>;
}

export async function startSignedRegistry(count: number): Promise<SignedRegistry> {
  const signer = releaseSigner();
  const packages = Array.from({ length: count }, (_, index): SignedPackage => {
    const name = `signed-package-${String(index).padStart(4, '0')}`;
    return { name, version: '1.0.0', integrity: integrityOf(name) };
  });
  const byName = new Map(
    packages.map((item, index) => {
      // Made before: what signing takes is not to be measured.
      const document = releaseDocument({ ...item, signer, more: { description: 'a package of the bench' } });
      return [item.name, { document, isLarge: index % 10 === 0 }];
    }),
  );
  const padding = { large: 'x'.repeat(LARGE_BYTES), usual: 'x'.repeat(MEDIAN_BYTES) };
  const sent = { requests: 0, bytes: 0 };
  const server = createServer((request, response) => {
    void sleep(LATENCY_MS).then(() => {
      const body = bodyOf(new URL(request.url ?? '/', 'http://127.0.0.1').pathname);
      sent.requests++;
      sent.bytes += Buffer.byteLength(body ?? '{}');
      response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body ?? '{}');
    });
  });
  const bodyOf = (path: string): string | undefined => {
    if (path === '/-/npm/v1/keys') return JSON.stringify({ keys: [endpointKey(signer)] });
    const [name = '', version] = path.slice(1).split('/');
    const found = byName.get(name);
    if (found === undefined) return undefined;
    const { document } = found;
    if (version !== undefined) return JSON.stringify(document);
    return JSON.stringify({
      name,
      'dist-tags': { latest: '1.0.0' },
      versions: { '1.0.0': document },
      time: { created: '2026-01-01T00:00:00.000Z', '1.0.0': '2026-01-01T00:00:00.000Z' },
      readme: found.isLarge ? padding.large : padding.usual,
    });
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the registry has no port');
  return {
    base: `http://127.0.0.1:${String(address.port)}/`,
    signer,
    packages,
    taken() {
      const taken = { ...sent };
      Object.assign(sent, { requests: 0, bytes: 0 });
      return taken;
    },
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function endpointKey({ key }: ReleaseSigner): object {
  const curve = 'ecdsa-sha2-nistp256';
  return { expires: null, keyid: key.keyid, keytype: curve, scheme: curve, key: key.spki };
}

/** The keys as `PROVENDER_TRUSTED_KEYS` takes them. */
export function trustDocument({ key }: ReleaseSigner): object {
  const publicKey = { rawBytes: key.spki, keyDetails: 'PKIX_ECDSA_P256_SHA_256', validFor: {} };
  return { keys: [{ keyId: key.keyid, keyUsage: 'npm:signatures', publicKey }] };
}
