import type { ReleaseProtocol } from '../../../core/ecosystem.ts';
import type { HttpRequest } from '../../../core/ports.ts';
import type { RegistrySignature, Release, TrustRank } from '../../../core/registry-package.ts';
import { isRecord, own, text } from './registry-json.ts';
import { encodedName, registryUrl } from './registry-url.ts';

const TIMEOUT_MS = 5_000;
const SHORT_TIMEOUT_MS = 15_000;
const MAX_VERSION_BYTES = 1024 * 1024;
/** The short document of a package with thousands of versions. */
const MAX_SHORT_BYTES = 16 * 1024 * 1024;

/**
 * One version of a package, and its attestations.
 * @see https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md
 * @see https://docs.npmjs.com/about-registry-signatures
 */
export const npmReleases: ReleaseProtocol = {
  request: (base, name, version) =>
    get(registryUrl(base, `${encodedName(name)}/${encodeURIComponent(version.toWellFormed())}`)),
  shortRequest: (base, name) => ({
    ...get(registryUrl(base, encodedName(name))),
    headers: { accept: 'application/vnd.npm.install-v1+json; q=1.0, application/json; q=0.8' },
    timeoutMs: SHORT_TIMEOUT_MS,
    maxBytes: MAX_SHORT_BYTES,
  }),
  decode,
  // The address in the registry's answer is not followed: it could name any host.
  attestationsRequest: (base, name, version) =>
    get(registryUrl(base, `-/npm/v1/attestations/${encodedName(name)}@${encodeURIComponent(version.toWellFormed())}`)),
};

function get(url: string): HttpRequest {
  return {
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_VERSION_BYTES,
  };
}

function decode(name: string, version: string, body: string): Release | 'missing' | undefined {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return undefined;
  }
  if (!isRecord(document) || document['name'] !== name) return undefined;
  const versions = document['versions'];
  const release: unknown = isRecord(versions) ? (own(versions, version) ?? 'missing') : document;
  if (release === 'missing') return 'missing';
  return isRecord(release) && release['version'] === version ? releaseOf(version, release) : undefined;
}

function releaseOf(version: string, document: Record<string, unknown>): Release {
  const dist = isRecord(document['dist']) ? document['dist'] : {};
  const publisher = document['_npmUser'];
  const { repository } = document;
  return {
    version,
    integrity: bounded(text(dist['integrity'])),
    signatures: signaturesOf(dist),
    attested: isRecord(dist['attestations']),
    trust: trustOf(document, dist),
    publisher: bounded(isRecord(publisher) ? text(publisher['name']) : undefined),
    repository: bounded(isRecord(repository) ? text(repository['url']) : text(repository)),
    hasInstallScript: hasInstallScript(document),
  };
}

const MAX_TEXT = 2_000;
const MAX_SIGNATURES = 10;

function bounded(value: string | undefined): string | undefined {
  return value === undefined || value.length > MAX_TEXT ? undefined : value;
}

export function signaturesOf(dist: Record<string, unknown>): readonly RegistrySignature[] {
  const signatures: unknown = dist['signatures'];
  return Array.isArray(signatures) ? signatures.slice(0, MAX_SIGNATURES).flatMap(signatureOf) : [];
}

function signatureOf(value: unknown): RegistrySignature[] {
  if (!isRecord(value)) return [];
  const keyid = bounded(text(value['keyid']));
  const sig = bounded(text(value['sig']));
  return keyid === undefined || sig === undefined ? [] : [{ keyid, sig }];
}

/** The registry's own word on how a version was published; nothing of it is signed. */
export function trustOf(document: Record<string, unknown>, dist: Record<string, unknown>): TrustRank {
  const publisher = document['_npmUser'];
  if (isRecord(publisher) && isRecord(publisher['trustedPublisher'])) return 2;
  const attestations = dist['attestations'];
  return isRecord(attestations) && isRecord(attestations['provenance']) ? 1 : 0;
}

export function hasInstallScript(document: Record<string, unknown>): boolean {
  const scripts = isRecord(document['scripts']) ? document['scripts'] : {};
  return (
    document['hasInstallScript'] === true ||
    ['preinstall', 'install', 'postinstall'].some((name) => text(own(scripts, name)) !== undefined)
  );
}
