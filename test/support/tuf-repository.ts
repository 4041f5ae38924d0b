import { Key, Metadata, MetaFile, Root, Signature, Snapshot, TargetFile, Targets, Timestamp } from '@tufjs/models';
import { createHash, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';

/** A repository as Sigstore's is made: consistent snapshots, and keys of registries delegated to a role of their own. */
export interface TufRepository {
  /** The root metadata that it began with. */
  readonly firstRoot: string;
  /** Everything that it serves, by path. Tests may change it. */
  readonly files: Map<string, string>;
  /** Publishes other targets, a version on. `expires` is when its timestamp does. */
  publish(targets: Readonly<Record<string, string>>, expires?: Date): void;
  /** Signs a new root with the old key and a new one, and everything after it with the new one. */
  rotate(): void;
}

const SPEC = { specVersion: '1.0.31' } as const;
const YEAR_MS = 365 * 86_400_000;
const DELEGATED = 'registries';

/** `targets` are texts by name; those in a folder are vouched for by a delegated role. */
export function tufRepository(targets: Readonly<Record<string, string>>): TufRepository {
  const files = new Map<string, string>();
  let key = signingKey();
  let version = 0;
  let rootVersion = 1;
  let published = targets;

  const rootOf = (signers: readonly SigningKey[]): string => {
    const root = new Root({ ...SPEC, version: rootVersion, expires: later(), consistentSnapshot: true });
    for (const role of ['root', 'timestamp', 'snapshot', 'targets']) root.addKey(key.key, role);
    return signed(root, signers);
  };
  const publish: TufRepository['publish'] = (next, expires = new Date(Date.now() + YEAR_MS)) => {
    published = next;
    version++;
    const own = Object.entries(next).map(([name, text]) => targetFile(name, text));
    const delegated = own.filter(({ path }) => path.includes('/'));
    const role = { name: DELEGATED, keyids: [key.key.keyID], threshold: 1, terminating: true, paths: ['*/*'] };
    const top = Targets.fromJSON({
      _type: 'targets',
      spec_version: SPEC.specVersion,
      version,
      expires: later(),
      targets: {},
      delegations: { keys: { [key.key.keyID]: key.key.toJSON() }, roles: [role] },
    });
    for (const target of own) if (!target.path.includes('/')) top.addTarget(target);
    const below = new Targets({ ...SPEC, version, expires: later() });
    for (const target of delegated) below.addTarget(target);
    const texts = { targets: signed(top, [key]), [DELEGATED]: signed(below, [key]) };
    const meta = Object.fromEntries(
      Object.entries(texts).map(([name, text]) => [`${name}.json`, metaFile(version, text)]),
    );
    const snapshot = signed(new Snapshot({ ...SPEC, version, expires: later(), meta }), [key]);
    const timestamp = new Timestamp({
      ...SPEC,
      version,
      expires: dateText(expires),
      snapshotMeta: metaFile(version, snapshot),
    });
    for (const [name, text] of Object.entries(texts)) files.set(`${String(version)}.${name}.json`, text);
    files.set(`${String(version)}.snapshot.json`, snapshot);
    files.set('timestamp.json', signed(timestamp, [key]));
    for (const [name, text] of Object.entries(next)) {
      const at = name.lastIndexOf('/') + 1;
      files.set(`targets/${name.slice(0, at)}${sha256(text)}.${name.slice(at)}`, text);
    }
  };

  const firstRoot = rootOf([key]);
  publish(targets);
  return {
    firstRoot,
    files,
    publish,
    rotate: () => {
      const before = key;
      key = signingKey();
      rootVersion++;
      files.set(`${String(rootVersion)}.root.json`, rootOf([before, key]));
      publish(published);
    },
  };
}

interface SigningKey {
  readonly key: Key;
  readonly privateKey: KeyObject;
}

function signingKey(): SigningKey {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pem = String(publicKey.export({ format: 'pem', type: 'spki' }));
  const key = { keyType: 'ecdsa', scheme: 'ecdsa-sha2-nistp256', keyVal: { public: pem } };
  return { key: new Key({ keyID: sha256(JSON.stringify(key)), ...key }), privateKey };
}

function signed(document: Root | Targets | Snapshot | Timestamp, signers: readonly SigningKey[]): string {
  const metadata = new Metadata(document);
  for (const { key, privateKey } of signers) {
    metadata.sign((data) => new Signature({ keyID: key.keyID, sig: sign('sha256', data, privateKey).toString('hex') }));
  }
  return JSON.stringify(metadata.toJSON());
}

function targetFile(path: string, text: string): TargetFile {
  return new TargetFile({ path, length: Buffer.byteLength(text), hashes: { sha256: sha256(text) } });
}

function metaFile(version: number, text: string): MetaFile {
  return new MetaFile({ version, length: Buffer.byteLength(text), hashes: { sha256: sha256(text) } });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function later(): string {
  return dateText(new Date(Date.now() + YEAR_MS));
}

function dateText(date: Date): string {
  return date.toISOString().replace(/\.\d+Z$/, 'Z');
}
