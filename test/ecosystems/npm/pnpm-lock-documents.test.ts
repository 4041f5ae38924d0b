import { describe, expect, test } from 'vitest';
import { parsePnpmLock } from '../../../server/src/ecosystems/npm/pnpm/pnpm-lock.ts';
import { checkPnpmLock } from '../../support/check-lockfile.ts';

const PROJECT = `lockfileVersion: '9.0'

importers:

  .:
    dependencies:
      a:
        specifier: ^1.0.0
        version: 1.0.0

packages:

  a@1.0.0:
    resolution: {integrity: sha512-a}

snapshots:

  a@1.0.0: {}
`;

const TOOLS = `lockfileVersion: '9.0'

importers:

  .:
    configDependencies:
      rules:
        specifier: 2.0.0
        version: 2.0.0
    packageManagerDependencies:
      pnpm:
        specifier: 11.0.0
        version: 11.0.0

packages:

  pnpm@11.0.0:
    resolution: {integrity: sha512-p}
  rules@2.0.0:
    resolution: {integrity: sha512-r}
  shared@1.0.0:
    resolution: {integrity: sha512-s}

snapshots:

  pnpm@11.0.0:
    dependencies:
      shared: 1.0.0
  rules@2.0.0: {}
  shared@1.0.0: {}
`;

const BOTH = `pnpm v9
  . a ^1.0.0 -> a@1.0.0
  a@1.0.0 prod registry (sha512-a)
  ! pnpm@11.0.0 tool registry (sha512-p) -> shared@1.0.0
  ! rules@2.0.0 tool registry (sha512-r)
  ! shared@1.0.0 tool registry (sha512-s)`;

describe('a file of two documents', () => {
  test('is the project and the packages of the package manager itself, in either order', () => {
    checkPnpmLock(`---\n${TOOLS}\n---\n${PROJECT}`, BOTH);
    checkPnpmLock(`${TOOLS}---\n${PROJECT}`, BOTH);
    checkPnpmLock(`---\n${PROJECT}\n---\n${TOOLS}`, BOTH);
    checkPnpmLock(`${PROJECT}---\n${TOOLS}`, BOTH);
  });

  test('is read so with a byte order mark and with the line ends of Windows', () => {
    const text = `---\n${TOOLS}\n---\n${PROJECT}`;
    checkPnpmLock(`\uFEFF${text}`, BOTH);
    checkPnpmLock(text.replaceAll('\n', '\r\n'), BOTH);
    checkPnpmLock(`\uFEFF${text.replaceAll('\n', '\r\n')}`, BOTH);
  });

  test('may have an empty one', () => {
    checkPnpmLock(`---\n---\n${PROJECT}---\n`, 'pnpm v9\n. a ^1.0.0 -> a@1.0.0\na@1.0.0 prod registry (sha512-a)');
  });

  test('of which both are projects is read to the last, and that is a problem', () => {
    checkPnpmLock(
      `${PROJECT.replaceAll('1.0.0', '0.9.0')}---\n${PROJECT}`,
      `pnpm v9
      . a ^1.0.0 -> a@1.0.0
      a@1.0.0 prod registry (sha512-a)
      1:1 Only the last document of a project is read`,
    );
  });

  test('may share a package, which is then both the project’s and the package manager’s', () => {
    const { value } = parsePnpmLock(`---\n${TOOLS.replaceAll('shared', 'a')}---\n${PROJECT}`);
    expect(value.entries.filter(({ name }) => name === 'a').map(({ scopes }) => scopes)).toEqual([1, 16]);
    expect(value.tools.map((index) => value.entries[index]?.name)).toEqual(['pnpm', 'rules', 'a']);
  });

  test('that is in no line as pnpm writes it is read all the same', () => {
    const flow = (text: string): string =>
      text.replace('a@1.0.0:\n    resolution: {', 'a@1.0.0: {resolution: {').replace('sha512-a}', 'sha512-a}}');
    checkPnpmLock(`${TOOLS}---\n${flow(PROJECT)}`, BOTH);
  });
});

test('a file of the package manager’s document alone has no packages of a project', () => {
  checkPnpmLock(
    TOOLS,
    `pnpm v9
    ! pnpm@11.0.0 tool registry (sha512-p) -> shared@1.0.0
    ! rules@2.0.0 tool registry (sha512-r)
    ! shared@1.0.0 tool registry (sha512-s)`,
  );
});

describe('a version of the lockfile', () => {
  test('that is older than 5 is not read, and that is a problem', () => {
    checkPnpmLock(
      `lockfileVersion: 4
specifiers:
  a: ^1.0.0
packages:
  /a/1.0.0:
    resolution: {integrity: sha512-a}
`,
      'pnpm v4\n1:1 lockfileVersion 4 cannot be read, because it is older than 5: an install with a newer pnpm writes one that can',
    );
  });

  test('that is newer or missing is a problem, and the packages are read all the same', () => {
    const rest = '. a ^1.0.0 -> a@1.0.0\na@1.0.0 prod registry (sha512-a)';
    checkPnpmLock(
      PROJECT.replace("'9.0'", "'10.0'"),
      `pnpm v10\n${rest}\n1:1 lockfileVersion 10.0 is not known; the packages are read all the same`,
    );
    checkPnpmLock(
      PROJECT.replace("lockfileVersion: '9.0'\n", ''),
      `pnpm v9\n${rest}\n1:1 lockfileVersion is missing; the packages are read all the same`,
    );
  });

  test('may be written without quotes or with others', () => {
    for (const version of ['9.0', '"9.0"', '9', "'9.0' # pnpm"]) {
      checkPnpmLock(
        PROJECT.replace("'9.0'", version),
        'pnpm v9\n. a ^1.0.0 -> a@1.0.0\na@1.0.0 prod registry (sha512-a)',
      );
    }
  });
});

test('an empty file is a problem', () => {
  for (const text of ['', '\n', '\uFEFF', '---\n', ' \r\n']) {
    const { value, problems } = parsePnpmLock(text);
    expect(value).toMatchObject({ entries: [], importers: [] });
    expect(problems.map(({ message }) => message)).toEqual(['The lockfile is empty']);
  }
});
