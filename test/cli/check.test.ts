import { describe, expect, it } from 'vitest';
import type { Subject } from '../../server/src/core/knowledge.ts';
import { cliWorld, knownAdvisory, packageJson, packageLock, type CliWorldOptions } from '../support/cli-world.ts';

const FILES = {
  '/project/package.json': packageJson({ top: '^1.0.0', lodash: '^4.17.0' }),
  '/project/package-lock.json': packageLock(
    { top: '^1.0.0', lodash: '^4.17.0' },
    {
      lodash: '4.17.20',
      low: '0.1.0',
      top: { version: '1.0.0', dependencies: { low: '*' } },
    },
  ),
};

interface CheckOutput {
  readonly findings: readonly Record<string, unknown>[];
  readonly [key: string]: unknown;
}

async function checkJson(options: CliWorldOptions, ...flags: string[]): Promise<CheckOutput> {
  const { stdout, stderr } = await cliWorld(options).run('check', '--format', 'json', ...flags);
  expect(stderr).toBe('');
  const output: unknown = JSON.parse(stdout);
  if (!isOutput(output)) throw new Error('no findings in the output');
  return output;
}

function isOutput(value: unknown): value is CheckOutput {
  return typeof value === 'object' && value !== null && 'findings' in value && Array.isArray(value.findings);
}

describe('provender check as JSON', () => {
  it('has exactly the documented shape', async () => {
    const output = await checkJson({
      files: FILES,
      advisories: [
        knownAdvisory('lodash@4.17.20', 'GHSA-1', {
          fixed: '4.17.21',
          otherIds: ['CVE-2021-1'],
          summary: 'command injection',
        }),
      ],
    });
    const [finding] = output.findings;
    expect(output).toEqual({
      schemaVersion: 1,
      findings: [
        {
          ruleId: 'GHSA-1',
          fingerprint: finding?.['fingerprint'],
          kind: 'vulnerability',
          severity: 'high',
          name: 'lodash',
          version: '4.17.20',
          ecosystem: 'npm',
          purl: 'pkg:npm/lodash@4.17.20',
          advisory: 'GHSA-1',
          aliases: ['CVE-2021-1'],
          summary: 'command injection',
          fixed: '4.17.21',
          paths: [['lodash']],
          places: [
            { document: 'package.json', line: 5, column: 16 },
            { document: 'package-lock.json', line: 12, column: 6 },
          ],
          remedies: [
            {
              kind: 'upgrade',
              package: 'lodash',
              from: '4.17.20',
              to: '4.17.21',
              state: 'proposed',
              clears: ['GHSA-1'],
              breaking: false,
            },
          ],
        },
      ],
      problems: [],
      hygiene: [],
      coverage: { checked: 3, unknown: [], skipped: [] },
      sources: [{ name: 'OSV.dev', asOf: '2026-01-15T11:59:00.000Z', complete: true }],
    });
    expect(finding?.['fingerprint']).toMatch(/^[0-9a-f]{32}$/);
  });

  it('tells which direct dependency brings in an affected package, and marks its line', async () => {
    const { findings } = await checkJson({ files: FILES, advisories: [knownAdvisory('low@0.1.0', 'GHSA-1')] });
    expect(findings).toMatchObject([
      {
        name: 'low',
        paths: [['top', 'low']],
        places: [{ document: 'package.json', line: 4, column: 13 }, { document: 'package-lock.json' }],
        remedies: [],
      },
    ]);
    expect(findings[0]).not.toHaveProperty('fixed');
    expect(findings[0]).not.toHaveProperty('aliases');
  });

  it('puts the worst severity first', async () => {
    const { findings } = await checkJson({
      files: FILES,
      kev: ['CVE-1'],
      advisories: [
        knownAdvisory('top@1.0.0', 'GHSA-1', { severity: 'low' }),
        knownAdvisory('top@1.0.0', 'GHSA-2', { severity: 'medium', otherIds: ['CVE-1'] }),
        knownAdvisory('low@0.1.0', 'GHSA-3', { severity: 'critical' }),
        knownAdvisory('low@0.1.0', 'MAL-4'),
        knownAdvisory('lodash@4.17.20', 'GHSA-5', { severity: 'unknown' }),
        knownAdvisory('lodash@4.17.20', 'GHSA-6', { severity: 'high' }),
      ],
    });
    expect(findings.map(({ severity }) => severity)).toEqual([
      'malware',
      'critical',
      'high',
      'medium',
      'low',
      'unknown',
    ]);
  });

  it('joins what several documents hold of one package, version and advisory', async () => {
    const files = {
      '/project/a/package.json': packageJson({ lodash: '^4.0.0' }),
      '/project/a/package-lock.json': packageLock({ lodash: '^4.0.0' }, { lodash: '4.17.20' }),
      '/project/b/package.json': packageJson({ top: '^1.0.0' }),
      '/project/b/package-lock.json': packageLock(
        { top: '^1.0.0' },
        { top: { version: '1.0.0', dependencies: { lodash: '*' } }, lodash: '4.17.20' },
      ),
    };
    const { findings, coverage } = await checkJson({ files, advisories: [knownAdvisory('lodash@4.17.20', 'GHSA-1')] });
    expect(findings).toHaveLength(1);
    expect(findings[0]).toMatchObject({
      paths: [['lodash'], ['top', 'lodash']],
      places: [
        { document: 'a/package.json' },
        { document: 'b/package.json' },
        { document: 'a/package-lock.json' },
        { document: 'b/package-lock.json' },
      ],
    });
    expect(coverage).toEqual({ checked: 2, unknown: [], skipped: [] });
  });

  it('keeps two versions of a package apart', async () => {
    const files = {
      '/project/package-lock.json': packageLock({ a: '1' }, { a: '1.0.0', 'b/node_modules/a': '2.0.0' }),
    };
    const { findings } = await checkJson({
      files,
      advisories: [knownAdvisory('a@1.0.0', 'GHSA-1'), knownAdvisory('a@2.0.0', 'GHSA-1')],
    });
    expect(findings.map(({ version }) => version)).toEqual(['1.0.0', '2.0.0']);
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  it('counts what could not be checked, and what was left out on purpose, apart', async () => {
    const files = {
      '/project/package-lock.json': packageLock(
        { a: '1', g: 'git' },
        { a: '1.0.0', b: '1.0.0', g: { version: '1.0.0', resolved: 'git+https://example.com/g.git#0123456' } },
      ),
    };
    const { coverage } = await checkJson({ files, unknown: { b: 'OSV.dev timed out' } });
    expect(coverage).toEqual({
      checked: 1,
      unknown: [{ name: 'b', version: '1.0.0', reason: 'OSV.dev timed out' }],
      skipped: [{ name: 'g', reason: 'from git, not from a registry' }],
    });
  });

  it('counts a line whose package is not in the lockfile as unknown', async () => {
    const files = {
      '/project/package.json': packageJson({ a: '^1.0.0', added: '^2.0.0' }),
      '/project/package-lock.json': packageLock({ a: '^1.0.0' }, { a: '1.0.0' }),
    };
    const { coverage } = await checkJson({ files });
    const unknown = [{ name: 'added', version: '', reason: 'it is not in the lockfile' }];
    expect(coverage).toEqual({ checked: 1, unknown, skipped: [] });
    expect((await cliWorld({ files }).run('check', '--strict')).code).toBe(3);
  });

  it('says "no lockfile" of what is declared only', async () => {
    const { coverage } = await checkJson(
      { files: { '/project/package.json': packageJson({ a: '^1.0.0' }) } },
      '--offline',
    );
    expect(coverage).toMatchObject({ checked: 0, unknown: [{ name: 'a', version: '', reason: 'no lockfile' }] });
  });

  it('names the line of what cannot be read, and documents that cannot be read at all', async () => {
    const { problems } = await checkJson({
      files: {
        '/project/package.json': '{\n  "dependencies": {\n    "a": 1\n  }\n}',
        '/project/bun.lockb': '',
      },
    });
    expect(problems).toMatchObject([
      { document: 'package.json', line: 3 },
      { document: 'bun.lockb', line: 1 },
    ]);
  });

  it('gives a source that never answered no date, and does not call it complete', async () => {
    const { sources } = await checkJson({
      files: FILES,
      sources: [{ name: 'OSV.dev', asOf: undefined, complete: true, trouble: 'timed out' }],
    });
    expect(sources).toEqual([{ name: 'OSV.dev', asOf: null, complete: false }]);
  });

  it('escapes what a terminal would act on, and loses nothing', async () => {
    const summary = 'red \u001b[31m \u009b31m \u202e text';
    const options = { files: FILES, advisories: [knownAdvisory('lodash@4.17.20', 'GHSA-1', { summary })] };
    const { stdout } = await cliWorld(options).run('check', '--format', 'json');
    expect(stdout).not.toMatch(/[\u001b\u009b\u202e]/);
    expect((await checkJson(options)).findings[0]?.['summary']).toBe(summary);
  });
});

describe('provender check', () => {
  it('asks for everything that is installed, then for all of what is affected and direct', async () => {
    const world = cliWorld({ files: FILES, afterRefresh: [knownAdvisory('lodash@4.17.20', 'GHSA-1')] });
    const { code } = await world.run('check');
    expect(code).toBe(1);
    expect(world.refreshed).toEqual(['lodash@4.17.20', 'top@1.0.0', 'low@0.1.0']);
    expect(world.learned).toEqual(['lodash@4.17.20']);
    expect(world.isClosed).toBe(true);
  });

  it('asks nobody offline', async () => {
    const world = cliWorld({ files: FILES });
    await world.run('check', '--offline');
    expect([world.refreshed, world.learned]).toEqual([[], []]);
    expect(world.opened).toMatchObject([{ settings: { offline: true, advisoriesSource: 'auto' } }]);
  });

  it('lets the named database alone answer offline', async () => {
    const world = cliWorld({ files: { ...FILES, '/project/x.db': 'database' } });
    await world.run('check', '--offline', '--db', 'x.db');
    expect(world.opened).toMatchObject([{ databasePath: '/project/x.db', settings: { advisoriesSource: 'offline' } }]);
  });

  it('refuses a database that is not there', async () => {
    const world = cliWorld({ files: FILES });
    const { code, stderr } = await world.run('check', '--db', 'x.db');
    expect(code).toBe(2);
    expect(stderr).toContain('there is no database x.db');
    expect(world.opened).toEqual([]);
  });

  it('hands other base URLs to the world', async () => {
    const world = cliWorld({ files: FILES });
    await world.run('check', '--host', 'osv=http://127.0.0.1:8080/');
    expect(world.opened).toMatchObject([{ hosts: { osv: 'http://127.0.0.1:8080/' } }]);
  });

  it('asks again for a project without a lockfile, once its versions are known', async () => {
    const asked: string[][] = [];
    const onRefresh = (subjects: readonly Subject[]) => void asked.push(subjects.map(({ name }) => name));
    await cliWorld({ files: { '/project/package.json': packageJson({ a: '1' }) }, onRefresh }).run('check');
    expect(asked).toEqual([['a'], ['a']]);
  });

  it.each([
    ['missing', 'there is no file or folder missing'],
    ['empty', 'there is no manifest or lockfile in empty'],
  ])('is bad usage for %s, since an empty answer would look like an all-clear', async (path, message) => {
    const world = cliWorld({ files: { '/project/empty/notes.txt': '' } });
    const { code, stdout, stderr } = await world.run('check', path, '--format', 'json');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
  });

  it('is silent on standard error when all goes well', async () => {
    expect((await cliWorld({ files: FILES, terminal: true }).run('check')).stderr).toBe('');
  });
});

describe('what the sources import', () => {
  const files = { ...FILES, '/project/src/x.js': "import 'top'" };
  const advisories = ['lodash@4.17.20', 'low@0.1.0'].map((name) => knownAdvisory(name, `GHSA-${name.slice(0, 3)}`, {}));

  it('stands with each finding, and orders the table', async () => {
    const { findings } = await checkJson({ files, advisories });
    expect(findings.map(({ name, imported }) => [name, imported])).toEqual([
      ['low', 'production'],
      ['lodash', 'never'],
    ]);
    const { stdout } = await cliWorld({ files, advisories }).run('check');
    expect(stdout).toMatch(/^high[^\n]*not imported +lodash@4\.17\.20/m);
  });

  it('is not looked for where the project says so', async () => {
    const quiet = { ...files, '/project/.provender.jsonc': '{ "imports": false }' };
    const { findings } = await checkJson({ files: quiet, advisories });
    expect(findings.map(({ name, imported }) => [name, imported])).toEqual([
      ['lodash', undefined],
      ['low', undefined],
    ]);
  });
});
