import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

import { npmRegistry } from '../../server/src/ecosystems/npm/registry/registry.ts';
import type { PackageFact } from './fake-knowledge.ts';
import { startFaultServer } from './fault-server.ts';

/** Manifests by name and version, oldest first. */
export type Published = Readonly<Record<string, Readonly<Record<string, object>>>>;

export interface PackageRegistry {
  /** With a slash at its end. */
  readonly base: string;
  /** The same registry as knowledge, read as the product reads it. */
  readonly facts: Readonly<Record<string, PackageFact>>;
}

/** A registry on loopback that real package managers can install from. It ends with the test. What is not shown is not out yet. */
export async function startPackageRegistry(
  published: Published,
  isShown: (name: string, version: string) => boolean = () => true,
  publishedAt: PublishedAt = () => undefined,
): Promise<PackageRegistry> {
  const archives = new Map<string, Buffer>();
  for (const [name, versions] of Object.entries(published)) {
    for (const [version, manifest] of Object.entries(versions)) {
      archives.set(archivePath(name, version), archiveOf({ name, version, ...manifest }));
    }
  }
  const documentOf = (name: string, isIn = isShown): object | undefined => {
    const versions = Object.entries(published[name] ?? {}).filter(([version]) => isIn(name, version));
    return versions.length === 0
      ? undefined
      : packumentOf(name, Object.fromEntries(versions), { archives, base: server.base, publishedAt });
  };
  const server = await startFaultServer(({ path }) => {
    const file = archives.get(decodeURIComponent(path.slice(1)));
    if (file !== undefined) return { kind: 'answer', body: file };
    const document = documentOf(decodeURIComponent(path.slice(1)));
    if (document === undefined) return { kind: 'answer', status: 404, body: '{}' };
    return {
      kind: 'answer',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(document),
    };
  });
  onTestFinished(() => server.close());
  const facts = Object.keys(published).flatMap((name) => {
    const { value } = npmRegistry.decode(name, JSON.stringify(documentOf(name, () => true)));
    return value === undefined ? [] : [[name, value] as const];
  });
  return { base: server.base, facts: Object.fromEntries(facts) };
}

/** In milliseconds since the epoch; undefined for what is old enough for anyone. */
type PublishedAt = (name: string, version: string) => number | undefined;

interface Shelf {
  readonly archives: ReadonlyMap<string, Buffer>;
  readonly base: string;
  readonly publishedAt: PublishedAt;
}

function packumentOf(
  name: string,
  versions: Readonly<Record<string, object>>,
  { archives, base, publishedAt }: Shelf,
): object {
  const documents = Object.entries(versions).map(([version, manifest]) => {
    const path = archivePath(name, version);
    const archive = archives.get(path) ?? '';
    const integrity = `sha512-${createHash('sha512').update(archive).digest('base64')}`;
    // Yarn 1 writes the old hash behind the address.
    const shasum = createHash('sha1').update(archive).digest('hex');
    return [version, { name, version, ...manifest, dist: { integrity, shasum, tarball: `${base}${path}` } }] as const;
  });
  const time = Object.fromEntries(
    documents.map(([version]) => [version, new Date(publishedAt(name, version) ?? Date.UTC(2020)).toISOString()]),
  );
  return { name, 'dist-tags': { latest: documents.at(-1)?.[0] }, time, versions: Object.fromEntries(documents) };
}

/** Where public registries keep an archive, too: yarn would note any other place. */
function archivePath(name: string, version: string): string {
  return `${name}/-/${name.split('/').at(-1) ?? name}-${version}.tgz`;
}

function archiveOf(manifest: object): Buffer {
  const folder = mkdtempSync(join(tmpdir(), 'provender-archive-'));
  try {
    mkdirSync(join(folder, 'package'));
    writeFileSync(join(folder, 'package/package.json'), JSON.stringify(manifest));
    execFileSync('tar', ['-czf', 'made.tgz', 'package'], { cwd: folder });
    return readFileSync(join(folder, 'made.tgz'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
