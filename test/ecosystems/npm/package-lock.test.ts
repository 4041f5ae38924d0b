import { describe, expect, test } from 'vitest';
import type { Lockfile } from '../../../server/src/core/lockfile.ts';
import { isDevelopmentOnly, scopesOf } from '../../../server/src/core/package.ts';
import { parsePackageLock } from '../../../server/src/ecosystems/npm/package-lock/package-lock.ts';

const REGISTRY = 'https://registry.example';

/** A version 3 lockfile of these packages. */
function lock(packages: Record<string, unknown>): string {
  return JSON.stringify({ name: 'app', lockfileVersion: 3, requires: true, packages }, null, 2);
}

function read(text: string): Lockfile {
  const { value, problems } = parsePackageLock(text);
  expect(problems).toEqual([]);
  return value;
}

function messages(text: string): string[] {
  return parsePackageLock(text).problems.map(({ message }) => message);
}

/** `name@version -> what it brings in`, in the order of the lockfile. */
function graph({ entries }: Lockfile): string[] {
  return entries.map(({ name, version, edges }) => {
    const targets = edges.map((edge) => `${entries[edge]?.name ?? '?'}@${entries[edge]?.version ?? '?'}`);
    return [`${name}@${version}`, ...targets].join(' > ');
  });
}

function identities({ entries }: Lockfile): string[] {
  return entries.map(({ name, version, source }) => `${source} ${name}@${version}`);
}

describe('packages of version 2 and 3', () => {
  test('each place is one entry, with the span of its key', () => {
    const text = lock({
      '': { dependencies: { a: '^1.0.0' } },
      'node_modules/a': {
        version: '1.2.0',
        resolved: `${REGISTRY}/a/-/a-1.2.0.tgz`,
        integrity: 'sha512-AAAA',
        deprecated: 'use "b"',
        hasInstallScript: true,
      },
      'node_modules/a/node_modules/@s/b': { version: '2.0.0' },
    });
    const { entries, format } = read(text);
    expect(format).toBe('package-lock v3');
    expect(entries[0]).toMatchObject({
      name: 'a',
      version: '1.2.0',
      source: 'registry',
      registry: REGISTRY,
      integrity: 'sha512-AAAA',
      deprecated: 'use "b"',
      hasInstallScript: true,
    });
    expect(entries[1]).toMatchObject({ name: '@s/b', version: '2.0.0', registry: undefined, hasInstallScript: false });
    expect(entries.map(({ start, end }) => text.slice(start, end))).toEqual([
      'node_modules/a',
      'node_modules/a/node_modules/@s/b',
    ]);
  });

  test('a dependency is the nearest one on the way up', () => {
    const text = lock({
      '': { dependencies: { a: '1' } },
      'node_modules/a': { version: '1.0.0', dependencies: { b: '1', c: '1' } },
      'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { c: '1' } },
      'node_modules/b': { version: '2.0.0' },
      'node_modules/c': { version: '3.0.0', dependencies: { a: '1', b: '2' } },
    });
    expect(graph(read(text))).toEqual([
      'a@1.0.0 > b@1.0.0 > c@3.0.0',
      'b@1.0.0 > c@3.0.0',
      'b@2.0.0',
      'c@3.0.0 > a@1.0.0 > b@2.0.0',
    ]);
  });

  test('optional and peer dependencies are edges where they are installed, once each', () => {
    const text = lock({
      '': {},
      'node_modules/a': {
        version: '1.0.0',
        dependencies: { b: '1' },
        optionalDependencies: { b: '1', absent: '1' },
        peerDependencies: { c: '1', 'absent-too': '1' },
        devDependencies: { d: '1' },
      },
      'node_modules/b': { version: '1.0.0' },
      'node_modules/c': { version: '1.0.0' },
      'node_modules/d': { version: '1.0.0' },
    });
    expect(graph(read(text))[0]).toBe('a@1.0.0 > b@1.0.0 > c@1.0.0');
  });

  test('an alias has its real name', () => {
    const text = lock({
      '': { dependencies: { old: 'npm:real@1' } },
      'node_modules/old': { name: 'real', version: '1.0.0' },
    });
    const { entries, importers } = read(text);
    expect(entries[0]).toMatchObject({ name: 'real', version: '1.0.0' });
    expect(importers[0]?.dependencies).toEqual([{ name: 'old', scope: 'prod', specifier: 'npm:real@1', entry: 0 }]);
  });

  test.each([
    [{}, ['prod'], false],
    [{ dev: true }, ['dev'], true],
    [{ optional: true }, ['optional'], false],
    [{ dev: true, optional: true }, ['dev', 'optional'], true],
    [{ devOptional: true }, ['dev', 'optional'], false],
    [{ peer: true }, ['peer'], false],
    [{ dev: true, peer: true }, ['dev', 'peer'], false],
    [{ extraneous: true }, ['prod'], false],
  ])('flags %j are the scopes %j', (flags, scopes, development) => {
    const [entry] = read(lock({ '': {}, 'node_modules/a': { version: '1.0.0', ...flags } })).entries;
    expect(scopesOf(entry?.scopes ?? 0)).toEqual(scopes);
    expect(isDevelopmentOnly(entry?.scopes ?? 0)).toBe(development);
  });

  test.each([
    [`${REGISTRY}/a/-/a-1.0.0.tgz`, 'registry', REGISTRY],
    ['https://host.example/api/npm/main/a/-/a-1.0.0.tgz', 'registry', 'https://host.example/api/npm/main'],
    ['https://host.example/a/download/a-1.0.0.tgz', 'registry', 'https://host.example'],
    ['https://host.example/download/a/1.0.0/0123abcd', 'registry', 'https://host.example'],
    ['https://host.example/packages/a/1.0.0/a-1.0.0.tgz', 'registry', 'https://host.example'],
    ['https://user:secret@host.example/a/-/a-1.0.0.tgz', 'registry', 'https://host.example'],
    ['https://host.example/files/thing.tgz', 'tarball', undefined],
    ['https://github.com/o/a/releases/download/v1.0.0/a-1.0.0.tgz', 'tarball', undefined],
    ['git+ssh://git@github.com/o/a.git#0123abcd', 'git', undefined],
    ['github:o/a#0123abcd', 'git', undefined],
    ['https://codeload.github.com/o/a/tar.gz/0123abcd', 'git', undefined],
    ['file:vendor/a-1.0.0.tgz', 'file', undefined],
    [undefined, 'registry', undefined],
  ])('resolved %s is %s of %s', (resolved, source, registry) => {
    const [entry] = read(lock({ '': {}, 'node_modules/a': { version: '1.0.0', resolved } })).entries;
    expect(entry).toMatchObject({ source, registry });
  });

  test('bundled packages belong to the registry', () => {
    const text = lock({ '': {}, 'node_modules/a': { version: '1.0.0', inBundle: true } });
    expect(identities(read(text))).toEqual(['registry a@1.0.0']);
  });

  test('of version 2 the packages are read and the old tree is not', () => {
    const text = JSON.stringify({
      lockfileVersion: 2,
      packages: { '': {}, 'node_modules/a': { version: '2.0.0' } },
      dependencies: { a: { version: '1.0.0' } },
    });
    const value = read(text);
    expect(value.format).toBe('package-lock v2');
    expect(identities(value)).toEqual(['registry a@2.0.0']);
    expect(value.topLevel).toBeUndefined();
  });
});

describe('workspaces and links', () => {
  const text = lock({
    'node_modules/@app/one': { resolved: 'packages/one', link: true },
    'packages/one': {
      name: '@app/one',
      version: '0.1.0',
      dependencies: { dep: '^1.0.0', missing: '*' },
      devDependencies: { '@app/two': '*', tool: '1' },
    },
    'packages/one/node_modules/dep': { version: '1.0.0' },
    'node_modules/@app/two': { resolved: 'packages/two', link: true },
    'packages/two': { optionalDependencies: { dep: '^2.0.0' }, peerDependencies: { '@app/one': '*' } },
    'node_modules/dep': { version: '2.0.0' },
    'node_modules/tool': { version: '1.0.0', dev: true },
    '': { workspaces: ['packages/*'], dependencies: { '@app/one': '*' } },
  });

  test('the root comes first among the importers, then each member', () => {
    const { entries, importers } = read(text);
    const shown = importers.map(({ path, dependencies }) => [
      path,
      ...dependencies.map(({ name, scope, entry }) => `${scope} ${name} ${entries[entry]?.version ?? 'missing'}`),
    ]);
    expect(shown).toEqual([
      ['.', 'prod @app/one 0.1.0'],
      ['packages/one', 'prod dep 1.0.0', 'prod missing missing', 'dev @app/two ', 'dev tool 1.0.0'],
      ['packages/two', 'optional dep 2.0.0', 'peer @app/one 0.1.0'],
    ]);
  });

  test('a member is one entry, and a link to it is none', () => {
    const value = read(text);
    expect(identities(value)).toEqual([
      'workspace @app/one@0.1.0',
      'registry dep@1.0.0',
      'workspace two@',
      'registry dep@2.0.0',
      'registry tool@1.0.0',
    ]);
    expect(graph(value)).toContain('@app/one@0.1.0 > dep@1.0.0');
    expect(graph(value)).toContain('two@ > dep@2.0.0 > @app/one@0.1.0');
  });

  test('a link out of the project is a link, and no member', () => {
    const value = read(
      lock({
        '': { dependencies: { lib: 'file:../lib', gone: 'file:../gone' } },
        '../lib': { name: 'lib', version: '3.0.0', dependencies: { dep: '1' } },
        'node_modules/lib': { resolved: '../lib', link: true },
        'node_modules/gone': { resolved: '../gone', link: true },
        'node_modules/dep': { version: '1.0.0' },
      }),
    );
    expect(identities(value)).toEqual(['link lib@3.0.0', 'registry dep@1.0.0', 'link gone@']);
    expect(value.importers.map(({ path }) => path)).toEqual(['.']);
    expect(value.importers[0]?.dependencies.map(({ entry }) => entry)).toEqual([0, 2]);
    expect(graph(value)[0]).toBe('lib@3.0.0 > dep@1.0.0');
  });

  test('a folder in a folder sees what is installed in the outer one', () => {
    const value = read(
      lock({
        '': { workspaces: ['a', 'a/b'] },
        a: {},
        'a/b': { dependencies: { dep: '1' } },
        'a/node_modules/dep': { version: '1.0.0' },
        'node_modules/dep': { version: '2.0.0' },
      }),
    );
    const inner = value.importers.find(({ path }) => path === 'a/b');
    expect(value.entries[inner?.dependencies[0]?.entry ?? -1]?.version).toBe('1.0.0');
  });
});

describe('the tree of version 1', () => {
  const text = JSON.stringify({
    lockfileVersion: 1,
    requires: true,
    dependencies: {
      a: {
        version: '1.0.0',
        resolved: `${REGISTRY}/a/-/a-1.0.0.tgz`,
        requires: { b: '^1.0.0', c: '^1.0.0' },
        dependencies: { b: { version: '1.5.0', bundled: true, requires: { c: '^1.0.0' } } },
      },
      b: { version: '2.0.0', dev: true },
      c: { version: '3.0.0', requires: { a: '^1.0.0' }, optional: true },
    },
  });

  test('nested packages and what they require are read', () => {
    const value = read(text);
    expect(value.format).toBe('package-lock v1');
    expect([...graph(value)].sort()).toEqual([
      'a@1.0.0 > b@1.5.0 > c@3.0.0',
      'b@1.5.0 > c@3.0.0',
      'b@2.0.0',
      'c@3.0.0 > a@1.0.0',
    ]);
    expect(value.entries.map(({ scopes }) => scopesOf(scopes).join())).toContain('optional');
  });

  test('it does not say what the root asks for, so the top level stands for that', () => {
    const { entries, importers, topLevel } = read(text);
    expect(importers).toEqual([{ path: '.', dependencies: [] }]);
    const versions = [...(topLevel ?? [])].map(([name, index]) => [name, entries[index]?.version]);
    expect(versions).toEqual([
      ['a', '1.0.0'],
      ['b', '2.0.0'],
      ['c', '3.0.0'],
    ]);
  });

  test.each([
    [`${REGISTRY}/@s/a/-/a-1.2.3-rc.1.tgz`, '@s/a', '1.2.3-rc.1', 'registry'],
    ['npm:@real/name@4.0.0', '@real/name', '4.0.0', 'registry'],
    ['npm:real@4.0.0', 'real', '4.0.0', 'registry'],
    ['https://host.example/archive/0.0.1.tar.gz', '@s/a', '', 'tarball'],
    ['git+https://host.example/o/a.git#0123abcd', '@s/a', '', 'git'],
    ['github:o/a#0123abcd', '@s/a', '', 'git'],
    ['file:../a', '@s/a', '', 'file'],
  ])('version %s is %s@%s from the %s', (version, name, resolved, source) => {
    const value = read(JSON.stringify({ lockfileVersion: 1, dependencies: { '@s/a': { version } } }));
    expect(identities(value)).toEqual([`${source} ${name}@${resolved}`]);
    expect([...(value.topLevel ?? [])]).toEqual([['@s/a', 0]]);
  });

  test('nesting without an end is refused below a depth, and does not exhaust the stack', () => {
    const depth = 50_000;
    const open = '{"dependencies":{"a":'.repeat(depth);
    const deep = `{"lockfileVersion":1,"dependencies":{"a":${open}{"version":"1.0.0"}${'}}'.repeat(depth)}}}`;
    const { value, problems } = parsePackageLock(deep);
    expect(value.entries.length).toBeGreaterThan(100);
    expect(value.entries.length).toBeLessThan(1000);
    expect(problems.some(({ message }) => message.includes('too deep'))).toBe(true);
  });
});

describe('bad input', () => {
  test('an entry without a version is a problem with its place, and the rest is read', () => {
    const text = lock({ '': {}, 'node_modules/a': {}, 'node_modules/b': 7, 'node_modules/c': { version: '1.0.0' } });
    const { value, problems } = parsePackageLock(text);
    expect(identities(value)).toEqual(['registry a@', 'registry c@1.0.0']);
    expect(problems.map(({ span, message }) => [text.slice(span.start, span.end), message])).toEqual([
      ['node_modules/a', 'a has no version'],
      ['node_modules/b', 'A package has to be an object'],
    ]);
  });

  test.each([
    ['{"lockfileVersion": 9, "packages": {}}', 'lockfileVersion 9 is not known; the packages are read all the same'],
    ['{"packages": {}}', 'lockfileVersion is missing; the packages are read all the same'],
    ['[]', 'The lockfile has to be an object'],
    ['', 'The lockfile has to be an object'],
    ['{"lockfileVersion": 3, "packages": []}', '"packages" has to be an object'],
  ])('%s is a problem', (text, message) => {
    expect(messages(text)).toContain(message);
  });

  test('of a key that stands twice the last one counts', () => {
    const text = `{"lockfileVersion": 3, "packages": {
      "node_modules/a": {"version": "1.0.0", "dependencies": {"b": "1"}},
      "node_modules/b": {"version": "1.0.0", "version": "1.0.1"},
      "node_modules/a": {"version": "2.0.0"}}}`;
    expect(graph(parsePackageLock(text).value)).toEqual(['a@2.0.0', 'b@1.0.1']);
    expect(messages(text)).toEqual([
      '"version" stands here twice; the last one counts',
      'The package is listed twice; the last one counts',
    ]);
  });

  test('a missing closing brace does not hide the package below', () => {
    const text = `{"lockfileVersion": 3, "packages": {
      "node_modules/a": {"version": "1.0.0",
      "node_modules/b": {"version": "2.0.0"}}}`;
    expect(identities(parsePackageLock(text).value)).toEqual(['registry a@1.0.0', 'registry b@2.0.0']);
    expect(messages(text)).toContain('A closing brace is missing before this package');
  });

  test('both sides of a merge conflict are read', () => {
    const text = `{
  "lockfileVersion": 3,
  "packages": {
    "": { "dependencies": { "a": "*" } },
    "node_modules/a": {
<<<<<<< ours
      "version": "1.0.0"
||||||| base
      "version": "0.9.0"
=======
      "version": "2.0.0",
      "dependencies": { "b": "*" }
>>>>>>> theirs
    },
    "node_modules/b": { "version": "3.0.0" }
  }
}`;
    const { value, problems } = parsePackageLock(text);
    expect(graph(value)).toEqual(['a@1.0.0', 'b@3.0.0', 'a@2.0.0 > b@3.0.0']);
    expect(value.importers[0]?.dependencies.map(({ entry }) => entry)).toEqual([0, 2]);
    expect(problems.map(({ span, message }) => [text.slice(span.start, span.end), message])).toEqual([
      ['<<<<<<< ours', 'A merge conflict is not resolved; both sides are read'],
    ]);
  });

  test('names of the prototype are names', () => {
    const text = `{"lockfileVersion": 3, "packages": {
      "": {"dependencies": {"__proto__": "1", "constructor": "1"}},
      "node_modules/__proto__": {"version": "1.0.0", "dependencies": {"constructor": "1"}},
      "node_modules/constructor": {"version": "2.0.0"}}}`;
    const value = read(text);
    expect(graph(value)).toEqual(['__proto__@1.0.0 > constructor@2.0.0', 'constructor@2.0.0']);
    expect(value.importers[0]?.dependencies.map(({ entry }) => entry)).toEqual([0, 1]);
  });

  test('a byte order mark, CRLF and escaped slashes are no trouble', () => {
    const text = `\uFEFF${lock({
      '': { dependencies: { '@s/a': '1' } },
      'node_modules/@s/a': { version: '1.0.0', resolved: `${REGISTRY}/@s/a/-/a-1.0.0.tgz` },
    })
      .replaceAll('/', '\\/')
      .replaceAll('\n', '\r\n')}`;
    const { entries, importers } = read(text);
    expect(entries[0]).toMatchObject({ name: '@s/a', version: '1.0.0', source: 'registry', registry: REGISTRY });
    expect(importers[0]?.dependencies[0]?.entry).toBe(0);
  });

  test('a package may lie in one that the lockfile does not list', () => {
    const text = lock({
      'node_modules/a/node_modules/b': { version: '1.0.0', dependencies: { c: '*' } },
      'node_modules/a/node_modules/c': { version: '2.0.0' },
      'node_modules/c': { version: '3.0.0' },
    });
    expect(graph(read(text))[0]).toBe('b@1.0.0 > c@2.0.0');
  });
});
