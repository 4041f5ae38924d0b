import { PUBLIC_BASE } from '../../server/src/ecosystems/npm/registry/public-registry.ts';

/** A synthetic npm project: deterministic, so that every run measures the same. */

export interface SyntheticProject {
  readonly manifest: string;
  readonly lockfile: string;
  /** Members by folder, for a workspace. */
  readonly members: ReadonlyMap<string, string>;
  /** One advisory for every so many packages, in OSV form. */
  readonly advisories: readonly SyntheticAdvisory[];
}

export interface SyntheticAdvisory {
  readonly id: string;
  readonly name: string;
  readonly record: object;
}

export interface Size {
  readonly direct: number;
  readonly resolved: number;
  readonly members: number;
  readonly advisories: number;
}

export function syntheticProject({ direct, resolved, members, advisories }: Size): SyntheticProject {
  const names = Array.from({ length: resolved }, (_, index) => nameOf(index));
  const packages: Record<string, object> = {};
  const folders = Array.from({ length: members }, (_, index) => `packages/member-${String(index)}`);
  const root = {
    name: 'bench',
    version: '1.0.0',
    ...(members > 0 ? { workspaces: ['packages/*'] } : {}),
    dependencies: Object.fromEntries(names.slice(0, direct).map((name) => [name, '^1.0.0'])),
  };
  packages[''] = root;
  const memberManifests = new Map<string, string>();
  folders.forEach((folder, index) => {
    const own = Array.from({ length: 20 }, (_, at) => names[(index * 31 + at * 7) % direct] ?? '');
    const manifest = {
      name: `@bench/member-${String(index)}`,
      version: '1.0.0',
      dependencies: Object.fromEntries([...new Set(own)].map((name) => [name, '^1.0.0'])),
    };
    memberManifests.set(folder, `${JSON.stringify(manifest, null, 2)}\n`);
    packages[folder] = manifest;
    packages[`node_modules/@bench/member-${String(index)}`] = { resolved: folder, link: true };
  });
  names.forEach((name, index) => {
    const children = [index * 2 + direct, index * 2 + direct + 1, index * 7 + 13].filter(
      (child) => child > index && child < resolved,
    );
    packages[`node_modules/${name}`] = {
      version: versionOf(index),
      resolved: `${PUBLIC_BASE}${name}/-/${name.split('/').at(-1) ?? ''}-${versionOf(index)}.tgz`,
      integrity: `sha512-${Buffer.from(name.padEnd(64, '=')).subarray(0, 64).toString('base64')}`,
      ...(index % 3 === 2 ? { dev: true } : {}),
      license: 'MIT',
      engines: { node: '>=18' },
      ...(children.length > 0
        ? { dependencies: Object.fromEntries(children.map((child) => [names[child] ?? '', '^1.0.0'])) }
        : {}),
    };
  });
  return {
    manifest: `${JSON.stringify(root, null, 2)}\n`,
    lockfile: `${JSON.stringify({ name: 'bench', version: '1.0.0', lockfileVersion: 3, requires: true, packages }, null, 2)}\n`,
    members: memberManifests,
    advisories: Array.from({ length: advisories }, (_, index) => {
      const name = names[Math.floor((index * resolved) / advisories)] ?? '';
      return { id: idOf(index), name, record: recordOf(idOf(index), name) };
    }),
  };
}

function nameOf(index: number): string {
  return index % 9 === 0 ? `@scope-${String(index % 40)}/package-${String(index)}` : `package-name-${String(index)}`;
}

function versionOf(index: number): string {
  return `1.${String(index % 17)}.${String(index % 29)}`;
}

function idOf(index: number): string {
  return `GHSA-${index.toString(36).padStart(4, '2')}-bbbb-cccc`;
}

function recordOf(id: string, name: string): object {
  return {
    schema_version: '1.7.3',
    id,
    modified: '2026-01-02T03:04:05Z',
    published: '2026-01-01T00:00:00Z',
    aliases: [`CVE-2026-${id.slice(5, 9)}`],
    summary: `Prototype pollution in ${name}`,
    severity: [{ type: 'CVSS_V3', score: 'CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:N' }],
    affected: [
      {
        package: { ecosystem: 'npm', name },
        ranges: [{ type: 'SEMVER', events: [{ introduced: '0' }, { fixed: '1.99.0' }] }],
      },
    ],
    references: [{ type: 'ADVISORY', url: `https://github.com/advisories/${id}` }],
  };
}
