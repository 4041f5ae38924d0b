import { createPublicKey, KeyObject, verify as nodeVerify, type JsonWebKey } from 'node:crypto';
import * as crypto from 'node:crypto';

/**
 * `node:crypto` for libraries that call `verify` without a digest. OpenSSL takes SHA-256 for keys of EC and RSA; BoringSSL,
 * on which Electron and so VS Code are built, throws, which those libraries take for a bad signature.
 */
const withDigest: unknown = Object.create(crypto, {
  verify: {
    value: (...[algorithm, data, key, signature, ...rest]: Parameters<typeof nodeVerify>): unknown =>
      nodeVerify(algorithm ?? digestFor(key), data, key, signature, ...rest),
  },
});

type VerifyKey = Parameters<typeof nodeVerify>[2];

/** Undefined for keys that bring their own, as those of Ed25519 do. */
function digestFor(key: VerifyKey): string | undefined {
  const type = keyObjectOf(key).asymmetricKeyType;
  return type === 'ec' || type === 'rsa' || type === 'rsa-pss' ? 'sha256' : undefined;
}

function keyObjectOf(key: VerifyKey): KeyObject {
  if (key instanceof KeyObject) return key;
  // Options of the signature may stand beside the key: `{ key, padding }`.
  const inner: unknown = typeof key === 'object' && 'key' in key ? key.key : key;
  if (inner instanceof KeyObject) return inner;
  return createPublicKey(key as string | { key: JsonWebKey; format: 'jwk' });
}

export default withDigest;
