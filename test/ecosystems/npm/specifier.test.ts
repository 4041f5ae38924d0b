import { expect, test } from 'vitest';
import { parseSpecifier } from '../../../server/src/ecosystems/npm/specifier.ts';

function read(value: string, name = 'left-pad') {
  return parseSpecifier(name, value, { start: 100, end: 100 + value.length });
}

test.each([
  ['^1.2.3', '^1.2.3', 100],
  ['1.x', '1.x', 100],
  ['>=1 <2', '>=1 <2', 100],
  ['1.0.0 - 2.0.0', '1.0.0 - 2.0.0', 100],
  ['1 || 2', '1 || 2', 100],
  [' ~1.2.0 ', '~1.2.0', 101],
  ['*', '*', 100],
  ['', '', 100],
])('"%s" is a range, and its place is known', (value, range, start) => {
  expect(read(value)).toEqual({
    packageName: 'left-pad',
    specifier: { kind: 'range', range, rangeSpan: { start, end: start + range.length } },
  });
});

test('a word is a tag', () => {
  expect(read('next').specifier).toEqual({ kind: 'tag', tag: 'next', rangeSpan: { start: 100, end: 104 } });
});

test.each([
  ['npm:@scope/real@^1.2.0', '@scope/real', '^1.2.0', 116],
  ['npm:real@1.0.0', 'real', '1.0.0', 109],
  ['npm:^1.0.0', 'left-pad', '^1.0.0', 104],
])('"%s" is an alias, whose range has a place of its own', (value, packageName, range, start) => {
  expect(read(value)).toEqual({
    packageName,
    specifier: { kind: 'range', range, rangeSpan: { start, end: start + range.length } },
  });
});

test('an alias may ask for a tag, or for no version at all', () => {
  expect(read('npm:real@next')).toMatchObject({ packageName: 'real', specifier: { kind: 'tag', tag: 'next' } });
  expect(read('npm:@scope/real')).toMatchObject({
    packageName: '@scope/real',
    specifier: { kind: 'range', range: '' },
  });
});

test.each([
  ['git+ssh://git@host.example/owner/repo.git#v1', 'git+ssh://git@host.example/owner/repo.git#v1'],
  ['git+https://host.example/owner/repo.git#semver:^1', 'git+https://host.example/owner/repo.git#semver:^1'],
  ['git://host.example/repo.git', 'git://host.example/repo.git'],
  ['git@host.example:owner/repo.git', 'git@host.example:owner/repo.git'],
  ['owner/repo', 'github:owner/repo'],
  ['owner/repo.js#main', 'github:owner/repo.js#main'],
  ['github:owner/repo', 'github:owner/repo'],
  ['gitlab:owner/repo#v1', 'gitlab:owner/repo#v1'],
  ['bitbucket:owner/repo', 'bitbucket:owner/repo'],
  ['gist:11081aaa281', 'gist:11081aaa281'],
  ['https://github.com/owner/repo', 'https://github.com/owner/repo'],
  ['https://host.example/owner/repo.git', 'https://host.example/owner/repo.git'],
])('"%s" is a git repository', (value, url) => {
  expect(read(value).specifier).toEqual({ kind: 'git', url });
});

test('a token or password in an address is not kept', () => {
  expect(read('git+https://secret@host.example/o/r.git').specifier).toEqual({
    kind: 'git',
    url: 'git+https://host.example/o/r.git',
  });
  expect(read('https://user:secret@host.example/a.tgz').specifier).toEqual({
    kind: 'tarball',
    url: 'https://host.example/a.tgz',
  });
  expect(read('git+ssh://git:secret@host.example/o/r.git').specifier).toEqual({
    kind: 'git',
    url: 'git+ssh://git@host.example/o/r.git',
  });
});

test.each([
  ['https://host.example/left-pad.tgz', { kind: 'tarball', url: 'https://host.example/left-pad.tgz' }],
  [
    'https://github.com/owner/repo/archive/v1.tar.gz',
    { kind: 'tarball', url: 'https://github.com/owner/repo/archive/v1.tar.gz' },
  ],
  ['file:../left-pad', { kind: 'file', path: '../left-pad' }],
  ['../left-pad', { kind: 'file', path: '../left-pad' }],
  ['~/left-pad', { kind: 'file', path: '~/left-pad' }],
  ['/opt/left-pad', { kind: 'file', path: '/opt/left-pad' }],
  ['C:\\left-pad', { kind: 'file', path: 'C:\\left-pad' }],
  ['left-pad.tgz', { kind: 'file', path: 'left-pad.tgz' }],
  ['link:../left-pad', { kind: 'link', path: '../left-pad' }],
  ['portal:../left-pad', { kind: 'link', path: '../left-pad' }],
  ['workspace:^', { kind: 'workspace', range: '^' }],
  ['workspace:~', { kind: 'workspace', range: '~' }],
  ['workspace:*', { kind: 'workspace', range: '*' }],
  ['workspace:^1.2.0', { kind: 'workspace', range: '^1.2.0' }],
  ['workspace:../left-pad', { kind: 'workspace', range: '../left-pad' }],
  ['catalog:', { kind: 'catalog', catalog: 'default' }],
  ['catalog:react18', { kind: 'catalog', catalog: 'react18' }],
])('"%s" is not looked up in a registry', (value, specifier) => {
  expect(read(value)).toEqual({ packageName: 'left-pad', specifier });
});

test('a workspace alias names the real package', () => {
  expect(read('workspace:@scope/real@*')).toEqual({
    packageName: '@scope/real',
    specifier: { kind: 'workspace', range: '*' },
  });
});

test.each([
  ['not a version', '"not a version" is neither a version range nor a tag'],
  ['npm:not a name@1', '"not a name" is not a package name'],
  ['jsr:@scope/name@1', 'the protocol "jsr:" is not one that npm packages can be looked up by'],
  ['https://', 'it is not a web address'],
])('"%s" is invalid, with a reason', (value, reason) => {
  expect(read(value).specifier).toMatchObject({ kind: 'invalid', reason });
});

test.each(['', '__proto__', '../up', 'a b', '@scope', '@scope/a/b', '.hidden', 'a?b', 'x'.repeat(215)])(
  'the name "%s" is refused whatever it asks for',
  (name) => {
    expect(read('^1.0.0', name).specifier.kind).toBe('invalid');
  },
);

test('a long hostile value is read in no time', () => {
  const started = performance.now();
  for (const unit of [':', '@', '/', 'a.', '^1 ', 'git+', ' ']) read(unit.repeat(50_000));
  expect(performance.now() - started).toBeLessThan(1_000);
});
