import { describe, expect, test } from 'vitest';
import { HASH, PROJECT, read, graph, shownImporters } from '../../support/pnpm-lockfile.ts';
import type { Lockfile } from '../../../server/src/core/lockfile.ts';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';

describe('bad input', () => {
  test.each(['4', "'3.9'"])('lockfileVersion %s is not read, and says so', (version) => {
    const { value, problems } = parsePnpmLock(
      `lockfileVersion: ${version}\n\npackages:\n\n  /a/1.0.0:\n    dev: true\n`,
    );
    expect(value.entries).toEqual([]);
    expect(problems.map(({ message }) => message)).toEqual([
      `lockfileVersion ${version.replaceAll("'", '')} cannot be read, because it is older than 5: an install with a newer pnpm writes one that can`,
    ]);
  });

  test('an unknown version and a missing one are problems, and the packages are read', () => {
    const later = parsePnpmLock(PROJECT.replace("'9.0'", "'12.0'"));
    expect(later.value.entries).toHaveLength(6);
    expect(later.problems.map(({ message }) => message)).toEqual([
      'lockfileVersion 12.0 is not known; the packages are read all the same',
    ]);
    const without = parsePnpmLock(PROJECT.replace("lockfileVersion: '9.0'\n", ''));
    expect(without.value.entries).toHaveLength(6);
    expect(without.problems.map(({ message }) => message)).toEqual([
      'lockfileVersion is missing; the packages are read all the same',
    ]);
  });

  test('a package without its part of "packages" is a problem, and is read', () => {
    const text = PROJECT.replace(/ {2}react@18\.3\.1:\n {4}resolution: .*\n/, '');
    const { value, problems } = parsePnpmLock(text);
    expect(graph(value)).toEqual(graph(read(PROJECT)));
    expect(problems.map(({ span, message }) => [text.slice(span.start, span.end), message])).toEqual([
      ['react@18.3.1', 'The package is missing from "packages"'],
    ]);
  });

  test('a package without a snapshot is read', () => {
    const text = PROJECT.replace('  react@18.3.1: {}\n', '');
    expect(parsePnpmLock(text).value.entries.map(({ name }) => name)).toContain('react');
  });

  test('of a key that stands twice the last one counts', () => {
    const text = PROJECT.replace(
      '  react@18.3.1: {}\n',
      '  react@18.3.1: {}\n\n  react@18.3.1:\n    dependencies:\n      native: 1.0.0\n',
    );
    const { value, problems } = parsePnpmLock(text);
    expect(graph(value)).toContain('react@18.3.1 > native');
    expect(value.entries).toHaveLength(6);
    expect(problems.map(({ message }) => message)).toEqual(['The package is listed twice; the last one counts']);
  });

  test('a dependency without a version has no entry', () => {
    const { value, problems } = parsePnpmLock(PROJECT.replace('        version: 18.3.1\n', ''));
    expect(value.importers[0]?.dependencies[0]).toMatchObject({ name: 'react', entry: -1 });
    expect(problems.map(({ message }) => message)).toEqual(['react has no version']);
  });

  test('both sides of a merge conflict are read', () => {
    const text = PROJECT.replace(
      '  react@18.3.1: {}\n',
      `<<<<<<< ours
  react@18.3.1: {}
=======
  react@18.3.1:
    dependencies:
      native: 1.0.0

  vue@3.0.0: {}
>>>>>>> theirs
`,
    );
    const { value, problems } = parsePnpmLock(text);
    expect(value.entries.map(({ name }) => name)).toContain('vue');
    expect(value.entries.map(({ name }) => name)).toContain('react');
    expect(problems[0]?.message).toBe('A merge conflict is not resolved; both sides are read');
    expect(text.slice(problems[0]?.span.start, problems[0]?.span.end)).toBe('<<<<<<< ours');
  });

  test('half a line does not hide the others', () => {
    const text = PROJECT.replace('  native@1.0.0:\n    resolution', '  native@1.0.0:\n\n  half@1\n\n    resolution');
    const { value, problems } = parsePnpmLock(text);
    expect(value.entries.map(({ name }) => name)).toEqual(expect.arrayContaining(['react', 'plugin', 'native']));
    expect(problems.length).toBeGreaterThan(0);
  });

  test('names of the prototype are names', () => {
    const text = PROJECT.replaceAll('native', '__proto__').replaceAll('plugin', 'constructor');
    expect(graph(read(text))).toContain('constructor@1.0.0 > @app/one > __proto__ > react > @real/strings');
  });

  test.each([
    '',
    ' ',
    '\n\n',
    '---\n',
    '---\n---\n',
    '\uFEFF',
    '{}',
    '[',
    '\t',
    'a',
    ': : :',
    '? ',
    '!!x y',
    'packages:',
    '- a',
  ])('%j gives no package', (text) => {
    expect(parsePnpmLock(text).value.entries).toEqual([]);
    expect(parsePnpmLock(text).problems.length).toBeGreaterThan(0);
  });
});

describe('other forms', () => {
  const expected = {
    graph: graph(read(PROJECT)),
    importers: shownImporters(read(PROJECT)),
    catalogs: read(PROJECT).catalogs,
  };
  const shape = (value: Lockfile): unknown => ({
    graph: graph(value),
    importers: shownImporters(value),
    catalogs: value.catalogs,
  });

  test.each([
    ['CRLF line ends', PROJECT.replaceAll('\n', '\r\n')],
    ['a byte order mark', `\uFEFF${PROJECT}`],
    ['comments', PROJECT.replaceAll(/^( *)(\w+:)$/gm, '$1# here\n$1$2 # there')],
    ['double quotes', PROJECT.replaceAll("'", '"').replace('use "other" instead', "use 'other' instead")],
    ['no blank lines', PROJECT.replaceAll(/\n\n/g, '\n')],
    ['four columns of indentation', PROJECT.replaceAll(/^( +)/gm, '$1$1')],
    [
      'three columns somewhere',
      PROJECT.replaceAll('      react: 18.3.1', '         react: 18.3.1').replaceAll(
        /^ {6}(?=('@app\/one': link|native: 1|strings:))/gm,
        '         ',
      ),
    ],
    [
      'resolutions over several lines',
      PROJECT.replaceAll(/resolution: \{(.*)\}/g, 'resolution:\n      {\n        $1,\n      }'),
    ],
    ['resolutions as blocks', PROJECT.replaceAll(/resolution: \{(integrity: [^,\n]*?)\}/g, 'resolution:\n      $1')],
    [
      'snapshots in braces',
      PROJECT.replace('  react@18.3.1: {}\n', '  react@18.3.1: {  }\n').replace(
        / {2}native-linux@1\.0\.0:\n {4}optional: true\n/,
        '  native-linux@1.0.0: {optional: true}\n',
      ),
    ],
    ['sections in another order', PROJECT.replace(/(packages:\n[^]*)(snapshots:\n[^]*)/, '$2\n$1')],
  ])('%s: the same is read', (_, text) => {
    expect(text).not.toBe(PROJECT);
    const { value, problems } = parsePnpmLock(text);
    expect(shape(value)).toEqual(expected);
    expect(problems).toEqual([]);
    for (const entry of value.entries) {
      if (entry.source === 'registry')
        expect(text.slice(entry.start, entry.end)).toContain(`${entry.name}@${entry.version}`);
      if (entry.source === 'registry') expect(entry.integrity).toBe(HASH);
    }
  });
});
