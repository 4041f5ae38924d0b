import { expect, test } from 'vitest';

import { RouteFinder } from '../../server/src/core/explain-path.ts';
import { EMPTY_LOCKFILE, type LockEntry, type Lockfile } from '../../server/src/core/lockfile.ts';

/** A lockfile from `a: b c` lines (what brings in what) and `member: a as alias` lines of what members name. */
function lockfileOf(edges: Readonly<Record<string, string>>, members: Readonly<Record<string, string>>): Lockfile {
  const names = Object.keys(edges);
  const entries = names.map((name): LockEntry => ({
    name,
    version: '1.0.0',
    source: 'registry',
    registry: undefined,
    integrity: undefined,
    deprecated: undefined,
    hasInstallScript: false,
    scopes: 1,
    start: 0,
    end: 0,
    edges: wordsOf(edges[name]).map((child) => names.indexOf(child)),
  }));
  const importers = Object.entries(members).map(([path, asked]) => ({
    path,
    dependencies: wordsOf(asked).map((word) => {
      const [written = '', name = written] = word.split('=');
      return { name: written, scope: 'prod' as const, specifier: undefined, entry: names.indexOf(name) };
    }),
  }));
  return { ...EMPTY_LOCKFILE, entries, importers };
}

function wordsOf(text = ''): string[] {
  return text.split(' ').filter((word) => word !== '');
}

function checkRoutes(lockfile: Lockfile, target: string, routes: readonly string[]): void {
  const finder = new RouteFinder(lockfile);
  const targets = lockfile.entries.flatMap(({ name }, index) => (name === target ? [index] : []));
  const found = finder.routesTo(targets);
  expect(
    found.map((route) => `${lockfile.importers[route.importer]?.path ?? ''}: ${finder.namesOf(route).join(' > ')}`),
  ).toEqual(routes);
}

test('a direct dependency is its own route', () => {
  checkRoutes(lockfileOf({ a: '' }, { '.': 'a' }), 'a', ['.: a']);
});

test('the shortest of several ways is told', () => {
  const lockfile = lockfileOf({ a: 'b c', b: 'd', c: 'e', e: 'd', d: '' }, { '.': 'a' });
  checkRoutes(lockfile, 'd', ['.: a > b > d']);
});

test('each direct dependency that brings a package in has a route, the shortest first', () => {
  const lockfile = lockfileOf({ far: 'middle', middle: 'x', near: 'x', x: '', other: '' }, { '.': 'far near other' });
  checkRoutes(lockfile, 'x', ['.: near > x', '.: far > middle > x']);
});

test('a cycle ends', () => {
  const lockfile = lockfileOf({ a: 'b', b: 'c a', c: 'b' }, { '.': 'a' });
  checkRoutes(lockfile, 'c', ['.: a > b > c']);
  checkRoutes(lockfile, 'a', ['.: a']);
});

test('a package that requires itself ends', () => {
  checkRoutes(lockfileOf({ a: 'a' }, { '.': 'a' }), 'a', ['.: a']);
});

test('every member that names the direct dependency has its own route', () => {
  checkRoutes(lockfileOf({ a: 'b', b: '' }, { '.': 'a', 'packages/x': 'a' }), 'b', ['.: a > b', 'packages/x: a > b']);
});

test('a route begins with the name that the manifest writes', () => {
  const lockfile = lockfileOf({ real: 'x', x: '' }, { '.': 'alias=real' });
  checkRoutes(lockfile, 'x', ['.: alias > x']);
  checkRoutes(lockfile, 'real', ['.: real']);
});

test('a package that nobody brings in has no route', () => {
  checkRoutes(lockfileOf({ a: '', orphan: 'a' }, { '.': '' }), 'a', []);
});

test('a dependency that the lockfile lacks is passed over', () => {
  checkRoutes(lockfileOf({ a: '' }, { '.': 'missing a' }), 'a', ['.: a']);
});

test('of several places of one package the nearest gives the route', () => {
  const base = lockfileOf({ a: 'x', b: 'c', c: 'x2', x: '', x2: '' }, { '.': 'b a' });
  const finder = new RouteFinder(base);
  const routes = finder.routesTo([3, 4]);
  expect(routes.map((route) => finder.namesOf(route))).toEqual([
    ['a', 'x'],
    ['b', 'c', 'x2'],
  ]);
});

test('only what a member names is direct', () => {
  const finder = new RouteFinder(lockfileOf({ a: 'b', b: '' }, { '.': 'a' }));
  expect([finder.isDirect(0), finder.isDirect(1)]).toEqual([true, false]);
});

test('questions one after the other do not disturb each other', () => {
  const lockfile = lockfileOf({ a: 'b', b: 'c', c: '' }, { '.': 'a' });
  const finder = new RouteFinder(lockfile);
  const first = finder.routesTo([2]);
  finder.routesTo([1]);
  expect(finder.routesTo([2])).toEqual(first);
});
