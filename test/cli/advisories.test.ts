import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DatabaseAccess } from '../../server/src/cli/command-line-io.ts';
import { nodeFiles } from '../../server/src/io/node-files.ts';
import { openAdvisories } from '../../server/src/store/advisory-generations.ts';
import { importAdvisories } from '../../server/src/workers/import-advisories.ts';
import { osvText } from '../support/advisory-records.ts';
import { cliWorld } from '../support/cli-world.ts';
import { recordingLog } from '../support/recording-log.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

/** The command line in a folder of its own, with real databases below it. */
function inFolder(more: { readonly signal?: AbortSignal } = {}) {
  const cwd = scratchFolder();
  const dataFolder = join(cwd, 'data');
  const databases: DatabaseAccess = {
    dataFolder,
    open: (path) => openAdvisories({ folder: dataFolder, explicit: path }, recordingLog()),
    importAdvisories,
  };
  writeFileSync(join(cwd, 'one.json'), osvText('GHSA-1'));
  writeFileSync(join(cwd, 'two.jsonl'), `${osvText('GHSA-2')}\nnot json\n${osvText('GHSA-3')}\n`);
  return { cwd, run: cliWorld({ cwd, disk: nodeFiles, databases, ...more }).run };
}

describe('provender advisories import', () => {
  it('builds a database that status describes', async () => {
    const { cwd, run } = inFolder();
    expect(await run('advisories', 'import', 'one.json', '--db', 'x.db')).toEqual({
      code: 0,
      stdout:
        '1 advisory imported into x.db\n' +
        '  npm: 1 advisory about 1 package, as of 2026-01-01, a sample: packages that it does not name stay unknown\n',
      stderr: '',
    });
    const { code, stdout } = await run('advisories', 'status', '--db', 'x.db', '--format', 'json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      database: {
        path: 'x.db',
        builtAt: '2026-01-15T12:00:00.000Z',
        bytes: statSync(join(cwd, 'x.db')).size,
        exportedUpTo: null,
        ecosystems: [{ name: 'npm', complete: false, asOf: '2026-01-01T00:00:00.000Z', advisories: 1, packages: 1 }],
      },
    });
  });

  it('extends a database that is there, and names what it could not read', async () => {
    const { run } = inFolder();
    await run('advisories', 'import', 'one.json', '--db', 'x.db');
    const { code, stdout, stderr } = await run('advisories', 'import', 'two.jsonl', '--db', 'x.db');
    expect(code).toBe(0);
    expect(stdout).toContain('2 advisories imported into x.db (1 could not be read)\n  npm: 3 advisories');
    expect(stderr).toMatch(/^provender warn: two\.jsonl:2: /);
  });

  it('calls the data complete only when told so', async () => {
    const { run } = inFolder();
    const { stdout } = await run('advisories', 'import', 'one.json', '--db', 'x.db', '--complete', 'npm');
    expect(stdout).toContain('complete\n');
    const other = await run('advisories', 'import', 'one.json', '--db', 'y.db', '--complete', 'nmp');
    expect(other.stdout).toContain('a sample');
    expect(other.stderr).toBe('provender warn: the data hold nothing of the ecosystem "nmp"; did you mean npm?\n');
  });

  it('keeps the database in the data folder unless told otherwise', async () => {
    const { run } = inFolder();
    expect((await run('advisories', 'status')).stdout).toContain('There is no local advisory database');
    expect((await run('advisories', 'status', '--format', 'json')).stdout).toContain('"database": null');
    await run('advisories', 'import', 'one.json');
    await run('advisories', 'import', 'two.jsonl');
    const { stdout } = await run('advisories', 'status');
    expect(stdout).toMatch(/^Database: data\/advisories\/.*\.db, built 2026-01-15, 0\.1 MB\nSource: imported files\n/);
    expect(stdout).toMatch(/^npm +3 +1 +2026-01-01 \(14 days old\) +a sample/m);
  });

  it('never replaces a file of another kind', async () => {
    const { cwd, run } = inFolder();
    const { code, stdout } = await run('advisories', 'import', 'one.json', '--db', 'two.jsonl');
    expect([code, stdout]).toEqual([2, '']);
    expect(readFileSync(join(cwd, 'two.jsonl'), 'utf8')).toContain('GHSA-2');
  });

  it('fills an empty file, as mktemp makes it', async () => {
    const { cwd, run } = inFolder();
    writeFileSync(join(cwd, 'empty.db'), '');
    expect((await run('advisories', 'import', 'one.json', '--db', 'empty.db')).code).toBe(0);
  });

  it('fails when nothing could be read, and leaves nothing behind', async () => {
    const { cwd, run } = inFolder();
    writeFileSync(join(cwd, 'bad.json'), '{');
    const { code, stderr } = await run('advisories', 'import', 'bad.json', '--db', 'x.db');
    expect(code).toBe(2);
    expect(stderr).toContain('nothing was imported');
    expect(existsSync(join(cwd, 'x.db'))).toBe(false);
  });

  it('names a file that is not there', async () => {
    const { code, stderr } = await inFolder().run('advisories', 'import', 'one.json', 'three.json');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no file or folder three.json');
  });

  it('leaves the database as it was when it is interrupted', async () => {
    const { cwd, run } = inFolder({ signal: AbortSignal.abort() });
    expect(await run('advisories', 'import', 'one.json', '--db', 'x.db')).toEqual({
      code: 130,
      stdout: '',
      stderr: '',
    });
    expect(existsSync(join(cwd, 'x.db'))).toBe(false);
  });
});

describe('provender advisories status', () => {
  it('refuses a database that is not there', async () => {
    const { code, stderr } = await inFolder().run('advisories', 'status', '--db', 'none.db');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no database none.db');
  });
});
