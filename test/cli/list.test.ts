import { describe, expect, it } from 'vitest';
import { cliWorld, packageJson, packageLock } from '../support/cli-world.ts';

async function listJson(files: Readonly<Record<string, string>>, path = '.', cwd = '/project') {
  const world = cliWorld({ files, cwd });
  const { code, stdout, stderr } = await world.run('list', path, '--format', 'json');
  expect([code, stderr]).toEqual([0, '']);
  expect(world.opened).toEqual([]);
  const parsed: unknown = JSON.parse(stdout);
  return parsed;
}

const INTEGRITY = 'sha512-AAAA';

describe('provender list', () => {
  it('gives one row for each name and version of a document', async () => {
    const lock = packageLock(
      { lodash: '^4.0.0' },
      {
        lodash: { version: '4.17.20', integrity: INTEGRITY },
        'b/node_modules/lodash': { version: '4.17.20', integrity: INTEGRITY, dev: true },
        'c/node_modules/lodash': { version: '3.0.0', optional: true },
      },
    );
    expect(await listJson({ '/project/package-lock.json': lock })).toEqual({
      schemaVersion: 1,
      documents: [
        {
          path: 'package-lock.json',
          format: 'package-lock v3',
          packages: [
            {
              name: 'lodash',
              version: '3.0.0',
              ecosystem: 'npm',
              purl: 'pkg:npm/lodash@3.0.0',
              direct: false,
              scopes: ['optional'],
              source: 'registry',
            },
            {
              name: 'lodash',
              version: '4.17.20',
              ecosystem: 'npm',
              purl: 'pkg:npm/lodash@4.17.20',
              direct: true,
              scopes: ['prod', 'dev'],
              source: 'registry',
              integrity: INTEGRITY,
            },
          ],
          problems: [],
        },
      ],
    });
  });

  it('gives an aliased package its real name and escapes a scope in the package URL', async () => {
    const lock = packageLock({ short: 'npm:@acme/long@1' }, { short: { name: '@acme/long', version: '1.0.0' } });
    expect(await listJson({ '/project/package-lock.json': lock })).toMatchObject({
      documents: [{ packages: [{ name: '@acme/long', purl: 'pkg:npm/%40acme/long@1.0.0', direct: true }] }],
    });
  });

  it('tells where the bytes come from', async () => {
    const lock = packageLock(
      {},
      {
        g: { version: '1.0.0', resolved: 'git+ssh://git@github.com/a/b.git#0123456789012345678901234567890123456789' },
        t: { version: '1.0.0', resolved: 'https://example.com/archive/t.zip' },
      },
    );
    expect(await listJson({ '/project/package-lock.json': lock })).toMatchObject({
      documents: [
        {
          packages: [
            { name: 'g', source: 'git' },
            { name: 't', source: 'tarball' },
          ],
        },
      ],
    });
  });

  it('knows what the root of an old lockfile asks for from its manifest', async () => {
    const lock = JSON.stringify({
      lockfileVersion: 1,
      dependencies: { a: { version: '1.0.0', requires: { b: '1' } }, b: { version: '1.0.0' } },
    });
    const files = { '/project/package.json': packageJson({ a: '1' }), '/project/package-lock.json': lock };
    expect(await listJson(files)).toMatchObject({
      documents: [
        {
          format: 'package-lock v1',
          packages: [
            { name: 'a', direct: true },
            { name: 'b', direct: false },
          ],
        },
      ],
    });
  });

  it('lists what a manifest declares where there is no lockfile, and says that the versions are not known', async () => {
    const files = {
      '/project/package.json': packageJson({ a: '^1.0.0', b: '2.0.0', c: 'git+https://example.com/c.git' }),
    };
    expect(await listJson(files)).toMatchObject({
      documents: [
        {
          path: 'package.json',
          format: 'package.json',
          packages: [
            { name: 'a', version: '', purl: 'pkg:npm/a', source: 'registry' },
            { name: 'b', version: '2.0.0', purl: 'pkg:npm/b@2.0.0' },
            { name: 'c', version: '', source: 'git' },
          ],
          problems: [{ line: 1, message: 'there is no lockfile: which versions are installed is not known' }],
        },
      ],
    });
  });

  it('names a lockfile that it cannot read', async () => {
    const files = { '/project/package.json': '{}', '/project/bun.lockb': '' };
    const result = await listJson(files);
    expect(result).toMatchObject({
      documents: [{ path: 'bun.lockb', format: 'bun.lockb', packages: [], problems: [{ line: 1 }] }, {}],
    });
  });

  it('reads what can be read of a broken lockfile and says where it is broken', async () => {
    const lock = `{\n  "lockfileVersion": 3,\n  "packages": {\n    "node_modules/a": { "version": "1.0.0" },\n`;
    expect(await listJson({ '/project/package-lock.json': lock })).toMatchObject({
      documents: [{ packages: [{ name: 'a', version: '1.0.0' }], problems: [{ line: 4 }] }],
    });
  });

  it('does not mistake a name for a property of an object', async () => {
    const lock = `{"lockfileVersion":3,"packages":{"node_modules/__proto__":{"version":"1.0.0"}}}`;
    expect(await listJson({ '/project/package-lock.json': lock })).toMatchObject({
      documents: [{ packages: [{ name: '__proto__', version: '1.0.0' }] }],
    });
  });

  it('shows paths from the current folder when they lie inside, else absolute', async () => {
    const files = { '/project/app/package-lock.json': packageLock({}, {}) };
    const pathFrom = async (cwd: string, path: string) => {
      const result = await listJson(files, path, cwd);
      return result;
    };
    expect(await pathFrom('/project', 'app')).toMatchObject({ documents: [{ path: 'app/package-lock.json' }] });
    expect(await pathFrom('/project', '/project/app/package-lock.json')).toMatchObject({
      documents: [{ path: 'app/package-lock.json' }],
    });
    expect(await pathFrom('/elsewhere', '../project/app')).toMatchObject({
      documents: [{ path: '/project/app/package-lock.json' }],
    });
  });

  it.each([
    ['missing', 'there is no file or folder missing'],
    ['empty', 'there is no manifest or lockfile in empty: looked for '],
    ['empty/notes.txt', 'empty/notes.txt is no manifest or lockfile; these are read: '],
    ['node_modules/a', 'node_modules/a lies inside node_modules, which is never looked at'],
  ])('refuses %s', async (path, message) => {
    const files = { '/project/empty/notes.txt': '', '/project/node_modules/a/package.json': '{}' };
    const { code, stdout, stderr } = await cliWorld({ files }).run('list', path);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(`provender: ${message}`);
  });

  it('shows people a table, without what would act on their terminal', async () => {
    const lock = packageLock({ a: '1' }, { a: '1.0.0', 'b\u001b[31m\u202e': '2.0.0' });
    const { stdout } = await cliWorld({ files: { '/project/package-lock.json': lock } }).run('list');
    expect(stdout).toBe(
      [
        'package-lock.json (package-lock v3): 2 packages',
        'PACKAGE  VERSION  DIRECT  SCOPES  SOURCE',
        'a        1.0.0    direct  prod',
        'b        2.0.0            prod',
        '',
      ].join('\n'),
    );
  });
});
