/** A preload that refuses as BoringSSL does, on which the crypto of Electron is built: it has no default digest for keys of EC and RSA. */
export const BORINGSSL = `
  const crypto = require('node:crypto');
  const { verify } = crypto;
  crypto.verify = (algorithm, data, key, signature, ...rest) => {
    const inner = key.key ?? key;
    const object = inner instanceof crypto.KeyObject ? inner : crypto.createPublicKey(key);
    if (algorithm == null && object.asymmetricKeyType !== 'ed25519') {
      throw new Error('error:06000077:public key routines:OPENSSL_internal:NO_DEFAULT_DIGEST');
    }
    return verify(algorithm, data, key, signature, ...rest);
  };
  require('node:module').syncBuiltinESMExports();`;
