import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';

import { RepositoryError, type Repository } from '../../../server/src/core/repository.ts';
import { openGitRepository } from '../../../server/src/io/git/git-repository.ts';
import { gitFolder, type GitFolder } from '../../support/git-folder.ts';
import { scratchFolder } from '../../support/scratch-folder.ts';

const opened: Repository[] = [];
afterEach(() => opened.splice(0).forEach((repository) => repository.close()));

async function open(folder: string): Promise<Repository> {
  const repository = await openGitRepository(folder, process.env, process.platform);
  opened.push(repository);
  return repository;
}

/** A repository with one commit on `main` for each set of files. */
async function repositoryOf(...commits: readonly Readonly<Record<string, string>>[]): Promise<{
  readonly at: GitFolder;
  readonly repository: Repository;
}> {
  const at = gitFolder(scratchFolder());
  for (const files of commits) at.commit(files);
  return { at, repository: await open(at.folder) };
}

describe('the files of a commit', () => {
  it('are listed and read at the paths of the working tree', async () => {
    const { at, repository } = await repositoryOf(
      { 'package.json': 'one', 'packages/a/package.json': 'ä' },
      { 'package.json': 'two' },
    );
    const files = await repository.filesOf({ commit: (await repository.commitOf('HEAD~1')) ?? '' });
    expect(await files.readText(join(at.folder, 'package.json'))).toBe('one');
    expect(await files.readText(join(at.folder, 'packages/a/package.json'))).toBe('ä');
    expect(await files.list(at.folder)).toEqual([
      { name: '.git', kind: 'directory' },
      { name: 'package.json', kind: 'file' },
      { name: 'packages', kind: 'directory' },
    ]);
    expect(await files.stat(join(at.folder, 'packages/a/package.json'))).toMatchObject({ kind: 'file', size: 2 });
    expect(await files.stat(join(at.folder, 'packages'))).toMatchObject({ kind: 'directory' });
  });

  it('are nothing outside of the repository', async () => {
    const { at, repository } = await repositoryOf({ 'package.json': 'one' });
    const files = await repository.filesOf({ commit: (await repository.commitOf('HEAD')) ?? '' });
    expect(await files.list(dirname(at.folder))).toEqual([]);
    expect(await files.stat(join(at.folder, '../package.json'))).toBeUndefined();
    expect(await files.readText('/etc/hostname')).toBeUndefined();
  });

  it('are found from a folder below the root, and through a link to it', async () => {
    const { at } = await repositoryOf({ 'package.json': 'root', 'packages/a/package.json': 'a' });
    const link = join(scratchFolder(), 'link');
    symlinkSync(join(at.folder, 'packages/a'), link);
    for (const folder of [join(at.folder, 'packages/a'), link]) {
      const repository = await open(folder);
      const files = await repository.filesOf({ commit: (await repository.commitOf('HEAD')) ?? '' });
      expect(await files.readText(join(folder, 'package.json'))).toBe('a');
    }
    const repository = await open(join(at.folder, 'packages/a'));
    const files = await repository.filesOf('staged');
    expect(await files.readText(join(at.folder, 'package.json'))).toBe('root');
  });

  it('leave out links and submodules', async () => {
    const at = gitFolder(scratchFolder());
    symlinkSync('/etc/passwd', join(at.folder, 'package.json'));
    at.commit({ 'other.json': '{}' });
    const files = await (await open(at.folder)).filesOf('staged');
    expect((await files.list(at.folder)).map(({ name }) => name)).toEqual(['.git', 'other.json']);
  });

  it('bear names of any kind', async () => {
    const name = 'ein "Ordner"\tmit\nallem/päckchen.json';
    const { at, repository } = await repositoryOf({ [name]: 'here' });
    const files = await repository.filesOf('staged');
    expect(await files.readText(join(at.folder, name))).toBe('here');
  });

  it('are the staged ones, not those of the working tree', async () => {
    const { at, repository } = await repositoryOf({ 'package.json': 'committed' });
    writeFileSync(join(at.folder, 'package.json'), 'staged');
    at.git('add', '-A');
    writeFileSync(join(at.folder, 'package.json'), 'written');
    const files = await repository.filesOf('staged');
    expect(await files.readText(join(at.folder, 'package.json'))).toBe('staged');
  });

  it('that were not fetched are an error, never an absence', async () => {
    const { at } = await repositoryOf({ 'package.json': 'one' }, { 'package.json': 'two' });
    at.git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(scratchFolder(), 'clone');
    at.git('clone', '--quiet', '--filter=blob:none', `file://${at.folder}`, clone);
    const repository = await open(clone);
    const files = await repository.filesOf({ commit: (await repository.commitOf('HEAD~1')) ?? '' });
    await expect(files.readText(join(clone, 'package.json'))).rejects.toThrow(/left out of the clone/);
  });
});

describe('commits', () => {
  it('are found by any name, and nothing else is', async () => {
    const { at, repository } = await repositoryOf({ a: '1' });
    const id = at.git('rev-parse', 'HEAD');
    for (const name of ['HEAD', 'main', id, id.slice(0, 10)]) expect(await repository.commitOf(name)).toBe(id);
    for (const name of ['nowhere', '', '--all', '-h', 'HEAD:a'])
      expect(await repository.commitOf(name)).toBeUndefined();
  });

  it('have a merge base', async () => {
    const { at, repository } = await repositoryOf({ a: '1' });
    const base = at.git('rev-parse', 'HEAD');
    at.git('checkout', '--quiet', '-b', 'topic');
    at.commit({ b: '1' });
    at.git('checkout', '--quiet', 'main');
    at.commit({ c: '1' });
    at.git('checkout', '--quiet', '--detach', 'topic');
    expect(await repository.mergeBase('main', 'HEAD')).toBe(base);
    at.git('checkout', '--quiet', '--orphan', 'other');
    at.commit({ d: '1' });
    expect(await repository.mergeBase('main', 'HEAD')).toBeUndefined();
  });
});

describe('the versions of a file', () => {
  async function versions(repository: Repository, path: string): Promise<string[]> {
    const found: string[] = [];
    for await (const { content } of repository.versionsOf(path, 'HEAD')) {
      found.push(content === undefined ? 'gone' : Buffer.from(content).toString('utf8'));
    }
    return found;
  }

  it('come newest first, with a removal', async () => {
    const { at, repository } = await repositoryOf({ lock: '1', other: '1' }, { other: '2' }, { lock: '2' });
    rmSync(join(at.folder, 'lock'));
    at.commit({});
    at.commit({ lock: '3' });
    expect(await versions(repository, join(at.folder, 'lock'))).toEqual(['3', 'gone', '2', '1']);
  });

  it('go on before a renaming', async () => {
    const content = 'the same line\n'.repeat(20);
    const { at, repository } = await repositoryOf({ 'old/lock': '1' }, { 'old/lock': content });
    mkdirSync(join(at.folder, 'new'));
    renameSync(join(at.folder, 'old/lock'), join(at.folder, 'new/lock'));
    at.commit({});
    at.commit({ 'new/lock': `${content}more` });
    expect(await versions(repository, join(at.folder, 'new/lock'))).toEqual([`${content}more`, content, content, '1']);
  });

  it('hold those of a branch that was merged', async () => {
    const { at, repository } = await repositoryOf({ lock: '1' });
    at.git('checkout', '--quiet', '-b', 'topic');
    at.commit({ lock: 'for a while' });
    at.commit({ lock: '1' });
    at.git('checkout', '--quiet', 'main');
    at.commit({ other: '1' });
    at.git('merge', '--quiet', '--no-edit', 'topic');
    expect(await versions(repository, join(at.folder, 'lock'))).toContain('for a while');
  });
});

describe('a folder that git cannot read', () => {
  it('is named with the reason', async () => {
    const folder = scratchFolder();
    await expect(open(folder)).rejects.toThrow(RepositoryError);
    await expect(open(folder)).rejects.toThrow(/not a git repository/);
    await expect(openGitRepository(folder, { PATH: '.:relative' }, 'linux')).rejects.toThrow(/not installed/);
    execFileSync('git', ['init', '--quiet', '--bare', folder]);
    await expect(open(folder)).rejects.toThrow(/no working tree/);
  });
});

describe('a hostile repository', () => {
  it('gets no program of its own run', async () => {
    const at = gitFolder(scratchFolder());
    const first = at.commit({ lock: '1', '.gitattributes': '* filter=evil diff=evil\n' });
    const script = join(at.folder, '.git/evil.sh');
    const mark = join(at.folder, '.git/ran');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\nexit 1\n`, { mode: 0o755 });
    for (const key of [
      'core.fsmonitor',
      'core.pager',
      'core.sshCommand',
      'filter.evil.smudge',
      'filter.evil.clean',
      'diff.evil.textconv',
      'diff.evil.command',
      'diff.external',
      'gpg.program',
    ]) {
      at.git('config', key, script);
    }
    at.git('config', 'log.showSignature', 'true');
    const repository = await open(at.folder);
    const files = await repository.filesOf('staged');
    await (await repository.filesOf({ commit: first })).readText(join(at.folder, 'lock'));
    await files.readText(join(at.folder, 'lock'));
    await repository.mergeBase(first, 'HEAD');
    for await (const { commit } of repository.versionsOf(join(at.folder, 'lock'), 'HEAD')) expect(commit).toBe(first);
    expect(readdirSync(join(at.folder, '.git'))).not.toContain('ran');
  });
});
