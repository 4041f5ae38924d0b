import { expect, test } from 'vitest';

import { isDevelopmentOnly, purlOf, SCOPE_BIT, scopesOf } from '../../server/src/core/package.ts';

test('a set of scopes is told in one order', () => {
  expect(scopesOf(SCOPE_BIT.peer | SCOPE_BIT.prod)).toEqual(['prod', 'peer']);
  expect(scopesOf(0)).toEqual([]);
});

test.each([
  ['dev', SCOPE_BIT.dev, true],
  ['dev and optional', SCOPE_BIT.dev | SCOPE_BIT.optional, true],
  ['dev and prod', SCOPE_BIT.dev | SCOPE_BIT.prod, false],
  ['dev and peer', SCOPE_BIT.dev | SCOPE_BIT.peer, false],
  ['tool', SCOPE_BIT.tool, false],
  ['optional', SCOPE_BIT.optional, false],
])('a package of the scopes %s is for development only: %s', (_, scopes, expected) => {
  expect(isDevelopmentOnly(scopes)).toBe(expected);
});

test('a package URL encodes the scope and the version, and keeps the slash between scope and name', () => {
  expect(purlOf('npm', '@scope/name', '1.0.0+build')).toBe('pkg:npm/%40scope/name@1.0.0%2Bbuild');
});
