import type { RegistryProtocol } from '../../../core/ecosystem.ts';
import type { RegistryPackage, RegistryVersion } from '../../../core/registry-package.ts';
import type { Parsed } from '../../../core/span.ts';
import { PUBLIC_BASE } from './public-registry.ts';
import { isRecord, own, stringsOf, text } from './registry-json.ts';
import { createNeedsReader, type NeedsReader } from './registry-needs.ts';
import { encodedName, registryUrl } from './registry-url.ts';
import { hasInstallScript, npmReleases, signaturesOf, trustOf } from './releases.ts';
import { repositoryOf } from './repository.ts';
import { npmVersions } from '../version.ts';

const TIMEOUT_MS = 15_000;
/** The largest documents of the public registry have about 21 MB. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The registry's document of all versions of a package. It is asked for in full, since the short form has no times.
 * @see https://github.com/npm/registry/blob/main/docs/REGISTRY-API.md
 */
export const npmRegistry: RegistryProtocol = {
  publicBase: PUBLIC_BASE,
  request: (base, name) => ({
    method: 'GET',
    url: registryUrl(base, encodedName(name)),
    headers: { accept: 'application/json' },
    timeoutMs: TIMEOUT_MS,
    maxBytes: MAX_BYTES,
  }),
  page(name, version) {
    const path = encodedName(name).replaceAll('%2f', '/');
    return `https://www.npmjs.com/package/${path}/v/${encodeURIComponent(version.toWellFormed())}`;
  },
  decode,
  releases: npmReleases,
};

function decode(name: string, body: string): Parsed<RegistryPackage | undefined> {
  let document: unknown;
  try {
    document = JSON.parse(body);
  } catch {
    return refused('the registry answered with something that is not JSON');
  }
  if (!isRecord(document)) return refused('the registry answered with JSON that is not an object');
  if (document['name'] !== name) return refused('the registry answered for another package');
  const times = isRecord(document['time']) ? document['time'] : {};
  const tags = stringsOf(document['dist-tags']);
  const documents = isRecord(document['versions']) ? document['versions'] : {};
  const versions: RegistryVersion[] = [];
  const readNeeds = createNeedsReader();
  let unread = 0;
  for (const [version, value] of Object.entries(documents)) {
    if (isRecord(value) && npmVersions.isVersion(version))
      versions.push(decodeVersion(version, value, times, readNeeds));
    else unread++;
  }
  versions.sort((a, b) => npmVersions.compare(a.version, b.version));
  const latest = Object.hasOwn(tags, 'latest') ? own(documents, tags['latest'] ?? '') : undefined;
  const value: RegistryPackage = {
    name,
    versions,
    tags,
    repository:
      repositoryIn(isRecord(latest) ? latest['repository'] : undefined) ?? repositoryIn(document['repository']),
    hasTimes: versions.some((it) => it.publishedAt !== undefined),
  };
  const message = `${unread} versions of ${name} could not be read`;
  return { value, problems: unread === 0 ? [] : [{ span: { start: 0, end: 0 }, message }] };
}

function refused(message: string): Parsed<undefined> {
  return { value: undefined, problems: [{ span: { start: 0, end: 0 }, message }] };
}

function decodeVersion(
  version: string,
  document: Record<string, unknown>,
  times: Record<string, unknown>,
  readNeeds: NeedsReader,
): RegistryVersion {
  const dist = isRecord(document['dist']) ? document['dist'] : {};
  const engines = isRecord(document['engines']) ? document['engines'] : {};
  const publishedAt = Date.parse(text(own(times, version)) ?? '');
  return {
    version,
    publishedAt: Number.isNaN(publishedAt) ? undefined : publishedAt,
    deprecated: text(document['deprecated'])?.slice(0, MAX_TEXT) || undefined,
    hasInstallScript: hasInstallScript(document),
    license: licenseOf(document['license'] ?? document['licenses']),
    integrity: text(dist['integrity']),
    tarball: text(dist['tarball']),
    signatures: signaturesOf(dist),
    trust: trustOf(document, dist),
    peerDependencies: stringsOf(document['peerDependencies']),
    nodeEngine: text(own(engines, 'node')),
    ...readNeeds(document),
  };
}

const MAX_TEXT = 2_000;
const MAX_LICENSES = 10;
/** An SPDX expression; old packages have an object or a list of objects. */
function licenseOf(license: unknown): string | undefined {
  if (typeof license === 'string') return license.slice(0, MAX_TEXT) || undefined;
  if (Array.isArray(license)) {
    const names = license.slice(0, MAX_LICENSES).flatMap((item: unknown) => licenseOf(item) ?? []);
    return names.length === 0 ? undefined : names.join(' OR ');
  }
  return isRecord(license) ? licenseOf(text(license['type'])) : undefined;
}

function repositoryIn(value: unknown): string | undefined {
  const claimed = isRecord(value) ? text(value['url']) : text(value);
  return claimed === undefined ? undefined : repositoryOf(claimed);
}
