import { describe, expect, test } from 'vitest';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { checkPnpmLock } from '../../support/check-lockfile.ts';

const LOCKFILE = `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0
      b:
        specifier: ^1.0.0
        version: 1.0.0
packages:
  a@1.0.0:
    resolution: {integrity: sha512-a}
  b@1.0.0:
    resolution: {integrity: sha512-b}
snapshots:
  a@1.0.0:
    dependencies:
      b: 1.0.0
  b@1.0.0: {}
`;

const READ = `pnpm v9
  . a ^1.0.0 -> a@1.0.0
  . b ^1.0.0 -> b@1.0.0
  a@1.0.0 prod registry (sha512-a) -> b@1.0.0
  b@1.0.0 prod registry (sha512-b)`;

describe('a text in another form than pnpm writes', () => {
  test('is read the same', () => {
    checkPnpmLock(LOCKFILE, READ);
    checkPnpmLock(LOCKFILE.trimEnd(), READ);
    checkPnpmLock(`\uFEFF${LOCKFILE}`, READ);
    checkPnpmLock(LOCKFILE.replaceAll('\n', '\r\n'), READ);
    checkPnpmLock(LOCKFILE.replaceAll('\n', '\n\n'), READ);
    checkPnpmLock(LOCKFILE.replaceAll('\n', '\n# a comment\n'), READ);
    checkPnpmLock(LOCKFILE.replaceAll('\n', ' \n'), READ);
    checkPnpmLock(LOCKFILE.replaceAll('  ', '    '), READ);
    checkPnpmLock(LOCKFILE.replaceAll('  ', ' '), READ);
    checkPnpmLock(LOCKFILE.replaceAll(': 1.0.0', ": '1.0.0'"), READ);
    checkPnpmLock(LOCKFILE.replaceAll(': ^1.0.0', ': "^1.0.0"'), READ);
    checkPnpmLock(LOCKFILE.replaceAll(/( +)([ab]@1\.0\.0):/g, "$1'$2':"), READ);
    checkPnpmLock(LOCKFILE.replaceAll(/( +)([ab]@1\.0\.0):/g, '$1"$2":'), READ);
    checkPnpmLock(LOCKFILE.replaceAll(/( +)([ab]@1\.0\.0):/g, '$1? $2\n$1:'), READ);
  });

  test('is read the same where specifiers come after versions', () => {
    checkPnpmLock(LOCKFILE.replaceAll(/( +specifier: .*\n)( +version: .*\n)/g, '$2$1'), READ);
  });

  test('is read the same where sections come in another order', () => {
    const [head = '', importers = '', packages = '', snapshots = ''] = LOCKFILE.split(
      /^(?=importers|packages|snapshots)/m,
    );
    checkPnpmLock(head + snapshots + packages + importers, READ);
    checkPnpmLock(packages + snapshots + importers + head, READ);
  });

  test('is read the same where it is JSON', () => {
    const json = {
      lockfileVersion: '9.0',
      importers: {
        '.': {
          dependencies: {
            a: { specifier: '^1.0.0', version: '1.0.0' },
            b: { specifier: '^1.0.0', version: '1.0.0' },
          },
        },
      },
      packages: {
        'a@1.0.0': { resolution: { integrity: 'sha512-a' } },
        'b@1.0.0': { resolution: { integrity: 'sha512-b' } },
      },
      snapshots: { 'a@1.0.0': { dependencies: { b: '1.0.0' } }, 'b@1.0.0': {} },
    };
    checkPnpmLock(JSON.stringify(json), READ);
    checkPnpmLock(JSON.stringify(json, null, 2), READ);
  });
});

describe('a text that does not fit together', () => {
  test('has a problem for a snapshot that is missing from the packages, and none for a package without a snapshot', () => {
    checkPnpmLock(
      LOCKFILE.replace('  a@1.0.0:\n    resolution: {integrity: sha512-a}\n', '').replace('  b@1.0.0: {}\n', ''),
      `pnpm v9
      . a ^1.0.0 -> a@1.0.0
      . b ^1.0.0 -> b@1.0.0
      a@1.0.0 prod registry -> b@1.0.0
      b@1.0.0 prod registry (sha512-b)
      15:3 The package is missing from "packages"`,
    );
  });

  test('has a problem for a dependency without a version, and for a package without one', () => {
    checkPnpmLock(
      `lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
packages:
  b:
    resolution: {integrity: sha512-b}
snapshots:
  b: {}
`,
      `pnpm v9
      . a ^1.0.0 -> nothing
      b prod registry (sha512-b)
      5:7 a has no version
      11:3 b has no version`,
    );
  });

  test('has a problem for a key that stands twice, of which the last one counts', () => {
    checkPnpmLock(
      `lockfileVersion: '9.0'
packages:
  a@1.0.0:
    resolution: {integrity: sha512-old}
  a@1.0.0:
    resolution: {integrity: sha512-new}
  b@1.0.0:
    resolution: {integrity: sha512-b}
snapshots:
  a@1.0.0:
    dependencies:
      a: 1.0.0
  b@1.0.0: {}
  a@1.0.0:
    dependencies:
      b: 1.0.0
`,
      `pnpm v9
      a@1.0.0 prod registry (sha512-new) -> b@1.0.0
      b@1.0.0 prod registry (sha512-b)
      14:3 The package is listed twice; the last one counts
      3:3 The package is listed twice; the last one counts`,
    );
  });

  test('has a problem for an importer that stands twice, of which the last one counts', () => {
    const { value, problems } = parsePnpmLock(`lockfileVersion: '9.0'
importers:
  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0
  .:
    dependencies:
      b:
        specifier: ^1.0.0
        version: 1.0.0
`);
    expect(value.importers.map(({ path, dependencies }) => [path, dependencies.map(({ name }) => name)])).toEqual([
      ['.', ['b']],
    ]);
    expect(problems).toHaveLength(1);
  });
});

describe('a text that is half typed', () => {
  test('gives what stands before the place where it ends', () => {
    checkPnpmLock(LOCKFILE.slice(0, LOCKFILE.indexOf('snapshots:')), READ.replace(' -> b@1.0.0\n  b@1', '\n  b@1'));
  });

  test('has a problem at the line that is nonsense, and the rest is read', () => {
    const { value, problems } = parsePnpmLock(LOCKFILE.replace('packages:\n', 'packages:\n  ]oops\n'));
    expect(value.entries.map(({ name, integrity }) => `${name} ${integrity ?? ''}`)).toEqual([
      'a sha512-a',
      'b sha512-b',
    ]);
    expect(problems.length).toBeGreaterThan(0);
  });

  test('has sections of another kind than they should be', () => {
    for (const value of ['1', '[]', '[1, 2]', 'text', '{}', 'null', '"x', '{', '*anchor', '!!binary x', '|', '- 1']) {
      for (const section of ['importers', 'packages', 'snapshots', 'catalogs', 'lockfileVersion']) {
        const text = `${LOCKFILE.replace(new RegExp(`^${section}:`, 'm'), 'settings:')}${section}: ${value}\n`;
        expect(() => parsePnpmLock(text)).not.toThrow();
      }
    }
  });
});

describe('a merge conflict', () => {
  const conflict = LOCKFILE.replace(
    '        version: 1.0.0\n      b:',
    '<<<<<<< HEAD\n        version: 1.0.0\n=======\n        version: 2.0.0\n>>>>>>> feature\n      b:',
  ).replace(
    '  b@1.0.0:\n',
    '<<<<<<< HEAD\n=======\n  a@2.0.0:\n    resolution: {integrity: sha512-a2}\n>>>>>>> feature\n  b@1.0.0:\n',
  );
  const expected = `pnpm v9
    . a ^1.0.0 -> a@1.0.0
    . b ^1.0.0 -> b@1.0.0
    . a ^1.0.0 -> a@2.0.0
    a@1.0.0 prod registry (sha512-a) -> b@1.0.0
    b@1.0.0 prod registry (sha512-b)
    a@2.0.0 prod registry (sha512-a2)
    7:1 A merge conflict is not resolved; both sides are read
    18:1 A merge conflict is not resolved; both sides are read`;

  test('is one problem for each place, and both sides are read', () => {
    checkPnpmLock(conflict, expected);
    checkPnpmLock(conflict.replaceAll('\n', '\r\n'), expected);
  });
});

describe('a text of great size in one place', () => {
  const size = 200_000;

  test('is read where a line is very long', () => {
    checkPnpmLock(`${LOCKFILE}settings: ${'x'.repeat(size)}\n`, READ);
    checkPnpmLock(LOCKFILE.replace('sha512-a}', `sha512-a, x: ${'y, z: '.repeat(size)}w}`), READ);
  });

  test('is read where peers are nested very deeply', () => {
    const peers = `${'(p@1.0.0'.repeat(size)}${')'.repeat(size)}`;
    const { value } = parsePnpmLock(LOCKFILE.replaceAll('a@1.0.0:\n    dep', `? a@1.0.0${peers}\n  :\n    dep`));
    expect(value.entries.map(({ name, version }) => `${name}@${version}`)).toContain('a@1.0.0');
  });

  test('is read where very many lines lack the sign that is looked for', () => {
    // A search that goes on to the end of the text for each of them takes longer than a test may.
    const count = 2 * size;
    const lines = '      dependency\n'.repeat(count);
    const colons = parsePnpmLock(`${LOCKFILE}  c@1.0.0:\n    dependencies:\n${lines}`);
    expect(colons.value.entries.map(({ name }) => name)).toEqual(['a', 'b', 'c']);
    const keys = Array.from({ length: count }, (_, at) => `k${String(at).padStart(6, '0')}`);
    const packages = keys.map((key) => `  ${key}:\n    resolution: {integrity: sha512-${'x'.repeat(86)}==}\n`).join('');
    const snapshots = keys.map((key) => `  ${key}: {}\n`).join('');
    const signs = parsePnpmLock(`lockfileVersion: '9.0'\npackages:\n${packages}snapshots:\n${snapshots}`);
    expect(signs.value.entries).toHaveLength(count);
  });

  test('does not throw where brackets are nested very deeply', () => {
    for (const bracket of ['[', '{', '{a: ', '- ', '? ', '&a ', '!x ']) {
      const deep = bracket.repeat(size / 40);
      for (const text of [`${LOCKFILE}settings: ${deep}`, `${LOCKFILE}catalogs: ${deep}`, deep]) {
        expect(() => parsePnpmLock(text)).not.toThrow();
      }
    }
  });
});

test('aliases of YAML that would grow without bounds do not', () => {
  const levels = Array.from({ length: 30 }, (_, at) => `  a${at + 1}: &a${at + 1} [*a${at}, *a${at}, *a${at}]`);
  const { value } = parsePnpmLock(`x:\n  a0: &a0 [y]\n${levels.join('\n')}\n${LOCKFILE}packages: *a30\n`);
  expect(value.entries.length).toBeLessThan(5);
});

test('keys that are made to have one hash, whatever the hash is, are told apart', () => {
  // Sequences of Thue and Morse: their polynomials differ by a multiple of a high power of two at every odd number.
  const sequence = (first: string, second: string): string =>
    Array.from({ length: 1024 }, (_, at) => (bitsOf(at) % 2 === 0 ? first : second)).join('');
  const end = `x${')'.repeat(1024)}`;
  const { value, problems } = parsePnpmLock(
    `lockfileVersion: '9.0'
packages:
  evil@1.0.0:
    resolution: {integrity: sha512-e}
  good@1.0.0:
    resolution: {integrity: sha512-g}
snapshots:
  ${sequence('evil@1.0.0(', 'good@1.0.0(')}${end}: {}
  ${sequence('good@1.0.0(', 'evil@1.0.0(')}${end}: {}
`,
  );
  expect(value.entries.map(({ name }) => name)).toEqual(['evil', 'good']);
  expect(problems).toEqual([]);
});

test('many keys that differ where no hash looks are told apart, and each reference finds its own', () => {
  // Alike at both ends, in the middle and at the quarters, and of one length.
  const names = Array.from({ length: 300 }, (_, at) => `aa${at.toString(36).padStart(2, '0')}${'a'.repeat(28)}`);
  const keys = names.map((name) => `${name}@1.0.0`);
  const { value, problems } = parsePnpmLock(
    `lockfileVersion: '9.0'
packages:
${keys.map((key) => `  ${key}:\n    resolution: {integrity: sha512-${key}}\n`).join('')}
  z@1.0.0:
    resolution: {integrity: sha512-z}
snapshots:
${keys.map((key) => `  ${key}: {}\n`).join('')}
  z@1.0.0:
    dependencies:
${names.map((name) => `      ${name}: 1.0.0\n`).join('')}`,
  );
  expect(problems).toEqual([]);
  expect(value.entries.at(-1)?.edges.map((edge) => value.entries[edge]?.name)).toEqual(names);
});

test('a version that is the key of another package means that one, though a key joins both', () => {
  const { value } = parsePnpmLock(
    `lockfileVersion: '9.0'
packages:
  a@1.0.0:
    resolution: {integrity: sha512-a}
  b@1.0.0:
    resolution: {integrity: sha512-b}
  c@b@1.0.0:
    resolution: {integrity: sha512-c}
snapshots:
  a@1.0.0:
    dependencies:
      c: b@1.0.0
  b@1.0.0: {}
  c@b@1.0.0: {}
`,
  );
  expect(value.entries[0]?.edges.map((edge) => value.entries[edge]?.integrity)).toEqual(['sha512-b']);
});

function bitsOf(value: number): number {
  return value.toString(2).replaceAll('0', '').length;
}
