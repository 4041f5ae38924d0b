import { describe, expect, test } from 'vitest';
import { parseYarnLock } from '../../../server/src/ecosystems/npm/yarn/yarn-lock.ts';
import { completeYarnLock, describeLockfile } from '../../support/check-lockfile.ts';
import { BERRY, CLASSIC } from '../../support/yarn-lockfile.ts';

const MANIFESTS = {
  '.': { dependencies: { '@scope/first': '^1.2.0' }, devDependencies: { third: 'latest' } },
};

/** Without the places, which other line ends move. */
function shape(text: string): string[] {
  const { value, problems } = completeYarnLock(text, MANIFESTS);
  expect(problems).toEqual([]);
  return describeLockfile(text, { value, problems }).split('\n');
}

function messages(text: string): string[] {
  return parseYarnLock(text).problems.map(({ span, message }) => `${text.slice(span.start, span.end)}: ${message}`);
}

function versions(text: string): string[] {
  return parseYarnLock(text).value.entries.map(({ name, version }) => `${name}@${version}`);
}

const ALL = ['@scope/first@1.2.3', '@scope/second@3.0.0', 'constructor@1.0.0'];

describe('the same is read of a lockfile', () => {
  test.each([
    ['of yarn 1 with CRLF line ends', CLASSIC.replaceAll('\n', '\r\n'), CLASSIC],
    ['of yarn 1 after a byte order mark', `\uFEFF${CLASSIC}`, CLASSIC],
    ['of yarn 1 with comments', CLASSIC.replaceAll(/^( {2,4})(\w)/gm, '$1# a comment\n$1$2'), CLASSIC],
    ['of yarn 1 without its header', CLASSIC.replace(/^#.*\n#.*\n/, ''), CLASSIC],
    ['of yarn 1 without blank lines', CLASSIC.replaceAll(/\n\n+/g, '\n'), CLASSIC],
    ['of yarn 1 without a last line end', CLASSIC.trimEnd(), CLASSIC],
    ['of yarn 1 with fields that are unknown', CLASSIC.replaceAll('  version', '  uid "a b"\n  version'), CLASSIC],
    ['of yarn 4 with CRLF line ends', BERRY.replaceAll('\n', '\r\n'), BERRY],
    ['of yarn 4 after a byte order mark', `\uFEFF${BERRY}`, BERRY],
    ['of yarn 4 with comments', BERRY.replaceAll(/^( {2,4})(\w)/gm, '$1# a comment\n$1$2'), BERRY],
    ['of yarn 4 without its header', BERRY.replace(/^#.*\n#.*\n/, ''), BERRY],
    ['of yarn 4 without blank lines', BERRY.replaceAll(/\n\n+/g, '\n'), BERRY],
    ['of yarn 4 without a last line end', BERRY.trimEnd(), BERRY],
    ['of yarn 4 indented by four columns', BERRY.replaceAll(/^( +)/gm, '$1$1'), BERRY],
    ['of yarn 4 with single quotes', BERRY.replaceAll('"', "'"), BERRY],
    [
      'of yarn 4 with dependencies in braces',
      BERRY.replaceAll(/dependencies:\n {4}("@scope.*)\n(?= {2}\w)/g, 'dependencies: { $1 }\n'),
      BERRY,
    ],
    [
      'of yarn 4 with its fields in another order',
      BERRY.replaceAll(/( {2}version: .*\n)( {2}resolution: .*\n)/g, '$2$1'),
      BERRY,
    ],
  ])('%s', (_, text, plain) => {
    expect(text).not.toBe(plain);
    expect(shape(text)).toEqual(shape(plain));
  });
});

test('half of a character in the name of a member of yarn 4 is read', () => {
  const text = `__metadata:
  version: 8

"a\ud800@workspace:.":
  version: 0.0.0-use.local
  resolution: "a\ud800@workspace:."
  dependencies:
    b: "patch:b#1"
`;
  expect(completeYarnLock(text).value.entries.map(({ name }) => name)).toEqual(['a\ud800']);
});

describe('of yarn 1', () => {
  test.each([
    ['a key without its colon', CLASSIC.replace('constructor@*:', 'constructor@*'), 'constructor@*'],
    ['a tab', CLASSIC.replace('  version "3.0.0"', '\tversion "3.0.0"'), 'version "3.0.0"'],
    ['half a dependency', CLASSIC.replace('    third latest', '    third'), 'third'],
    [
      'a quote that is not closed',
      CLASSIC.replace('"^2.0.0 || ^3.0.0"\n    third', '"^2.0.0\n    third'),
      '"@scope/second" "^2.0.0',
    ],
    ['a sentence', CLASSIC.replace('constructor@*:', 'What is this?\n\nconstructor@*:'), 'What is this?'],
  ])('%s is a problem at its place, and the rest is read', (_, text, line) => {
    expect(messages(text)).toContain(`${line}: The line is not in the form that yarn writes`);
    expect(versions(text)).toEqual(expect.arrayContaining(['@scope/first@1.2.3', 'third@1.0.0']));
  });

  test('an entry without a version is a problem', () => {
    expect(messages(CLASSIC.replace('  version "3.0.0"\n', ''))).toEqual([
      '@scope/second@^2.0.0 || ^3.0.0: @scope/second has no version',
    ]);
  });

  test('another version of the format is a problem, and the packages are read', () => {
    const text = CLASSIC.replace('lockfile v1', 'lockfile v7');
    expect(messages(text)).toEqual(['# yarn lockfile v7: version 7 is not known; the packages are read all the same']);
    expect(versions(text)).toHaveLength(4);
  });

  test('names of the prototype are names', () => {
    const text = CLASSIC.replaceAll('third', '__proto__');
    const { value } = completeYarnLock(text, { '.': { dependencies: { toString: '*' } } });
    expect(value.entries.map(({ name, edges }) => [name, edges.length])).toContainEqual(['__proto__', 1]);
    expect(value.importers[0]?.dependencies).toMatchObject([{ name: 'toString', entry: -1 }]);
  });

  test('escapes in quotes are read', () => {
    const text = CLASSIC.replace('constructor@*:', '"constr\\u0075ctor@*":');
    expect(versions(text)).toEqual([...ALL, 'third@1.0.0']);
  });
});

describe('of yarn 4', () => {
  test('what is no YAML is a problem, and the rest is read', () => {
    const text = BERRY.replace('  conditions: os=darwin', '\tconditions: [os');
    expect(versions(text)).toEqual([...ALL, 'root@', 'third@1.0.0']);
    expect(messages(text).length).toBeGreaterThan(0);
  });

  test.each([
    ['11', 'version: 11', 'version 11 is not known'],
    ['3', 'version: 3', 'version 3 is not known'],
    ['x', 'version: x', 'version x is not known'],
  ])('metadata version %s is a problem, and the packages are read', (version, place, message) => {
    const text = BERRY.replace('version: 8', `version: ${version}`);
    expect(messages(text)).toEqual([`${place}: ${message}; the packages are read all the same`]);
    expect(versions(text)).toHaveLength(5);
  });

  test('a missing version is a problem, and the packages are read', () => {
    const text = BERRY.replace(/__metadata:\n.*\n.*\n/, '');
    expect(messages(text)).toEqual(['#: the version of the lockfile is missing; the packages are read all the same']);
    expect(versions(text)).toHaveLength(5);
  });

  test('an entry without a version or a resolution is a problem, and its key says which package it is', () => {
    const text = BERRY.replace('  version: 3.0.0\n  resolution: "@scope/second@npm:3.0.0"\n', '');
    expect(messages(text)).toEqual(['@scope/second@npm:^2.0.0 || ^3.0.0: @scope/second has no version']);
    expect(versions(text)).toContain('@scope/second@');
  });

  test('a key that follows without a blank line is not swallowed', () => {
    const text = BERRY.replace('  languageName: node\n  linkType: hard\n\n"constructor', '"constructor');
    expect(versions(text)).toEqual([...ALL, 'root@', 'third@1.0.0']);
  });
});

describe.each([
  [
    'yarn 1',
    CLASSIC,
    '"@scope/first@^1.0.0", "@scope/first@^1.2.0":\n  version "9.9.9"\n  resolved "https://registry.example/@scope/first/-/first-9.9.9.tgz#0"\n\n',
  ],
  [
    'yarn 4',
    BERRY,
    '"@scope/first@npm:^1.0.0, @scope/first@npm:^1.2.0":\n  version: 9.9.9\n  resolution: "@scope/first@npm:9.9.9"\n  languageName: node\n  linkType: hard\n\n',
  ],
])('of %s', (_, text, other) => {
  test('the last of two entries with one key counts', () => {
    const twice = `${text}\n${other}`;
    expect(versions(twice)).toContain('@scope/first@9.9.9');
    expect(versions(twice)).not.toContain('@scope/first@1.2.3');
    expect(messages(twice).join()).toMatch(/twice/);
  });

  test('both sides of a merge conflict are read, with and without manifests', () => {
    const conflict = `<<<<<<< ours\n=======\n${other}>>>>>>> theirs\n`;
    const at = text.indexOf('\n\n', text.indexOf('@scope/second@')) + 2;
    const both = `${text.slice(0, at)}${conflict}${text.slice(at)}`;
    expect(versions(both)).toEqual(expect.arrayContaining(['@scope/first@1.2.3', '@scope/first@9.9.9']));
    expect(messages(both)[0]).toBe('<<<<<<< ours: A merge conflict is not resolved; both sides are read');
    const { value } = completeYarnLock(both, MANIFESTS);
    const direct = value.importers[0]?.dependencies.map(({ entry }) => value.entries[entry]?.version);
    expect(direct).toEqual(expect.arrayContaining(['1.2.3', '9.9.9']));
  });
});

test.each(['', ' ', '\n\n', '\uFEFF', '# yarn lockfile v1\n', '# a comment'])('%j holds no package', (text) => {
  expect(parseYarnLock(text).value.entries).toEqual([]);
  expect(parseYarnLock(text).problems).toEqual([]);
});

test('a chain of 10,000 packages is followed to its end', () => {
  const entry = (at: number): string =>
    `"p${at}@^1.0.0":\n  version "1.0.0"\n  resolved "https://registry.example/p${at}/-/p${at}-1.0.0.tgz#0"\n  dependencies:\n    p${at + 1} "^1.0.0"\n`;
  const text = Array.from({ length: 10_000 }, (_, at) => entry(at)).join('\n');
  const { value } = completeYarnLock(text, { '.': { devDependencies: { p0: '^1.0.0' } } });
  expect(value.entries.every(({ scopes }) => scopes === 2)).toBe(true);
});

test('a name with very many ranges takes no more than its share of time', () => {
  const keys = Array.from({ length: 20_000 }, (_, at) => `a@^1.${at}.0:\n  version "1.${at}.0"\n`).join('\n');
  const lines = Array.from({ length: 20_000 }, (_, at) => `    a "^1.${at}.0"\n`).join('');
  const start = performance.now();
  const { value } = completeYarnLock(`${keys}\nb@1:\n  version "1.0.0"\n  dependencies:\n${lines}`);
  expect(value.entries.at(-1)?.edges).toHaveLength(20_000);
  expect(performance.now() - start).toBeLessThan(5_000);
});
