import fc from 'fast-check';
import { expect, test } from 'vitest';

import { EMPTY_LOCKFILE, type LockEntry, type Lockfile } from '../../server/src/core/lockfile.ts';
import { NO_NEEDS, type RegistryPackage } from '../../server/src/core/registry-package.ts';
import { npmTransitive } from '../../server/src/ecosystems/npm/transitive-dialect.ts';
import { npmVersions } from '../../server/src/ecosystems/npm/version.ts';
import {
  possibleTree,
  rememberFresh,
  type NamedVersion,
  type TreeSource,
} from '../../server/src/planner/possible-tree.ts';
import { publishedVersion } from '../support/published-version.ts';

type Published = Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, string>>>>>>;

function registryOf(published: Published, latest: (versions: readonly string[]) => string | undefined) {
  return (name: string): RegistryPackage | undefined => {
    const versions = Object.hasOwn(published, name) ? published[name] : undefined;
    if (versions === undefined) return undefined;
    const sorted = Object.keys(versions).sort((a, b) => npmVersions.compare(a, b));
    const tag = latest(sorted);
    return {
      name,
      tags: tag === undefined ? {} : { latest: tag },
      repository: undefined,
      hasTimes: false,
      versions: sorted.map((version) =>
        publishedVersion({ version, needs: { ...NO_NEEDS, dependencies: versions[version] ?? {} } }),
      ),
    };
  };
}

function lockfileOf(installed: readonly NamedVersion[]): Lockfile {
  const entries = installed.map(({ name, version }): LockEntry => ({
    name,
    version,
    source: 'registry',
    registry: undefined,
    integrity: undefined,
    deprecated: undefined,
    hasInstallScript: false,
    scopes: 1,
    start: 0,
    end: 0,
    edges: [],
  }));
  return { ...EMPTY_LOCKFILE, entries };
}

function sourceOf(
  published: Published,
  installed: readonly NamedVersion[],
  latest = (versions: readonly string[]) => versions.at(-1),
): TreeSource {
  const lockfile = lockfileOf(installed);
  return {
    lockfile,
    entriesOf: (name) => lockfile.entries.flatMap((entry, index) => (entry.name === name ? [index] : [])),
    registryPackage: registryOf(published, latest),
    request: (name, specifier) => npmTransitive.request(name, specifier),
    versions: npmVersions,
    fresh: rememberFresh(npmVersions),
    isWithheld: () => false,
    isOverridden: () => false,
  };
}

function named({ name, version }: NamedVersion): string {
  return `${name}@${version}`;
}

/** In words: what is added, what may be reused, what is missing, or why nothing can be said. */
function told(root: string, source: TreeSource): string {
  const [name = '', version = ''] = root.split('@');
  const { added, reused, missing, trouble } = possibleTree([{ name, version }], source);
  const again = [...reused].flatMap((entry) => source.lockfile.entries[entry] ?? []);
  if (trouble !== undefined) return trouble;
  return [added.map(named), again.map(named), missing].map((list) => list.join(' ')).join(' | ');
}

const A_NEEDS = (specifier: string): Published => ({
  a: { '1.0.0': { b: specifier } },
  b: { '1.0.0': {}, '1.1.0': {} },
});

test('what only a private package asks for is not looked up', () => {
  const isWithheld = (name: string): boolean => name === 'a';
  const asked = { ...sourceOf(A_NEEDS('^1.0.0'), []), isWithheld };
  expect(told('a@1.0.0', asked)).toBe('a is private, and asks for b, which is not installed');
  const installed = { ...sourceOf(A_NEEDS('^1.0.0'), [{ name: 'b', version: '1.0.0' }]), isWithheld };
  expect(told('a@1.0.0', installed)).toBe('a@1.0.0 b@1.1.0 | b@1.0.0 | ');
});

test.each([
  ['the newest version is fetched', A_NEEDS('^1.0.0'), [], 'a@1.0.0 b@1.1.0 |  | '],
  ['what is installed may be kept', A_NEEDS('^1.0.0'), ['b@1.0.0'], 'a@1.0.0 b@1.1.0 | b@1.0.0 | '],
  ['what is installed outside the range is not kept', A_NEEDS('1.1.0'), ['b@1.0.0'], 'a@1.0.0 b@1.1.0 |  | '],
  ['a tag leads to its version', A_NEEDS('latest'), [], 'a@1.0.0 b@1.1.0 |  | '],
  [
    'an alias is looked up by its real name',
    { ...A_NEEDS(''), a: { '1.0.0': { z: 'npm:b@1.0.0' } } },
    [],
    'a@1.0.0 b@1.0.0 |  | ',
  ],
  ['an unknown package is missing', { a: { '1.0.0': { c: '*' } } }, [], 'a@1.0.0 |  | c'],
  ['a path is no answer of a registry', A_NEEDS('file:../b'), [], 'a asks for b from outside the registry'],
  ['a version must be published', { a: {} }, [], 'a 1.0.0 is not published'],
  ['a circle ends', { a: { '1.0.0': { b: '*' } }, b: { '1.0.0': { a: '*' } } }, [], 'a@1.0.0 b@1.0.0 |  | '],
] as const)('%s', (_rule, published, installed, expected) => {
  const versions = installed.map((text) => ({ name: text.split('@')[0] ?? '', version: text.split('@')[1] ?? '' }));
  expect(told('a@1.0.0', sourceOf(published, versions))).toBe(expected);
});

const NAMES = ['a', 'b', 'c', 'd', 'e'] as const;
const VERSIONS = ['1.0.0', '1.0.1', '1.1.0', '2.0.0'] as const;
const name = fc.constantFrom(...NAMES);
const version = fc.constantFrom(...VERSIONS);
const range = fc.constantFrom('^1.0.0', '~1.0.0', '1.0.1', '>=1.1.0', '*', '<2', '^2.0.0', 'latest');
const dependencies = fc.dictionary(name, range, { maxKeys: 3, noNullPrototype: true });
const publishedTrees: fc.Arbitrary<Published> = fc.record(
  Object.fromEntries(
    NAMES.map((item) => [item, fc.record(Object.fromEntries(VERSIONS.map((it) => [it, dependencies])))]),
  ),
);

/** One of the ways in which a package manager resolves a tree, by what it takes first where it has the choice. */
function resolveOnce(
  roots: readonly NamedVersion[],
  source: TreeSource,
  choose: (candidates: readonly string[]) => number,
): string[] {
  const installed = source.lockfile.entries;
  const queue = [...roots];
  const done = new Set<string>();
  for (const item of queue) {
    const key = named(item);
    const isInstalled = installed.some((entry) => named(entry) === key);
    if (done.has(key)) continue;
    done.add(key);
    // Its own dependencies stay as the lockfile has them.
    if (isInstalled) continue;
    const found = source.registryPackage(item.name)?.versions.find((it) => it.version === item.version);
    for (const [asked, specifier] of Object.entries(found?.needs.dependencies ?? {})) {
      const registry = source.registryPackage(asked);
      const fits = (candidate: string): boolean =>
        specifier === 'latest' ? candidate === registry?.tags['latest'] : npmVersions.satisfies(candidate, specifier);
      const published = (registry?.versions ?? []).map((it) => it.version).filter(fits);
      const kept = [...installed, ...queue]
        .filter((it) => it.name === asked && fits(it.version))
        .map((it) => it.version);
      const tagged = published.filter((it) => it === registry?.tags['latest']);
      const candidates = [...kept, ...tagged, ...published.slice(-1)];
      const chosen = candidates[choose(candidates) % Math.max(candidates.length, 1)];
      if (chosen !== undefined) queue.push({ name: asked, version: chosen });
    }
  }
  return [...done];
}

test('whatever a package manager takes where it has the choice, the tree holds it', () => {
  const installedPackages = fc.uniqueArray(fc.record({ name, version }), { maxLength: 5, selector: named });
  fc.assert(
    fc.property(
      publishedTrees,
      installedPackages,
      fc.record({ name, version }),
      fc.nat(3),
      fc.array(fc.nat(20), { minLength: 1, maxLength: 12 }),
      (published, installed, root, tagged, choices) => {
        const source = sourceOf(published, installed, (versions) => versions[tagged]);
        const { added, reused, trouble } = possibleTree([root], source);
        expect(trouble).toBeUndefined();
        const possible = new Set(
          [...added, ...[...reused].flatMap((entry) => source.lockfile.entries[entry] ?? [])].map(named),
        );
        let turn = 0;
        const resolved = resolveOnce([root], source, () => choices[turn++ % choices.length] ?? 0);
        expect(resolved.filter((item) => !possible.has(item))).toEqual([]);
      },
    ),
    { numRuns: 2000 },
  );
});
