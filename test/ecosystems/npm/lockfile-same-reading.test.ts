import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parsePackageLock } from '../../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { describeLockfile } from '../../support/check-lockfile.ts';

const NAMES = ['a', 'b', 'c', '@s/a', '@s/b', '__proto__', 'constructor', 'JSONStream', 'node_modules-x'] as const;
const GROUPS = ['dependencies', 'optionalDependencies', 'peerDependencies'] as const;
const FOLDERS = ['packages/x', 'packages/x/inner', 'y'] as const;

interface Item {
  readonly version?: string;
  readonly name?: string;
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

const names = fc.uniqueArray(fc.constantFrom(...NAMES), { maxLength: 4 });
const requests = names.map((list) => Object.fromEntries(list.map((name) => [name, '*'] as const)));
const asks = fc.record(
  { dependencies: requests, optionalDependencies: requests, peerDependencies: requests },
  { requiredKeys: [] },
);
const versions = fc.constantFrom('1.0.0', '1.1.0-rc.1', '2.0.0');
const installed: fc.Arbitrary<Item> = fc
  .tuple(fc.record({ version: versions }), asks, fc.option(fc.constantFrom('real', '@s/real')))
  .map(([version, groups, name]) => ({ ...(name === null ? {} : { name }), ...version, ...groups }));
const folder: fc.Arbitrary<Item> = fc.tuple(fc.record({ version: versions }), asks).map(([a, b]) => ({ ...a, ...b }));

const location = fc
  .tuple(
    fc.oneof(fc.constant(''), fc.constantFrom(...FOLDERS)),
    fc.array(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 4 }),
  )
  .map(([base, path]) => [...(base === '' ? [] : [base]), ...path.map((name) => `node_modules/${name}`)].join('/'));

/** A lockfile with a root, members, links to members and packages anywhere in their node_modules. */
const lockfiles = fc
  .tuple(
    asks,
    fc.tuple(folder, folder, folder),
    fc.dictionary(location, installed, { maxKeys: 15 }),
    fc.dictionary(
      fc.constantFrom(...NAMES).map((name) => `node_modules/${name}`),
      fc.constantFrom(...FOLDERS),
      { maxKeys: 3 },
    ),
  )
  .map(([root, folders, packages, links]): Record<string, Item> => ({
    '': { ...root, ...{ workspaces: ['**'] } },
    ...Object.fromEntries(FOLDERS.map((path, at) => [path, folders[at] ?? {}])),
    ...packages,
    ...Object.fromEntries(Object.entries(links).map(([key, resolved]) => [key, { resolved, link: true }])),
  }));

/** Where Node.js finds a name: the nearest node_modules on the way up from a folder. */
function findFrom(packages: Readonly<Record<string, Item>>, from: string, name: string): string | undefined {
  for (let at: string | undefined = from; at !== undefined;) {
    const candidate = `${at === '' ? '' : `${at}/`}node_modules/${name}`;
    const found = packages[candidate];
    if (found !== undefined) return found.link === true ? found.resolved : candidate;
    const slash: number = at.lastIndexOf('/');
    at = at === '' ? undefined : at.slice(0, Math.max(0, slash));
  }
  return undefined;
}

/** What a reader says that has all the time in the world: each package by its place, and the places of what it brings in. */
function readNaively(packages: Readonly<Record<string, Item>>): string[] {
  const lines: string[] = [];
  for (const [place, item] of Object.entries(packages)) {
    if (place === '' || item.link === true) continue;
    const asked = GROUPS.flatMap((group) => Object.keys(item[group] ?? {}));
    const found = asked.flatMap((name) => findFrom(packages, place, name) ?? []);
    const isFolder = !/(?:^|\/)node_modules\//.test(place);
    const ownName = isFolder ? place.split('/').at(-1) : place.slice(place.lastIndexOf('node_modules/') + 13);
    lines.push(`${place}: ${item.name ?? ownName ?? ''}@${item.version ?? ''} -> ${[...new Set(found)].join(' ')}`);
  }
  const root = packages[''] ?? {};
  for (const group of GROUPS) {
    for (const name of Object.keys(root[group] ?? {})) lines.push(`. ${name} -> ${findFrom(packages, '', name) ?? ''}`);
  }
  return lines.sort();
}

function readQuickly(text: string): string[] {
  const { value, problems } = parsePackageLock(text);
  expect(problems).toEqual([]);
  const placeOf = (index: number): string => {
    const entry = value.entries[index];
    return entry === undefined ? '' : text.slice(entry.start, entry.end);
  };
  const lines = value.entries.map(({ name, version, edges }, index) => {
    return `${placeOf(index)}: ${name}@${version} -> ${edges.map(placeOf).join(' ')}`;
  });
  const root = value.importers.find(({ path }) => path === '.');
  for (const { name, entry } of root?.dependencies ?? []) lines.push(`. ${name} -> ${placeOf(entry)}`);
  return lines.sort();
}

test('a package-lock is read as a reader without haste reads it', () => {
  fc.assert(
    fc.property(lockfiles, fc.constantFrom(0, 2, '\t'), (packages, indent) => {
      const text = JSON.stringify({ lockfileVersion: 3, packages }, null, indent);
      expect(readQuickly(text)).toEqual(readNaively(packages));
    }),
    { numRuns: 500 },
  );
});

test('the place of every package is that of its key', () => {
  fc.assert(
    fc.property(lockfiles, (packages) => {
      const text = JSON.stringify({ lockfileVersion: 3, packages });
      for (const { start, end } of parsePackageLock(text).value.entries) {
        const around = text.slice(start - 1, end + 3);
        expect(around).toBe(`"${text.slice(start, end)}":{`);
      }
    }),
  );
});

const pnpmVersions = fc.constantFrom('1.0.0', '2.0.0-rc.1', '1.0.0(b@1.0.0)', '3.0.0(@s/a@1.0.0(b@1.0.0))(c@2.0.0)');
const pnpmReferences = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(pnpmVersions, fc.constant('link:y')), {
  maxKeys: 3,
  noNullPrototype: true,
});
const pnpmSnapshots = fc
  .uniqueArray(
    fc.record({
      name: fc.constantFrom(...NAMES),
      version: pnpmVersions,
      dependencies: pnpmReferences,
      optionalDependencies: pnpmReferences,
    }),
    { selector: ({ name, version }) => `${name}@${version}`, maxLength: 8 },
  )
  .map((list) => list.toSorted((a, b) => (`${a.name}@${a.version}` < `${b.name}@${b.version}` ? -1 : 1)));

type Tree = { readonly [key: string]: Tree | string };

function pnpmTree(
  snapshots: readonly { name: string; version: string; dependencies: Tree; optionalDependencies: Tree }[],
): Tree {
  const bare = (version: string): string => version.replace(/\(.*$/, '');
  const packages = snapshots.map(
    ({ name, version }) => [`${name}@${bare(version)}`, { resolution: { integrity: `sha512-${name}` } }] as const,
  );
  const direct = snapshots
    .slice(0, 3)
    .map(({ name, version }) => [name, { specifier: `^${bare(version)}`, version }] as const);
  return {
    lockfileVersion: '9.0',
    importers: { '.': { dependencies: Object.fromEntries(direct) }, y: {} },
    packages: Object.fromEntries(packages),
    snapshots: Object.fromEntries(
      snapshots.map(({ name, version, dependencies, optionalDependencies }) => [
        `${name}@${version}`,
        {
          ...(Object.keys(dependencies).length > 0 ? { dependencies } : {}),
          ...(Object.keys(optionalDependencies).length > 0 ? { optionalDependencies } : {}),
        },
      ]),
    ),
  };
}

/** The same in the form of an older version. */
function oldPnpmTree(snapshots: Parameters<typeof pnpmTree>[0], major: 5 | 6): Tree {
  const older = (version: string): string =>
    major === 6 ? version : version.replace(/\((.*)\)$/, (_, peers: string) => `_${peers.replaceAll(/[/()]+/g, '+')}`);
  const olderGroup = (group: Tree): Tree =>
    Object.fromEntries(
      Object.entries(group).map(([name, version]) => [name, typeof version === 'string' ? older(version) : version]),
    );
  const separator = major === 5 ? '/' : '@';
  const direct = snapshots.slice(0, 3);
  return {
    lockfileVersion: `${String(major)}.0`,
    ...(major === 5 ? { specifiers: Object.fromEntries(direct.map(({ name }) => [name, '^1.0.0'])) } : {}),
    dependencies: Object.fromEntries(
      direct.map(({ name, version }) => [name, major === 5 ? older(version) : { specifier: '^1.0.0', version }]),
    ),
    packages: Object.fromEntries(
      snapshots.map(({ name, version, dependencies, optionalDependencies }) => [
        `/${name}${separator}${older(version)}`,
        {
          resolution: { integrity: `sha512-${name}` },
          ...(Object.keys(dependencies).length > 0 ? { dependencies: olderGroup(dependencies) } : {}),
          ...(Object.keys(optionalDependencies).length > 0
            ? { optionalDependencies: olderGroup(optionalDependencies) }
            : {}),
        },
      ]),
    ),
  };
}

/** As pnpm writes it, or with other indentation. */
function yamlOf(tree: Tree, step: string, indent = ''): string {
  const quoted = (text: string): string => (/^[@'"{}]|: |^[\d.]+$/.test(text) ? `'${text}'` : text);
  return Object.entries(tree)
    .map(([key, value]) => {
      if (typeof value === 'string') return `${indent}${quoted(key)}: ${quoted(value)}\n`;
      if (Object.keys(value).length === 0) return `${indent}${quoted(key)}: {}\n`;
      if (key === 'resolution') return `${indent}resolution: {${yamlOf(value, '').trim()}}\n`;
      return `${indent}${key === '.' ? key : quoted(key)}:\n${yamlOf(value, step, indent + step)}`;
    })
    .join('');
}

test('a pnpm lockfile is read the same in whatever form of YAML it is written', () => {
  const read = (text: string): string[] => describeLockfile(text, parsePnpmLock(text)).split('\n');
  fc.assert(
    fc.property(pnpmSnapshots, (snapshots) => {
      const tree = pnpmTree(snapshots);
      const text = yamlOf(tree, '  ');
      const expected = read(text);
      expect(expected.filter((line) => /^\d+:\d+ /.test(line))).toEqual([]);
      for (const { name, version } of snapshots) {
        const key = `${name}@${version}`;
        expect(expected.some((line) => line.startsWith(`${key} `) || line.startsWith(`${key}: `))).toBe(true);
      }
      expect(read(text.replaceAll('\n', '\r\n'))).toEqual(expected);
      expect(read(yamlOf(tree, '   '))).toEqual(expected);
      expect(read(JSON.stringify(tree))).toEqual(expected);
    }),
    { numRuns: 300 },
  );
});

test.each([5, 6] as const)(
  'a pnpm lockfile of version %i is read the same in whatever form of YAML it is written',
  (major) => {
    const read = (text: string): string[] => describeLockfile(text, parsePnpmLock(text)).split('\n');
    fc.assert(
      fc.property(pnpmSnapshots, (snapshots) => {
        const tree = oldPnpmTree(snapshots, major);
        const text = yamlOf(tree, '  ');
        const expected = read(text);
        expect(expected.filter((line) => /^\d+:\d+ /.test(line))).toEqual([]);
        for (const { name, version } of snapshots) {
          const described = `: ${name}@${version.replace(/\(.*$/, '')} `;
          expect(expected.some((line) => line.includes(described))).toBe(true);
        }
        expect(read(text.replaceAll('\n', '\r\n'))).toEqual(expected);
        expect(read(yamlOf(tree, '   '))).toEqual(expected);
        expect(read(JSON.stringify(tree))).toEqual(expected);
      }),
      { numRuns: 200 },
    );
  },
);
