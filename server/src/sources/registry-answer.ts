import {
  NO_NEEDS,
  type RegistryNeeds,
  type RegistryPackage,
  type RegistrySignature,
  type RegistryVersion,
  type TrustRank,
} from '../core/registry-package.ts';
import { field, isObject, textAt } from '../core/json-fields.ts';

/**
 * A registry's package as it is stored: a row for each version instead of an object, key ids once, and nothing of what
 * the registry says besides. A hundredth of the document, for many packages.
 */
export function encodeRegistryPackage(value: RegistryPackage): string {
  const keyids: string[] = [];
  const keyIndex = (keyid: string): number => {
    const found = keyids.indexOf(keyid);
    return found === -1 ? keyids.push(keyid) - 1 : found;
  };
  const needs = [...new Set(value.versions.map((version) => version.needs))];
  const needsIndex = new Map(needs.map((item, index) => [item, index]));
  const rows = value.versions.map((version) => [
    version.version,
    version.publishedAt ?? null,
    version.deprecated ?? null,
    version.hasInstallScript ? 1 : 0,
    version.license ?? null,
    version.integrity ?? null,
    version.tarball ?? null,
    version.signatures.flatMap(({ keyid, sig }) => [keyIndex(keyid), sig]),
    Object.entries(version.peerDependencies).flat(),
    version.nodeEngine ?? null,
    needsIndex.get(version.needs) ?? 0,
    version.lockTraits,
    version.trust,
  ]);
  return JSON.stringify({
    name: value.name,
    tags: Object.entries(value.tags),
    repository: value.repository,
    hasTimes: value.hasTimes,
    keyids,
    needs: needs.map(encodeNeeds),
    rows,
  });
}

function encodeNeeds({ dependencies, optionalDependencies, optionalPeers, hasBundled }: RegistryNeeds): unknown[] {
  return [
    Object.entries(dependencies).flat(),
    Object.entries(optionalDependencies).flat(),
    optionalPeers,
    hasBundled ? 1 : 0,
  ];
}

/** Undefined when it is not what {@link encodeRegistryPackage} wrote. */
export function decodeStoredPackage(stored: unknown): RegistryPackage | undefined {
  const name = textAt(stored, 'name');
  const rows = field(stored, 'rows');
  if (!isObject(stored) || name === undefined || !Array.isArray(rows)) return undefined;
  const keyids = texts(stored['keyids']);
  const needs = Array.isArray(stored['needs']) ? stored['needs'].map(decodeNeeds) : [];
  const versions: RegistryVersion[] = [];
  for (const row of rows) {
    const version = Array.isArray(row) ? decodeRow(row, keyids, needs) : undefined;
    if (version !== undefined) versions.push(version);
  }
  const tags = Array.isArray(stored['tags']) ? stored['tags'].flatMap(pairOf) : [];
  return {
    name,
    versions,
    tags: Object.fromEntries(tags),
    repository: textAt(stored, 'repository'),
    hasTimes: stored['hasTimes'] === true,
  };
}

/** Most versions share them, and a project has tens of thousands of versions. */
const NO_SIGNATURES: readonly RegistrySignature[] = [];
const NO_SPECIFIERS: Readonly<Record<string, string>> = {};

function decodeNeeds(stored: unknown): RegistryNeeds {
  if (!Array.isArray(stored)) return NO_NEEDS;
  const items: readonly unknown[] = stored;
  const [dependencies, optional, optionalPeers, bundled] = items;
  return {
    dependencies: specifiersOf(texts(dependencies)),
    optionalDependencies: specifiersOf(texts(optional)),
    optionalPeers: texts(optionalPeers),
    hasBundled: bundled === 1,
  };
}

function decodeRow(
  row: readonly unknown[],
  keyids: readonly string[],
  needs: readonly RegistryNeeds[],
): RegistryVersion | undefined {
  const [version, publishedAt, deprecated, script, license, integrity, tarball, signatures, peers, nodeEngine] = row;
  const [needsIndex, lockTraits, trust] = row.slice(10);
  if (typeof version !== 'string') return undefined;
  return {
    version,
    publishedAt: typeof publishedAt === 'number' ? publishedAt : undefined,
    deprecated: text(deprecated),
    hasInstallScript: script === 1,
    license: text(license),
    integrity: text(integrity),
    tarball: text(tarball),
    signatures: signaturesOf(signatures, keyids),
    trust: trustRank(trust),
    peerDependencies: specifiersOf(texts(peers)),
    nodeEngine: text(nodeEngine),
    needs: (typeof needsIndex === 'number' ? needs[needsIndex] : undefined) ?? NO_NEEDS,
    lockTraits: typeof lockTraits === 'number' ? lockTraits : 0,
  };
}

export function trustRank(stored: unknown): TrustRank {
  return stored === 1 || stored === 2 ? stored : 0;
}

function signaturesOf(flat: unknown, keyids: readonly string[]): readonly RegistrySignature[] {
  if (!Array.isArray(flat) || flat.length === 0) return NO_SIGNATURES;
  const items: readonly unknown[] = flat;
  const signatures: RegistrySignature[] = [];
  for (let at = 0; at + 1 < items.length; at += 2) {
    const index = items[at];
    const keyid = typeof index === 'number' ? keyids[index] : undefined;
    const sig = items[at + 1];
    if (keyid !== undefined && typeof sig === 'string') signatures.push({ keyid, sig });
  }
  return signatures;
}

function specifiersOf(flat: readonly string[]): Readonly<Record<string, string>> {
  if (flat.length === 0) return NO_SPECIFIERS;
  const pairs: [string, string][] = [];
  for (let at = 0; at + 1 < flat.length; at += 2) pairs.push([flat[at] ?? '', flat[at + 1] ?? '']);
  return Object.fromEntries(pairs);
}

function pairOf(pair: unknown): [string, string][] {
  const [key, value] = texts(pair);
  return key === undefined || value === undefined ? [] : [[key, value]];
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((item): item is string => typeof item === 'string') : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
