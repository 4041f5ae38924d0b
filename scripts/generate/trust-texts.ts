import { createHash } from 'node:crypto';
import seeds from '@sigstore/tuf/seeds.json' with { type: 'json' };
import tufManifest from '@sigstore/tuf/package.json' with { type: 'json' };

/**
 * The trust material that comes with the program, out of the seeds of the pinned `@sigstore/tuf`: a newer version of that
 * package is new trust material. Each file names its source and the SHA-256 of the target that it was decoded from.
 * @returns texts by file name
 */
export function trustTexts(): ReadonlyMap<string, string> {
  const [mirror] = Object.values<Mirror>(seeds);
  if (mirror === undefined) throw new Error('@sigstore/tuf has no seeds');
  const root = Buffer.from(mirror['root.json'], 'base64');
  return new Map([
    ['npm-keys.json', embedded(targetOf(mirror, 'keys.json'), 'keys')],
    ['trusted-root.json', embedded(targetOf(mirror, 'trusted_root.json'), 'root')],
    ['tuf-root.json', embedded(root, 'root')],
  ]);
}

interface Mirror {
  readonly 'root.json': string;
  /** Base64 by encoded target name. */
  readonly targets: Readonly<Record<string, string>>;
}

/** A target's name may begin with the registry's host: it is looked up by its end. */
function targetOf(mirror: Mirror, end: string): Buffer {
  const found = Object.entries(mirror.targets).filter(([name]) => decodeURIComponent(name).split('/').at(-1) === end);
  const [target] = found;
  if (target === undefined || found.length !== 1) throw new Error(`expected one ${end}, found ${String(found.length)}`);
  return Buffer.from(target[1], 'base64');
}

/** `keys` takes the list out of its document, which holds nothing else. */
function embedded(target: Buffer, property: 'keys' | 'root'): string {
  const document: unknown = JSON.parse(target.toString('utf8'));
  const value: unknown = property === 'root' ? document : Reflect.get(Object(document), property);
  return JSON.stringify({
    source: `@sigstore/tuf@${tufManifest.version}`,
    sha256: createHash('sha256').update(target).digest('hex'),
    [property]: value,
  });
}
