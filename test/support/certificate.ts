import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

export interface TestCertificate {
  /** PEM texts. */
  readonly cert: string;
  readonly key: string;
}

export interface TestAuthority {
  /** PEM text of the authority's own certificate. */
  readonly ca: string;
  /** A certificate for 127.0.0.1 and localhost. */
  issue(commonName: string): TestCertificate;
}

/**
 * A certificate authority of the test's own. Node makes keys but no certificates, so this writes them in DER.
 * @see https://www.rfc-editor.org/rfc/rfc5280#section-4.1
 */
export function testAuthority(): TestAuthority {
  const { publicKey, privateKey } = keyPair();
  const issuer = name('Test authority');
  const basic = extension('2.5.29.19', sequence(der(0x01, Buffer.from([0xff]))), true);
  return {
    ca: certificate({ subject: issuer, issuer, publicKey, signer: privateKey, extensions: [basic] }),
    issue(commonName) {
      const leaf = keyPair();
      const addresses = sequence(der(0x82, Buffer.from('localhost')), der(0x87, Buffer.from([127, 0, 0, 1])));
      const cert = certificate({
        subject: name(commonName),
        issuer,
        publicKey: leaf.publicKey,
        signer: privateKey,
        extensions: [extension('2.5.29.17', addresses, false)],
      });
      return { cert, key: leaf.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString() };
    },
  };
}

interface Parts {
  readonly subject: Buffer;
  readonly issuer: Buffer;
  readonly publicKey: KeyObject;
  readonly signer: KeyObject;
  readonly extensions: readonly Buffer[];
}

function keyPair(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}

function certificate({ subject, issuer, publicKey, signer, extensions }: Parts): string {
  const algorithm = sequence(objectId('1.2.840.10045.4.3.2'));
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  // The first bit is cleared: a serial number is positive.
  const serial = createHash('sha256').update(spki).digest().subarray(0, 8);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 1;
  const toBeSigned = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, serial),
    algorithm,
    issuer,
    sequence(time('20200101000000Z'), time('20991231235959Z')),
    subject,
    spki,
    der(0xa3, sequence(...extensions)),
  );
  const signature = sign('sha256', toBeSigned, signer);
  const whole = sequence(toBeSigned, algorithm, der(0x03, Buffer.concat([Buffer.from([0]), signature])));
  const lines = whole.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}

function name(commonName: string): Buffer {
  return sequence(der(0x31, sequence(objectId('2.5.4.3'), der(0x0c, Buffer.from(commonName, 'utf8')))));
}

function extension(id: string, value: Buffer, critical: boolean): Buffer {
  const flag = critical ? [der(0x01, Buffer.from([0xff]))] : [];
  return sequence(objectId(id), ...flag, der(0x04, value));
}

function time(text: string): Buffer {
  return der(0x18, Buffer.from(text, 'ascii'));
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, Buffer.concat(parts));
}

function objectId(text: string): Buffer {
  const [first = 0, second = 0, ...rest] = text.split('.').map(Number);
  return der(0x06, Buffer.from([first * 40 + second, ...rest.flatMap(base128)]));
}

function base128(value: number): number[] {
  const bytes = [value & 0x7f];
  for (let left = value >> 7; left > 0; left >>= 7) bytes.unshift((left & 0x7f) | 0x80);
  return bytes;
}

function der(tag: number, content: Buffer): Buffer {
  const length =
    content.length < 0x80
      ? [content.length]
      : content.length < 0x100
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}
