import { expect } from 'vitest';
import { LineIndex } from '../../server/src/core/line-index.ts';
import type { LockEntry, Lockfile } from '../../server/src/core/lockfile.ts';
import { OPTIONAL_IN_PRODUCTION, scopesOf } from '../../server/src/core/package.ts';
import type { Parsed } from '../../server/src/core/span.ts';
import { parseBunLock } from '../../server/src/ecosystems/npm/bun/bun-lock.ts';
import { parseManifest } from '../../server/src/ecosystems/npm/manifest/manifest.ts';
import { parsePackageLock } from '../../server/src/ecosystems/npm/package-lock/package-lock.ts';
import { parsePnpmLock } from '../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { parseYarnLock } from '../../server/src/ecosystems/npm/yarn/yarn-lock.ts';

/** What `package-lock.json` says, as lines in the form of {@link describeLockfile}. */
export function checkPackageLock(text: string, expected: string): void {
  expect(describeLockfile(text, parsePackageLock(text))).toBe(unindented(expected));
}

/** What `pnpm-lock.yaml` says, as lines in the form of {@link describeLockfile}. */
export function checkPnpmLock(text: string, expected: string): void {
  expect(describeLockfile(text, parsePnpmLock(text))).toBe(unindented(expected));
}

/** What `bun.lock` says, as lines in the form of {@link describeLockfile}. */
export function checkBunLock(text: string, expected: string): void {
  expect(describeLockfile(text, parseBunLock(text))).toBe(unindented(expected));
}

/** What `yarn.lock` says together with the `package.json` of each member, by its path; the same form. */
export function checkYarnLock(text: string, manifests: Readonly<Record<string, object>>, expected: string): void {
  expect(describeLockfile(text, completeYarnLock(text, manifests))).toBe(unindented(expected));
}

/** A `yarn.lock` as it is read together with the `package.json` of each member. */
export function completeYarnLock(text: string, manifests: Readonly<Record<string, object>> = {}): Parsed<Lockfile> {
  const { value, problems } = parseYarnLock(text);
  const members = Object.entries(manifests).map(([importer, json]) => ({
    importer,
    manifest: parseManifest('package.json', JSON.stringify(json)).value,
  }));
  return { value: value.completedBy?.(members) ?? value, problems };
}

/**
 * All that was read, one line each:
 *
 *     pnpm v9
 *     . a ^1 dev -> a@1.0.0
 *     catalog default a ^1 = 1.0.0
 *     a@1.0.0 prod,dev registry from https://registry.example (sha512-x, script, "deprecated") -> b@2.0.0
 *     node_modules/b: b@2.0.0 prod registry
 *     3:5 a problem
 *
 * An entry is led by its key, read from the text at the entry's span, unless that is its name and version. `!` marks a
 * package of the package manager's own; `(production)` an optional one that production uses where it can.
 */
export function describeLockfile(text: string, { value, problems }: Parsed<Lockfile>): string {
  const lines = new LineIndex(text);
  const { entries, importers, catalogs, tools, topLevel } = value;
  const label = (index: number): string => {
    const entry = entries[index];
    if (entry === undefined) return 'nothing';
    const isAlone = entries.filter((other) => labelOf(other) === labelOf(entry)).length === 1;
    return isAlone ? labelOf(entry) : keyOf(text, entry);
  };
  return [
    value.format,
    ...importers.flatMap(({ path, dependencies }) =>
      dependencies.map(({ name, specifier, scope, entry }) => {
        const asked = specifier === undefined ? '' : ` ${specifier}`;
        return `${path} ${name}${asked}${scope === 'prod' ? '' : ` ${scope}`} -> ${label(entry)}`;
      }),
    ),
    ...catalogs.map(({ catalog, name, specifier, version }) => `catalog ${catalog} ${name} ${specifier} = ${version}`),
    ...[...(topLevel ?? [])].map(([name, entry]) => `top ${name} -> ${label(entry)}`),
    ...entries.map((entry, index) => {
      const mark = tools.includes(index) ? '! ' : '';
      const edges = entry.edges.length === 0 ? '' : ` -> ${entry.edges.map(label).join(', ')}`;
      return `${mark}${describeEntry(text, entry)}${edges}`;
    }),
    ...problems.map(({ span, message }) => {
      const { line, character } = lines.positionAt(span.start);
      return `${line + 1}:${character + 1} ${message}`;
    }),
  ].join('\n');
}

function describeEntry(text: string, entry: LockEntry): string {
  const key = keyOf(text, entry);
  const extras = [
    ...(entry.integrity === undefined ? [] : [entry.integrity]),
    ...(entry.hasInstallScript ? ['script'] : []),
    ...((entry.scopes & OPTIONAL_IN_PRODUCTION) === 0 ? [] : ['production']),
    ...(entry.deprecated === undefined ? [] : [`"${entry.deprecated}"`]),
  ];
  return [
    key === labelOf(entry) ? key : `${key}: ${labelOf(entry)}`,
    scopesOf(entry.scopes).join(','),
    entry.source,
    ...(entry.registry === undefined ? [] : [`from ${entry.registry}`]),
    ...(extras.length === 0 ? [] : [`(${extras.join(', ')})`]),
  ].join(' ');
}

function labelOf({ name, version }: LockEntry): string {
  return version === '' ? name : `${name}@${version}`;
}

function keyOf(text: string, { start, end }: LockEntry): string {
  return text.slice(start, end);
}

function unindented(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join('\n');
}
