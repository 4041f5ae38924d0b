/** Plays the npm registry: documents of packages and of versions, signed with the demo's key. */
import { compare, prerelease, rcompare } from 'semver';
import { SLSA_1 } from '../../test/support/npm-attestations.ts';
import type { ExampleSigner } from './example-signer.ts';
import type { ExamplePackage, ExampleVersion, JsonObject } from './example-world.ts';

/** The whole document of a package, or the short one that installers ask for, which has no times. */
export function packument(
  base: string,
  name: string,
  found: ExamplePackage,
  signer: ExampleSigner,
  isAbbreviated: boolean,
): JsonObject {
  const versions = [...found.versions.keys()].sort(compare);
  const documents = versions.map((version) => [version, versionDocument(base, name, version, found, signer)]);
  return {
    name,
    'dist-tags': { latest: latestOf(versions) },
    versions: Object.fromEntries(documents),
    ...(!isAbbreviated && { time: timesOf(found), ...metadataOf(found) }),
  };
}

/** The document of one version; undefined when the example does not have it. */
export function versionDocument(
  base: string,
  name: string,
  version: string,
  found: ExamplePackage,
  signer: ExampleSigner,
): JsonObject | undefined {
  const facts = found.versions.get(version);
  if (facts === undefined) return undefined;
  return {
    name,
    version,
    ...metadataOf(found),
    dependencies: facts.dependencies,
    peerDependencies: facts.peerDependencies,
    ...(facts.node !== undefined && { engines: { node: facts.node } }),
    ...(facts.deprecated !== undefined && { deprecated: facts.deprecated }),
    ...(facts.hasInstallScript && { hasInstallScript: true, scripts: { postinstall: 'node postinstall' } }),
    dist: {
      integrity: facts.integrity,
      tarball: `${base}${name}/-/${name.split('/').at(-1) ?? name}-${version}.tgz`,
      ...(facts.isSigned && { signatures: signaturesOf(name, version, facts, signer) }),
      ...(facts.builtFrom !== undefined && { attestations: announced(base, name, version) }),
    },
  };
}

function latestOf(sorted: readonly string[]): string | undefined {
  return [...sorted].sort(rcompare).find((version) => prerelease(version) === null);
}

function metadataOf(found: ExamplePackage): JsonObject {
  return {
    ...(found.license !== undefined && { license: found.license }),
    ...(found.repository !== undefined && { repository: { type: 'git', url: `git+https://${found.repository}.git` } }),
  };
}

function timesOf(found: ExamplePackage): JsonObject {
  const dated = [...found.versions].flatMap(([version, { published }]) =>
    published === undefined ? [] : [[version, `${published}T12:00:00.000Z`] as const],
  );
  const stamps = dated.map(([, time]) => time).sort();
  return { created: stamps[0], modified: stamps.at(-1), ...Object.fromEntries(dated) };
}

function announced(base: string, name: string, version: string): JsonObject {
  const url = `${base}-/npm/v1/attestations/${name.replace('/', '%2f')}@${version}`;
  return { url, provenance: { predicateType: SLSA_1 } };
}

function signaturesOf(name: string, version: string, facts: ExampleVersion, signer: ExampleSigner): JsonObject[] {
  return [{ keyid: signer.key.keyid, sig: signer.sign(`${name}@${version}:${facts.integrity}`) }];
}
