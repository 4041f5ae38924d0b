import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

import { nodeFiles } from '../../server/src/io/node-files.ts';
import {
  cliWorld,
  knownAdvisory,
  packageJson,
  packageLock,
  type CliRun,
  type CliWorldOptions,
} from '../support/cli-world.ts';
import { gitFolder, type GitFolder } from '../support/git-folder.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const advisories = [
  knownAdvisory('top@1.0.0', 'GHSA-top', { fixed: '1.1.0', summary: 'an old one' }),
  knownAdvisory('low@2.0.0', 'GHSA-low', { fixed: '2.0.1', summary: 'a new one' }),
];

function project(top: string, low: string): Record<string, string> {
  const packages = { top: { version: top, dependencies: { low: '*' } }, low };
  return {
    'package.json': packageJson({ top: '^1.0.0' }),
    'package-lock.json': packageLock({ top: '^1.0.0' }, packages),
  };
}

/** A commit with one state, and the next one in the working tree. */
function changed(): GitFolder {
  const at = gitFolder(scratchFolder());
  at.commit(project('1.0.0', '1.0.0'));
  for (const [path, text] of Object.entries(project('1.1.0', '2.0.0'))) writeFileSync(join(at.folder, path), text);
  return at;
}

function diff(at: GitFolder, args: readonly string[] = [], more: Partial<CliWorldOptions> = {}): Promise<CliRun> {
  return cliWorld({ disk: nodeFiles, cwd: at.folder, advisories, ...more }).run('diff', ...args);
}

describe('provender diff', () => {
  it('shows what a change brings, and does not fail', async () => {
    const at = changed();
    const { code, stdout, stderr } = await diff(at);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout.split('\n')).toEqual([
      'package-lock.json',
      'CHANGE    PACKAGE  FROM   TO     BROUGHT IN BY  NOTES',
      'upgraded  low      1.0.0  2.0.0  top            GHSA-low (high) is new',
      'upgraded  top      1.0.0  1.1.0  direct         clears 1 advisory',
      '',
      'NEW        ADVISORY',
      'low@2.0.0  GHSA-low (high)  a new one',
      '',
      'GONE       ADVISORY',
      'top@1.0.0  GHSA-top (high)  an old one',
      '',
      `2 upgraded; 1 advisory new, 1 gone, compared with HEAD (${at.git('rev-parse', '--short=7', 'HEAD')})`,
      '',
    ]);
  });

  it('writes JSON', async () => {
    const at = changed();
    const { stdout } = await diff(at, ['--format', 'json']);
    expect(JSON.parse(stdout)).toMatchObject({
      schemaVersion: 1,
      base: { name: 'HEAD', commit: at.git('rev-parse', 'HEAD') },
      documents: [
        {
          document: 'package-lock.json',
          changes: [
            { name: 'low', kind: 'upgraded', from: ['1.0.0'], to: ['2.0.0'], direct: false, paths: [['top', 'low']] },
            { name: 'top', kind: 'upgraded', from: ['1.0.0'], to: ['1.1.0'], direct: true },
          ],
        },
      ],
      new: [{ ruleId: 'GHSA-low', name: 'low', version: '2.0.0' }],
      gone: [{ ruleId: 'GHSA-top', name: 'top', version: '1.0.0' }],
      unchecked: [],
    });
  });

  it('compares with where a branch began, and looks at what is staged', async () => {
    const at = changed();
    expect((await diff(at, ['--staged'])).stdout).toContain('No package changes, compared with HEAD');
    at.git('add', '--all');
    expect((await diff(at, ['--staged'])).stdout).toContain('2 upgraded');
    at.git('checkout', '--quiet', '-b', 'topic');
    at.commit({});
    expect((await diff(at)).stdout).toContain('No package changes');
    expect((await diff(at, ['--base', 'main'])).stdout).toContain('2 upgraded');
  });

  it('asks about what changed, and about nothing else', async () => {
    const at = gitFolder(scratchFolder());
    const files = (version: string) => ({
      'package.json': packageJson({ same: '1.0.0', moved: '^1.0.0' }),
      'package-lock.json': packageLock({ same: '1.0.0', moved: '^1.0.0' }, { same: '1.0.0', moved: version }),
    });
    at.commit(files('1.0.0'));
    for (const [path, text] of Object.entries(files('1.0.1'))) writeFileSync(join(at.folder, path), text);
    const asked: string[] = [];
    const onRefresh: CliWorldOptions['onRefresh'] = (subjects) =>
      void asked.push(...subjects.map(({ name, version }) => `${name}@${version}`));
    await diff(at, [], { onRefresh });
    expect(asked).toEqual(['moved@1.0.1', 'moved@1.0.0']);
    asked.length = 0;
    await diff(at, ['--offline'], { onRefresh });
    expect(asked).toEqual([]);
  });

  it('withholds a name that the base withheld, also when nothing withholds it now', async () => {
    const at = gitFolder(scratchFolder());
    const locked = packageLock({ '@corp/secret': '1.0.0' }, { '@corp/secret': '1.0.0' });
    at.commit({
      'package.json': packageJson({ '@corp/secret': '1.0.0' }),
      'package-lock.json': locked,
      '.npmrc': '@corp:registry=https://npm.corp.example/\n',
    });
    rmSync(join(at.folder, '.npmrc'));
    writeFileSync(join(at.folder, 'package.json'), packageJson({}));
    writeFileSync(join(at.folder, 'package-lock.json'), packageLock({}, {}));
    const withheld: (string | undefined)[] = [];
    const onRefresh: CliWorldOptions['onRefresh'] = (subjects) =>
      void withheld.push(...subjects.map((subject) => subject.withheld));
    expect((await diff(at, [], { onRefresh })).stdout).toContain('1 removed');
    expect(withheld).toHaveLength(1);
    expect(withheld[0]).toBeTypeOf('string');
  });

  it('shows everything as added before the first commit, and as removed when it is deleted', async () => {
    const at = gitFolder(scratchFolder());
    for (const [path, text] of Object.entries(project('1.1.0', '2.0.0'))) writeFileSync(join(at.folder, path), text);
    expect((await diff(at)).stdout).toContain('2 added; 1 advisory new, 0 gone, compared with HEAD (no commit yet)');
    at.commit({});
    for (const name of ['package.json', 'package-lock.json']) rmSync(join(at.folder, name));
    expect((await diff(at)).stdout).toContain('2 removed; 0 advisories new, 1 gone');
  });

  it('has nothing to compare outside of a repository, or without a project', async () => {
    const at = gitFolder(scratchFolder());
    at.commit({ 'README.md': 'nothing else' });
    expect(await diff(at)).toMatchObject({ code: 2, stdout: '' });
    const outside = scratchFolder();
    writeFileSync(join(outside, 'package.json'), '{}');
    const { code, stderr } = await diff({ ...at, folder: outside });
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: expect.stringMatching(/^provender: there is no history to read: not a git repository/) as string,
    });
  });
});
