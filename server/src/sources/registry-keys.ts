import type { HttpRequest } from '../core/ports.ts';
import type { TrustedKey } from '../evidence/trust/trusted-keys.ts';
import { decodeJson } from './json-answer.ts';
import { recordsAt, textAt } from '../core/json-fields.ts';

const TIMEOUT_MS = 5_000;
const MAX_BYTES = 256 * 1024;
const MAX_KEYS = 20;
const CURVE = 'ecdsa-sha2-nistp256';

/**
 * Asks a registry for the keys that it signs with. The public registry is never asked: its keys are known from elsewhere.
 * @see https://docs.npmjs.com/about-registry-signatures
 */
export function registryKeysRequest(base: string): HttpRequest {
  return {
    method: 'GET',
    url: `${base.endsWith('/') ? base : `${base}/`}-/npm/v1/keys`,
    headers: { accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  };
}

/** What is no key of the kind that registries sign with is left out. Throws a SourceError for what is not JSON. */
export function decodeRegistryKeys(label: string, body: Uint8Array): readonly TrustedKey[] {
  return registryKeysOf(decodeJson(label, body));
}

/** As they are stored, too. */
export function registryKeysOf(value: unknown): readonly TrustedKey[] {
  return recordsAt(value, 'keys')
    .slice(0, MAX_KEYS)
    .flatMap((entry): TrustedKey[] => {
      const keyid = textAt(entry, 'keyid');
      const spki = textAt(entry, 'key');
      if (keyid === undefined || spki === undefined || textAt(entry, 'keytype') !== CURVE) return [];
      const end = Date.parse(textAt(entry, 'expires') ?? '');
      return [{ keyid, spki, expiresAt: Number.isNaN(end) ? undefined : end, isOfRegistry: true }];
    });
}

export function encodeRegistryKeys(keys: readonly TrustedKey[]): string {
  return JSON.stringify({
    keys: keys.map(({ keyid, spki, expiresAt }) => ({
      keyid,
      key: spki,
      keytype: CURVE,
      ...(expiresAt !== undefined && { expires: new Date(expiresAt).toISOString() }),
    })),
  });
}
