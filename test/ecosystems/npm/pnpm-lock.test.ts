import { describe, expect, test } from 'vitest';
import { HASH, PROJECT, read, graph, shownImporters } from '../../support/pnpm-lockfile.ts';
import { isDevelopmentOnly, scopesOf } from '../../../server/src/core/package.ts';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';

const TOOLS = `lockfileVersion: '9.0'

importers:

  .:
    configDependencies: {}
    packageManagerDependencies:
      pnpm:
        specifier: 11.0.0
        version: 11.0.0

packages:

  '@pnpm/exe@11.0.0':
    resolution: {integrity: ${HASH}}

  pnpm@11.0.0:
    resolution: {integrity: ${HASH}}

snapshots:

  '@pnpm/exe@11.0.0':
    optional: true

  pnpm@11.0.0:
    optionalDependencies:
      '@pnpm/exe': 11.0.0
`;

/** A lockfile of one package, with what `packages` says of it. */
function single(key: string, fields: string): string {
  return `lockfileVersion: '9.0'\n\nimporters:\n\n  .: {}\n\npackages:\n\n  ${key}:\n${fields}\n\nsnapshots:\n\n  ${key}: {}\n`;
}

describe('the form that pnpm writes', () => {
  test('each snapshot is an entry, with the span of its key', () => {
    const { entries, format } = read(PROJECT);
    expect(format).toBe('pnpm v9');
    expect(entries.map(({ start, end }) => PROJECT.slice(start, end))).toEqual([
      '@real/strings@2.0.0',
      'native-linux@1.0.0',
      'native@1.0.0',
      'plugin@1.0.0(@real/strings@2.0.0)(react@18.3.1)',
      'react@18.3.1',
      'packages/one',
    ]);
    expect(entries[0]?.start).toBeGreaterThan(PROJECT.indexOf('snapshots:'));
    expect(entries[4]?.start).toBeGreaterThan(PROJECT.indexOf('snapshots:'));
    expect(entries[5]?.start).toBe(PROJECT.indexOf('  packages/one:') + 2);
    expect(entries[3]).toMatchObject({
      name: 'plugin',
      version: '1.0.0',
      source: 'registry',
      registry: undefined,
      integrity: HASH,
      deprecated: "use 'other' instead",
      hasInstallScript: false,
    });
    expect(entries[1]).toMatchObject({ registry: 'https://registry.example', integrity: HASH });
    expect(entries[2]?.hasInstallScript).toBe(true);
  });

  test('edges lead to the snapshot that the peers chose, to aliases and to members', () => {
    expect(graph(read(PROJECT))).toEqual([
      '@real/strings@2.0.0',
      'native-linux@1.0.0',
      'native@1.0.0 > native-linux',
      'plugin@1.0.0 > @app/one > native > react > @real/strings',
      'react@18.3.1',
      '@app/one@ > react',
    ]);
  });

  test('importers have their dependencies by group, with what the range was', () => {
    expect(shownImporters(read(PROJECT))).toEqual([
      [
        '.',
        'prod react catalog: = react@18.3.1',
        'prod string-alias npm:@real/strings@^2.0.0 = @real/strings@2.0.0',
        'dev @app/one workspace:* = @app/one@',
        'dev plugin ^1.0.0 = plugin@1.0.0',
        'optional native ^1.0.0 = native@1.0.0',
      ],
      ['packages/empty'],
      ['packages/one', 'prod react catalog: = react@18.3.1'],
    ]);
  });

  test('scopes are those of the ways from the importers, and an optional edge makes them optional', () => {
    const { entries } = read(PROJECT);
    expect(entries.map(({ name, scopes }) => `${name}: ${scopesOf(scopes).join()}`)).toEqual([
      '@real/strings: prod,dev',
      'native-linux: dev,optional',
      'native: dev,optional',
      'plugin: dev',
      'react: prod,dev',
      '@app/one: dev',
    ]);
  });

  test('what production may use is not development only, though a development tool needs it too', () => {
    const { entries } = read(PROJECT);
    const development = entries.filter(({ scopes }) => isDevelopmentOnly(scopes)).map(({ name }) => name);
    expect(development).toEqual(['plugin', '@app/one']);
  });

  test('catalogs are read', () => {
    expect(read(PROJECT).catalogs).toEqual([
      { catalog: 'default', name: 'react', specifier: '^18.0.0', version: '18.3.1' },
    ]);
  });

  test('circles end', () => {
    const text = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: '1'
        version: 1.0.0
packages:
  a@1.0.0:
    resolution: {integrity: ${HASH}}
  b@1.0.0:
    resolution: {integrity: ${HASH}}
snapshots:
  a@1.0.0:
    dependencies:
      b: 1.0.0
  b@1.0.0:
    dependencies:
      a: 1.0.0
      b: 1.0.0
`;
    expect(graph(read(text))).toEqual(['a@1.0.0 > b', 'b@1.0.0 > a > b']);
  });

  test.each([
    ['a@1.0.0(patch_hash=0123abcd)', '', '1.0.0', 'registry'],
    ['a@file:../a-1.0.0.tgz', '\n    version: 1.0.0', '1.0.0', 'file'],
    ['a@https://host.example/a.tgz', '\n    version: 1.2.0', '1.2.0', 'tarball'],
    ['a@https://codeload.github.com/o/a/tar.gz/0123abcd', '\n    version: 1.3.0', '1.3.0', 'git'],
    ['a@git+https://host.example/o/a.git#0123abcd', '\n    version: 1.4.0', '1.4.0', 'git'],
    ['a@runtime:24.0.0', '', '24.0.0', 'tarball'],
  ])('%s is told apart', (key, extra, version, source) => {
    const bare = key.replace(/\(.*/, '');
    const text = single(bare, `    resolution: {integrity: ${HASH}}${extra}`).replace(`  ${bare}: {}`, `  ${key}: {}`);
    expect(read(text).entries).toMatchObject([{ name: 'a', version, source }]);
  });

  test.each([
    ['{type: directory, directory: ../a}', 'a@file:../a', 'file', undefined],
    ['{type: git, repo: https://host.example/o/a, commit: 0123abcd}', 'a@https://host.example/o/a', 'git', undefined],
    ['{integrity: sha1-abc=}', 'a@1.0.0', 'registry', 'sha1-abc='],
    ["{integrity: 'sha1-abc='}", 'a@1.0.0', 'registry', 'sha1-abc='],
  ])('resolution %s is read', (resolution, key, source, integrity) => {
    const text = single(key, `    resolution: ${resolution}\n    version: 1.0.0`);
    expect(read(text).entries).toMatchObject([{ name: 'a', source, integrity, version: '1.0.0' }]);
  });

  test('a key of more than 1,024 characters is written with a question mark', () => {
    const key = `a@1.0.0(${'p'.repeat(1100)}@1.0.0)`;
    const text = single('a@1.0.0', `    resolution: {integrity: ${HASH}}`).replace(
      '  a@1.0.0: {}\n',
      `  ? ${key}\n  : dependencies:\n      a: ${key.slice(2)}\n`,
    );
    const { entries } = read(text);
    expect(entries).toMatchObject([{ name: 'a', version: '1.0.0', edges: [0] }]);
    expect(text.slice(entries[0]?.start, entries[0]?.end)).toBe(key);
  });

  test('a message over several lines becomes one', () => {
    const text = single(
      'a@1.0.0',
      `    resolution: {integrity: ${HASH}}\n    deprecated: |-\n      no longer\n      supported`,
    );
    expect(read(text).entries[0]?.deprecated).toBe('|- no longer supported'.replace('|- ', ''));
  });
});

describe('two documents', () => {
  const shape = (text: string): unknown => {
    const value = read(text);
    return {
      tools: value.tools
        .map((index) => `${value.entries[index]?.name ?? ''} ${scopesOf(value.entries[index]?.scopes ?? 0).join()}`)
        .sort(),
      importers: shownImporters(value),
      packages: graph(value).sort(),
    };
  };

  test('the one of the package manager itself gives tools, and no importer', () => {
    const value = read(`---\n${TOOLS}\n---\n${PROJECT}`);
    expect(value.tools.map((index) => value.entries[index]?.name)).toEqual(['@pnpm/exe', 'pnpm']);
    expect(value.tools.map((index) => scopesOf(value.entries[index]?.scopes ?? 0))).toEqual([['tool'], ['tool']]);
    expect(graph(value)).toContain('pnpm@11.0.0 > @pnpm/exe');
    expect(shownImporters(value)).toEqual(shownImporters(read(PROJECT)));
    expect(value.format).toBe('pnpm v9');
  });

  test('the spans are those of the whole text', () => {
    const text = `---\n${TOOLS}\n---\n${PROJECT}`;
    const react = read(text).entries.find(({ name }) => name === 'react');
    expect(text.slice(react?.start, react?.end)).toBe('react@18.3.1');
    expect(react?.start).toBeGreaterThan(TOOLS.length);
  });

  test('their order does not matter', () => {
    expect(shape(`${PROJECT}---\n${TOOLS}`)).toEqual(shape(`---\n${TOOLS}---\n${PROJECT}`));
  });

  test('tools alone are tools', () => {
    const value = read(TOOLS);
    expect(value.importers).toEqual([]);
    expect(value.tools).toHaveLength(2);
  });

  test('of two projects the last one is read, and the other is a problem', () => {
    const { value, problems } = parsePnpmLock(
      `${PROJECT}---\n${single('a@1.0.0', `    resolution: {integrity: ${HASH}}`)}`,
    );
    expect(graph(value)).toEqual(['a@1.0.0']);
    expect(problems.map(({ message }) => message)).toEqual(['Only the last document of a project is read']);
  });
});
