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
import { sarifTrouble } from '../support/sarif-schema.ts';
import { scratchFolder } from '../support/scratch-folder.ts';

const advisories = [
  knownAdvisory('old@1.0.0', 'GHSA-old', { fixed: '2.0.0', summary: 'an old one' }),
  knownAdvisory('old@1.0.1', 'GHSA-old', { fixed: '2.0.0', summary: 'an old one' }),
  knownAdvisory('fresh@1.0.0', 'GHSA-fresh', { fixed: '1.0.1', summary: 'a new one' }),
];

/** A package.json and its lockfile with these packages. */
function project(packages: Readonly<Record<string, string>>, folder = ''): Record<string, string> {
  return {
    [`${folder}package.json`]: packageJson(packages),
    [`${folder}package-lock.json`]: packageLock(packages, packages),
  };
}

/** A repository whose `main` has the package that was affected all along, and whose branch `topic` is checked out. */
function branched(): GitFolder {
  const at = gitFolder(scratchFolder());
  at.commit(project({ old: '1.0.0' }));
  at.git('checkout', '--quiet', '-b', 'topic');
  return at;
}

function check(at: GitFolder, args: readonly string[], more: Partial<CliWorldOptions> = {}): Promise<CliRun> {
  return cliWorld({ disk: nodeFiles, cwd: at.folder, advisories, ...more }).run('check', ...args);
}

async function findings(
  at: GitFolder,
  ...args: string[]
): Promise<{ readonly code: number; readonly found: string[] }> {
  const { code, stdout } = await check(at, [...args, '--format', 'json']);
  const result = JSON.parse(stdout) as { findings: { name: string; version: string; new?: boolean }[] };
  const found = result.findings.map(
    ({ name, version, new: isNew }) => `${isNew === true ? 'new ' : ''}${name}@${version}`,
  );
  return { code, found };
}

describe('provender check --base', () => {
  it('does not fail for what the base had', async () => {
    expect(await findings(branched(), '--base', 'main')).toEqual({ code: 0, found: ['old@1.0.0'] });
  });

  it('fails for what came since, in the working tree too', async () => {
    const at = branched();
    writeAll(at, project({ old: '1.0.0', fresh: '1.0.0' }));
    const expected = { code: 1, found: ['new fresh@1.0.0', 'old@1.0.0'] };
    expect(await findings(at, '--base', 'main')).toEqual(expected);
    at.commit({});
    expect(await findings(at, '--base', 'main')).toEqual(expected);
  });

  it('compares with where the branch began, not with what main has by now', async () => {
    const at = branched();
    at.commit({ 'README.md': 'a change' });
    at.git('checkout', '--quiet', 'main');
    at.commit(project({ old: '2.0.0' }));
    at.git('checkout', '--quiet', 'topic');
    expect(await findings(at, '--base', 'main')).toEqual({ code: 0, found: ['old@1.0.0'] });
  });

  it('does not call a bump new that mends nothing', async () => {
    const at = branched();
    at.commit(project({ old: '1.0.1' }));
    expect(await findings(at, '--base', 'main')).toEqual({ code: 0, found: ['old@1.0.1'] });
  });

  it('knows a project that was moved to another folder', async () => {
    const at = branched();
    for (const name of ['package.json', 'package-lock.json']) rmSync(join(at.folder, name));
    at.commit(project({ old: '1.0.0' }, 'web/'));
    expect(await findings(at, '--base', 'main')).toEqual({ code: 0, found: ['old@1.0.0'] });
  });

  it('works from a folder below and for one document', async () => {
    const at = gitFolder(scratchFolder());
    at.commit(project({ old: '1.0.0' }, 'web/'));
    expect(await findings(at, 'web', '--base', 'HEAD')).toEqual({ code: 0, found: ['old@1.0.0'] });
    expect(await findings(at, 'web/package-lock.json', '--base', 'HEAD')).toEqual({ code: 0, found: ['old@1.0.0'] });
  });

  it('counts what was decided at the base and is decided no longer', async () => {
    const at = gitFolder(scratchFolder());
    at.commit({
      ...project({ old: '1.0.0' }),
      '.provender.jsonc': '{ "ignore": [{ "advisory": "GHSA-old", "reason": "x" }] }',
    });
    rmSync(join(at.folder, '.provender.jsonc'));
    expect(await findings(at, '--base', 'HEAD')).toEqual({ code: 1, found: ['new old@1.0.0'] });
  });

  it('says what it counts, and never that there is no known advisory', async () => {
    const at = branched();
    const id = at.git('rev-parse', '--short=7', 'HEAD');
    const { stdout } = await check(at, ['--base', 'main']);
    expect(stdout).toContain(
      `Nothing new since main (${id}) for the 1 package that were checked; 1 advisory known before`,
    );
    writeAll(at, project({ old: '1.0.0', fresh: '1.0.0' }));
    const { stdout: both } = await check(at, ['--base', 'main']);
    expect(both).toContain(`1 advisory new since main (${id}) in 1 package: 1 high; 1 advisory known before`);
    expect(both).not.toContain('GHSA-old');
  });

  it('marks results in SARIF by their baseline state', async () => {
    const at = branched();
    writeAll(at, project({ old: '1.0.0', fresh: '1.0.0' }));
    const { stdout } = await check(at, ['--base', 'main', '--format', 'sarif']);
    const sarif = JSON.parse(stdout) as { runs: { results: { ruleId: string; baselineState: string }[] }[] };
    expect(sarifTrouble(sarif)).toEqual([]);
    expect(sarif.runs[0]?.results.map(({ ruleId, baselineState }) => [ruleId, baselineState])).toEqual([
      ['GHSA-fresh', 'new'],
      ['GHSA-old', 'unchanged'],
    ]);
  });

  it('asks about the packages of the base alone that are affected now, and by today’s configuration', async () => {
    const at = gitFolder(scratchFolder());
    at.commit(project({ old: '1.0.0', gone: '1.0.0', '@corp/secret': '1.0.0' }));
    writeAll(at, project({ old: '1.0.1', '@corp/secret': '1.0.1' }));
    writeFileSync(join(at.folder, '.npmrc'), '@corp:registry=https://npm.corp.example/\n');
    const rounds: string[][] = [];
    const onRefresh: CliWorldOptions['onRefresh'] = (subjects) =>
      void rounds.push(
        subjects.map(({ name, version, withheld }) => `${name}@${version}${withheld === undefined ? '' : ' withheld'}`),
      );
    await check(at, ['--base', 'HEAD'], {
      onRefresh,
      advisories: [...advisories, knownAdvisory('@corp/secret@1.0.1', 'GHSA-corp')],
    });
    expect(rounds.map((round) => round.toSorted())).toEqual([
      ['@corp/secret@1.0.1 withheld', 'old@1.0.1'],
      ['@corp/secret@1.0.0 withheld', 'old@1.0.0'],
    ]);
  });
});

describe('provender check --staged', () => {
  it('looks at what is staged, and fails for what is new since HEAD', async () => {
    const at = branched();
    writeAll(at, project({ old: '1.0.0', fresh: '1.0.0' }));
    expect(await findings(at, '--staged')).toEqual({ code: 0, found: ['old@1.0.0'] });
    at.git('add', '--all');
    writeAll(at, project({ old: '2.0.0' }));
    expect(await findings(at, '--staged')).toEqual({ code: 1, found: ['new fresh@1.0.0', 'old@1.0.0'] });
  });

  it('takes everything for new before the first commit', async () => {
    const at = gitFolder(scratchFolder());
    writeAll(at, project({ old: '1.0.0' }));
    at.git('add', '--all');
    expect(await findings(at, '--staged')).toEqual({ code: 1, found: ['new old@1.0.0'] });
  });
});

/** The command ends with 2, says why, and prints no result. */
async function expectTrouble(at: GitFolder, args: readonly string[], message: string): Promise<void> {
  const { code, stdout, stderr } = await check(at, args);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toContain(message);
}

describe('a base that cannot be compared with', () => {
  it('is a usage error that says what to do', async () => {
    const at = branched();
    await expectTrouble(at, ['--base', 'nowhere'], 'there is no commit "nowhere"');
    at.git('checkout', '--quiet', '--orphan', 'other');
    at.commit({ 'README.md': 'another beginning' });
    await expectTrouble(at, ['--base', 'main'], 'no common commit');
  });

  it('says so for a shallow clone', async () => {
    const at = branched();
    at.commit({ 'README.md': 'two' });
    const clone = join(scratchFolder(), 'clone');
    at.git('clone', '--quiet', '--depth=1', '--no-single-branch', `file://${at.folder}`, clone);
    const cloned = { ...at, folder: clone };
    await expectTrouble(cloned, ['--base', 'origin/main'], 'fetch-depth 0');
    await expectTrouble(cloned, ['--base', 'v1'], 'fetch-depth 0');
  });

  it('is a failure outside of a repository', async () => {
    const folder = scratchFolder();
    writeFileSync(join(folder, 'package.json'), '{}');
    const outside = { ...branched(), folder };
    await expectTrouble(outside, ['--base', 'main'], 'not a git repository');
  });

  it('says that a document could not be read there', async () => {
    const at = gitFolder(scratchFolder());
    at.commit({ ...project({ old: '1.0.0' }), 'package-lock.json': '{ "lockfileVersion": 3, <<<<<<< ours' });
    writeAll(at, project({ old: '1.0.0' }));
    const { code, found } = await findings(at, '--base', 'HEAD');
    expect({ code, found }).toEqual({ code: 1, found: ['new old@1.0.0'] });
  });
});

function writeAll(at: GitFolder, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) writeFileSync(join(at.folder, path), text);
}
