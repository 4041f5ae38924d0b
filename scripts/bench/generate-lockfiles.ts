/** Synthetic lockfiles with the proportions of real ones. Deterministic, so that every run measures the same. */

export interface LockfileSize {
  readonly packages: number;
  /** Dependencies of the root. */
  readonly direct: number;
}

/** A `package-lock.json` of lockfile version 3, as npm writes it. */
export function generatePackageLock(size: LockfileSize): string {
  const packages = inventPackages(size.packages);
  const root = { name: 'bench', version: '1.0.0', ...directGroups(packages, size.direct) };
  const entries: Record<string, object> = { '': root };
  for (const item of packages) {
    const location = `node_modules/${item.name}`;
    entries[location] = npmEntry(item, packages, item.version);
    if (item.index % 7 !== 3) continue;
    // A nested second version, since two packages cannot agree.
    const nested = packages[(item.index * 31 + 11) % packages.length] ?? item;
    entries[`${location}/node_modules/${nested.name}`] = npmEntry(nested, packages, `0.${nested.version}`);
  }
  const lockfile = { name: 'bench', version: '1.0.0', lockfileVersion: 3, requires: true, packages: entries };
  return `${JSON.stringify(lockfile, null, 2)}\n`;
}

/** A `pnpm-lock.yaml` of lockfile version 9, as pnpm writes it. */
export function generatePnpmLock(size: LockfileSize): string {
  const packages = inventPackages(size.packages).sort((a, b) => (a.name < b.name ? -1 : 1));
  const lines = [
    "lockfileVersion: '9.0'",
    '',
    'settings:',
    '  autoInstallPeers: true',
    '  excludeLinksFromLockfile: false',
    '',
    'importers:',
    '',
    '  .:',
    ...pnpmGroup('dependencies', packages.slice(0, Math.ceil(size.direct / 2)), packages),
    ...pnpmGroup('devDependencies', packages.slice(Math.ceil(size.direct / 2), size.direct), packages),
    '',
    'packages:',
    '',
    ...packages.flatMap(pnpmPackage),
    'snapshots:',
    '',
    ...packages.flatMap((item) => pnpmSnapshot(item, packages)),
  ];
  return lines.join('\n');
}

/** A `bun.lock` of lockfile version 1, as bun writes it. */
export function generateBunLock(size: LockfileSize): string {
  const packages = inventPackages(size.packages);
  const groups = Object.entries(directGroups(packages, size.direct)).map(
    ([group, ranges]: [string, Readonly<Record<string, string>>]) => {
      const lines = Object.entries(ranges).map(([name, range]) => `        "${name}": "${range}",\n`);
      return `      "${group}": {\n${lines.join('')}      },\n`;
    },
  );
  const nested = packages.flatMap((item) => {
    const other = packages[(item.index * 31 + 11) % packages.length] ?? item;
    return item.index % 7 === 3
      ? [bunPackage(`${item.name}/${other.name}`, other, packages, `0.${other.version}`)]
      : [];
  });
  const flat = packages.map((item) => bunPackage(item.name, item, packages, item.version));
  const root = `    "": {\n      "name": "bench",\n${groups.join('')}    },\n`;
  return `{\n  "lockfileVersion": 1,\n  "workspaces": {\n${root}  },\n  "packages": {\n${[...flat, ...nested].join('\n')}  }\n}\n`;
}

interface Invented {
  readonly index: number;
  readonly name: string;
  readonly version: string;
  readonly integrity: string;
  /** Positions of what it depends on, later ones only but for a few, which makes circles. */
  readonly dependencies: readonly number[];
  readonly hasPeer: boolean;
  readonly isPlatform: boolean;
  readonly isDev: boolean;
}

const WORDS = ['parse', 'stream', 'glob', 'color', 'plugin', 'transform', 'helper', 'types', 'runtime', 'core', 'http'];

function inventPackages(count: number): Invented[] {
  const random = randomNumbers(count);
  const pick = (limit: number): number => Math.floor(random() * limit);
  // One in fifty leads back, which makes circles.
  const neighbor = (index: number): number => (pick(50) === 0 ? pick(index + 1) : index + 1 + pick(300));
  const word = (): string => WORDS[pick(WORDS.length)] ?? '';
  return Array.from({ length: count }, (_, index) => {
    const base = `${word()}-${word()}-${index.toString(36)}`;
    const wanted = pick(6) < 2 ? 0 : pick(6);
    return {
      index,
      name: pick(3) === 0 ? `@${word()}${String(index % 40)}/${base}` : base,
      version: `${String(pick(20))}.${String(pick(30))}.${String(pick(12))}`,
      integrity: `sha512-${Buffer.from(Array.from({ length: 64 }, () => pick(256))).toString('base64')}`,
      dependencies: [...new Set(Array.from({ length: wanted }, () => neighbor(index)))].filter((at) => at < count),
      hasPeer: pick(8) === 0,
      isPlatform: pick(9) === 0,
      isDev: pick(2) === 0,
    };
  });
}

function npmEntry(item: Invented, packages: readonly Invented[], version: string): object {
  const dependencies = Object.fromEntries(
    item.dependencies.map((index) => [packages[index]?.name ?? '', `^${packages[index]?.version ?? ''}`]),
  );
  const file = item.name.slice(item.name.lastIndexOf('/') + 1);
  return {
    version,
    resolved: `https://registry.example/${item.name}/-/${file}-${version}.tgz`,
    integrity: item.integrity,
    ...(item.isPlatform ? { cpu: ['x64'], os: ['linux'], optional: true } : {}),
    ...(item.isDev ? { dev: true } : {}),
    license: 'MIT',
    ...(item.dependencies.length > 0 ? { dependencies } : {}),
    ...(item.index % 3 === 0 ? {} : { engines: { node: '>= 18' } }),
    ...(item.index % 5 === 0 ? { funding: { url: `https://funding.example/sponsors/${file}` } } : {}),
    ...(item.hasPeer ? { peerDependencies: { [peerOf(item, packages).name]: '*' } } : {}),
  };
}

function bunPackage(key: string, item: Invented, packages: readonly Invented[], version: string): string {
  const ranges = item.dependencies.map((at) => `"${packages[at]?.name ?? ''}": "^${packages[at]?.version ?? ''}"`);
  const peer = `"${peerOf(item, packages).name}"`;
  const details = [
    ...(ranges.length > 0 ? [`"dependencies": { ${ranges.join(', ')} }`] : []),
    ...(item.hasPeer ? [`"peerDependencies": { ${peer}: "*" }, "optionalPeers": [${peer}]`] : []),
    ...(item.isPlatform ? ['"os": "linux", "cpu": "x64"'] : []),
  ];
  const block = details.length === 0 ? '{}' : `{ ${details.join(', ')} }`;
  return `    "${key}": ["${item.name}@${version}", "", ${block}, "${item.integrity}"],\n`;
}

function directGroups(packages: readonly Invented[], direct: number): object {
  const names = packages.slice(0, direct).map(({ name, version }) => [name, `^${version}`] as const);
  const half = Math.ceil(direct / 2);
  return {
    dependencies: Object.fromEntries(names.slice(0, half)),
    devDependencies: Object.fromEntries(names.slice(half)),
  };
}

function pnpmGroup(group: string, items: readonly Invented[], packages: readonly Invented[]): string[] {
  if (items.length === 0) return [];
  return [
    `    ${group}:`,
    ...items.flatMap((item) => [
      `      ${quoted(item.name)}:`,
      `        specifier: ^${item.version}`,
      `        version: ${referenceTo(item, packages)}`,
    ]),
  ];
}

function pnpmPackage(item: Invented, _index: number, packages: readonly Invented[]): string[] {
  return [
    `  ${quoted(`${item.name}@${item.version}`)}:`,
    `    resolution: {integrity: ${item.integrity}}`,
    ...(item.index % 3 === 0 ? [] : ["    engines: {node: '>= 18'}"]),
    ...(item.isPlatform ? ['    cpu: [x64]', '    os: [linux]'] : []),
    ...(item.index % 90 === 0 ? ['    deprecated: This package is no longer supported'] : []),
    ...(item.index % 17 === 0 ? ['    hasBin: true'] : []),
    ...(item.hasPeer ? ['    peerDependencies:', `      ${quoted(peerOf(item, packages).name)}: '*'`] : []),
    '',
  ];
}

function pnpmSnapshot(item: Invented, packages: readonly Invented[]): string[] {
  const key = `  ${quoted(`${item.name}@${referenceTo(item, packages)}`)}:`;
  const wanted = item.hasPeer ? [peerOf(item, packages)] : [];
  const dependencies = [...new Set([...wanted, ...item.dependencies.flatMap((index) => packages[index] ?? [])])];
  if (dependencies.length === 0) return item.isPlatform ? [key, '    optional: true', ''] : [`${key} {}`, ''];
  const lines = dependencies.map((other) => `      ${quoted(other.name)}: ${referenceTo(other, packages)}`);
  return [key, '    dependencies:', ...lines.sort(), ...(item.isPlatform ? ['    optional: true'] : []), ''];
}

/** The version, with the chosen peer where there is one. */
function referenceTo(item: Invented, packages: readonly Invented[]): string {
  const peer = peerOf(item, packages);
  return item.hasPeer ? `${item.version}(${peer.name}@${peer.version})` : item.version;
}

function peerOf(item: Invented, packages: readonly Invented[]): Invented {
  return packages[(item.index * 7) % Math.min(20, packages.length)] ?? item;
}

function quoted(text: string): string {
  return text.startsWith('@') ? `'${text}'` : text;
}

/** Numbers from 0 to 1 by a multiplicative generator, the same for the same seed. */
function randomNumbers(seed: number): () => number {
  let state = (seed * 2 + 1) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
