import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

/**
 * Writes server/src/evidence/npm-keys.json from the trust seeds that @sigstore/tuf ships. A newer version of that
 * package is new trust material: change both constants, run `node scripts/generate-trust.ts`, read the difference.
 */
const PACKAGE = '@sigstore/tuf@5.0.1';
const PACKAGE_INTEGRITY =
  'sha512-ofwYu9iXeMm85zPh0cauUXzXtIFNfHI1o9Ux1e0Eil6shsbx+8bAe58fhiU1FcHdOIxOkyDhZzD6Gu6uPnzoUg==';

const ROOT = join(import.meta.dirname, '..');

function main(): void {
  const archive = packPackage(join(ROOT, '.cache', 'trust'));
  const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
  if (integrity !== PACKAGE_INTEGRITY)
    throw new Error(`${PACKAGE} has the integrity ${integrity}, which is not the pinned one`);
  const seeds = JSON.parse(fileInArchive(archive, 'package/seeds.json').toString('utf8')) as Seeds;
  const target = keysTarget(seeds);
  const { keys } = JSON.parse(target.toString('utf8')) as { keys: unknown };
  const result = {
    source: PACKAGE,
    sha256: createHash('sha256').update(target).digest('hex'),
    keys,
  };
  writeFileSync(join(ROOT, 'server', 'src', 'evidence', 'npm-keys.json'), `${JSON.stringify(result, null, 2)}\n`);
}

/** By mirror, the base64 of each target. */
type Seeds = Record<string, { targets: Record<string, string> }>;

function packPackage(folder: string): Buffer {
  mkdirSync(folder, { recursive: true });
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
  const output = execFileSync(npm, ['pack', PACKAGE, '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  const listed = JSON.parse(output) as unknown;
  const [entry] = (Array.isArray(listed) ? listed : Object.values(listed as object)) as { filename: string }[];
  if (entry === undefined) throw new Error('npm pack named no file');
  return readFileSync(join(folder, entry.filename));
}

/** A file of a gzipped tar archive: blocks of 512 bytes, the name at 0, the size in octal at 124. */
function fileInArchive(archive: Buffer, path: string): Buffer {
  const tar = gunzipSync(archive);
  for (let at = 0; at + 512 <= tar.length;) {
    const name = tar.toString('utf8', at, at + 100).replace(/\0.*$/s, '');
    const size = Number.parseInt(tar.toString('utf8', at + 124, at + 136), 8) || 0;
    if (name === path) return tar.subarray(at + 512, at + 512 + size);
    at += 512 + Math.ceil(size / 512) * 512;
  }
  throw new Error(`${path} is not in the archive`);
}

/** The target's name begins with the registry's host, which is looked up by what follows it. */
function keysTarget(seeds: Seeds): Buffer {
  const found = Object.values(seeds).flatMap(({ targets }) =>
    Object.entries(targets).filter(([name]) => decodeURIComponent(name).endsWith('/keys.json')),
  );
  const [target] = found;
  if (target === undefined || found.length !== 1)
    throw new Error(`expected one keys.json, found ${String(found.length)}`);
  return Buffer.from(target[1], 'base64');
}

main();
