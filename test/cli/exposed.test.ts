import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { nodeFiles } from '../../server/src/io/node-files.ts';
import { affected, record } from '../support/advisory-records.ts';
import { cliWorld, packageJson, packageLock, type CliRun } from '../support/cli-world.ts';
import { gitFolder, type GitFolder } from '../support/git-folder.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const records = {
  'MAL-2025-1': [record('MAL-2025-1', '', { affected: [affected('', { name: 'evil', versions: ['1.0.1'] })] })],
  'GHSA-python': [record('GHSA-python', '>=0', { affected: [affected('>=0', { ecosystem: 'PyPI' })] })],
};

function project(evil: string | undefined): Record<string, string> {
  const packages = evil === undefined ? {} : { evil: { version: evil, hasInstallScript: true } };
  return { 'package.json': packageJson({}), 'package-lock.json': packageLock({}, packages) };
}

/** A history in which a malicious version was resolved for a while. */
function history(): GitFolder {
  const at = gitFolder(scratchFolder());
  for (const version of ['1.0.0', '1.0.1', '1.0.2']) at.commit(project(version));
  return at;
}

function run(at: GitFolder, ...args: string[]): Promise<CliRun> {
  return cliWorld({ disk: nodeFiles, cwd: at.folder, records }).run('exposed', ...args);
}

describe('provender exposed', () => {
  it('tells when a lockfile resolved it, and fails', async () => {
    const at = history();
    const [, brought = '', removed = ''] = at
      .git('rev-list', '--reverse', '--abbrev-commit', '--abbrev=7', 'HEAD')
      .split('\n');
    const { code, stdout } = await run(at, 'MAL-2025-1');
    expect(code).toBe(1);
    expect(stdout.split('\n')).toEqual([
      'MAL-2025-1: something is wrong',
      '',
      'package-lock.json',
      'SINCE               UNTIL               RESOLVED    INSTALL SCRIPT',
      `2025-01-01 ${brought}  2025-01-01 ${removed}  evil@1.0.1  could have run`,
      '',
      'Resolved by 1 lockfile, 2025-01-01 to 2025-01-01; looked at 3 versions of 1 lockfile',
      '',
    ]);
  });

  it('passes when it was never resolved', async () => {
    const at = gitFolder(scratchFolder());
    at.commit(project('1.0.0'));
    expect(await run(at, 'MAL-2025-1')).toMatchObject({
      code: 0,
      stdout: 'MAL-2025-1: something is wrong\n\nNever resolved in 1 version of 1 lockfile\n',
    });
  });

  it('is asked about a version or a range as well', async () => {
    const at = history();
    expect((await run(at, 'evil@1.0.2')).stdout).toContain('still there');
    expect((await run(at, 'evil@<1.0.1')).code).toBe(1);
    expect((await run(at, '@scope/evil@1.0.0')).code).toBe(0);
  });

  it('writes JSON', async () => {
    const at = history();
    const [, brought, removed] = at.git('rev-list', '--reverse', 'HEAD').split('\n');
    const { stdout } = await run(at, 'MAL-2025-1', '--format', 'json');
    expect(JSON.parse(stdout)).toEqual({
      schemaVersion: 1,
      sought: { id: 'MAL-2025-1', aliases: [], summary: 'something is wrong' },
      complete: true,
      documents: [
        {
          document: 'package-lock.json',
          versions: 3,
          unreadable: [],
          periods: [
            {
              from: { commit: brought, date: '2025-01-01T00:02:00.000Z' },
              until: { commit: removed, date: '2025-01-01T00:03:00.000Z' },
              packages: [{ name: 'evil', version: '1.0.1', installScript: 'yes' }],
            },
          ],
        },
      ],
    });
  });

  it('says that a shallow clone has not all of the history, and with --strict fails for it', async () => {
    const at = history();
    const clone = join(scratchFolder(), 'clone');
    at.git('clone', '--quiet', '--depth=1', `file://${at.folder}`, clone);
    const cloned = { ...at, folder: clone };
    expect(await run(cloned, 'MAL-2025-1')).toMatchObject({ code: 0 });
    const { code, stdout } = await run(cloned, 'MAL-2025-1', '--strict');
    expect(code).toBe(3);
    expect(stdout).toContain('Not looked at: what is older than this shallow clone');
  });

  it.each([
    ['an advisory that nobody knows', ['GHSA-nowhere'], 'there is no advisory "GHSA-nowhere"'],
    ['an advisory of another ecosystem', ['GHSA-python'], 'GHSA-python names no package of npm'],
    ['what is neither', ['evil@not a version'], 'neither a version nor a range'],
    ['nothing', [], 'needs an advisory id'],
  ])('refuses %s', async (_, args, message) => {
    const { code, stderr } = await run(history(), ...args);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });

  it('needs a history', async () => {
    const at = history();
    rmSync(join(at.folder, '.git'), { recursive: true });
    expect(await run(at, 'MAL-2025-1')).toMatchObject({ code: 2, stdout: '' });
  });
});
