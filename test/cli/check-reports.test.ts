import { SaxesParser } from 'saxes';
import { describe, expect, it } from 'vitest';

import { cliWorld, knownAdvisory, packageJson, packageLock, type CliWorldOptions } from '../support/cli-world.ts';
import { sarifTrouble } from '../support/sarif-schema.ts';

const FILES = {
  '/project/package.json': packageJson({ top: '^1.0.0', lodash: '^4.17.0' }),
  '/project/package-lock.json': packageLock(
    { top: '^1.0.0', lodash: '^4.17.0' },
    { lodash: '4.17.20', low: '0.1.0', top: { version: '1.0.0', dependencies: { low: '*' } } },
  ),
};
const LODASH = knownAdvisory('lodash@4.17.20', 'GHSA-1', { fixed: '4.17.21', summary: 'command injection' });
const WORLD: CliWorldOptions = { files: FILES, advisories: [LODASH], unknown: { low: 'OSV.dev timed out' } };

describe('provender check as Markdown', () => {
  it('says what is affected, what mends it, and what was not checked', async () => {
    const { code, stdout } = await cliWorld(WORLD).run('check', '--format', 'markdown');
    expect(code).toBe(1);
    expect(rendered(stdout)).toEqual([
      '## Provender',
      '',
      '**1 advisory in 1 package: 1 high. Not everything could be checked**',
      '',
      '| Severity | Package | Advisories | Fix | Where |',
      '| --- | --- | --- | --- | --- |',
      '| high | lodash@4.17.20 | GHSA-1 | 4.17.21 | package.json:5 +1 |',
      '',
      '**Next**',
      '',
      '- Upgrade lodash from 4.17.20 to 4.17.21 in package.json:5 (clears 1, proposed)',
      '- Then run "npm install" and check again',
      '',
      'Coverage: 2 checked, 1 could not be (OSV.dev timed out)',
      'Sources: OSV.dev as of 2026-01-15 11:59 UTC (1 minute old)',
      '',
      '<details><summary>Not checked: 1</summary>',
      '',
      '- low 0.1.0: OSV.dev timed out',
      '',
      '</details>',
      '',
    ]);
  });

  it('shows text from outside as that text', async () => {
    const advisory = knownAdvisory('lodash@4.17.20', 'GHSA-1', {
      fixed: '<img src=x> | [a](https://evil.example) @all',
    });
    const { stdout } = await cliWorld({ files: FILES, advisories: [advisory] }).run('check', '--format', 'markdown');
    expect(stdout).not.toContain('<img');
    expect(stdout).not.toContain('](https://evil');
    expect(stdout).not.toContain('@all');
    expect(
      stdout
        .split('\n')
        .find((line) => line.startsWith('| high'))
        ?.match(/(?<!\\)\|/g),
    ).toHaveLength(6);
  });

  it('stays below what a comment on GitHub may hold', async () => {
    const names = Array.from({ length: 1500 }, (_, index) => `package-with-a-long-name-${String(index)}`);
    const versions = Object.fromEntries(names.map((name) => [name, '1.0.0']));
    const files = {
      '/project/package.json': packageJson(versions),
      '/project/package-lock.json': packageLock(versions, versions),
    };
    const advisories = names.slice(0, 700).map((name) => knownAdvisory(`${name}@1.0.0`, 'GHSA-1', { fixed: '1.0.1' }));
    const unknown = Object.fromEntries(names.slice(700).map((name) => [name, 'a long reason '.repeat(20)]));
    const { stdout } = await cliWorld({ files, advisories, unknown }).run('check', '--format', 'markdown');
    expect(stdout).toContain('\nand 600 more\n');
    expect(stdout.length).toBeLessThan(65_536);
  });
});

describe('provender check as JUnit', () => {
  it('calls a failure what makes the exit code 1, and skips the rest with its reason', async () => {
    const low = knownAdvisory('top@1.0.0', 'GHSA-2', { severity: 'low' });
    expect(await cases({ ...WORLD, advisories: [LODASH, low] })).toEqual({
      totals: { name: 'provender check', tests: '4', failures: '1', errors: '0', skipped: '2' },
      cases: [
        'coverage: 2 packages checked: passed',
        'coverage: low 0.1.0: skipped: OSV.dev timed out',
        'package.json: lodash 4.17.20: GHSA-1: failure: lodash 4.17.20 (high): command injection. Fixed in 4.17.21. (package.json:5)',
        'package.json: top 1.0.0: GHSA-2: skipped: top 1.0.0 (low): something is wrong. (package.json:4)',
      ],
    });
  });

  it('calls an error what makes the exit code 3', async () => {
    const { cases: shown } = await cases({ files: FILES, unknown: { low: 'timed out' } }, '--strict');
    expect(shown).toContain('coverage: low 0.1.0: error: timed out');
  });

  it('is XML whatever the text from outside', async () => {
    const summary = ']]> & <b a="1"> \u0000 \u001b[31m \ud800 \uffff';
    const advisory = knownAdvisory('lodash@4.17.20', 'GHSA-1', { summary });
    const { cases: shown } = await cases({ files: FILES, advisories: [advisory] });
    expect(shown[1]).toContain(']]> & <b a="1">');
  });
});

describe('provender check with reports', () => {
  it('writes any number of them from one look-up', async () => {
    const world = cliWorld(WORLD);
    const run = await world.run('check', '--report', 'sarif=out/p.sarif', '--report', 'markdown=/tmp/summary.md');
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('SEVERITY');
    expect(sarifTrouble(JSON.parse(world.written.get('/project/out/p.sarif') ?? ''))).toEqual([]);
    expect(world.written.get('/tmp/summary.md')).toMatch(/^## Provender/);
    expect(world.opened).toHaveLength(1);
  });

  it('fails when a report cannot be written', async () => {
    const run = await cliWorld({ files: FILES, fullDisk: true }).run('check', '--report', 'json=out.json');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('no space left');
  });

  it('refuses a format that it does not know', async () => {
    const { code, stderr } = await cliWorld(WORLD).run('check', '--report', 'serif=out');
    expect(code).toBe(2);
    expect(stderr).toContain('did you mean sarif?');
  });
});

/** Markdown as a reader sees it, but for its structure. */
function rendered(markdown: string): string[] {
  return markdown
    .replace(/\[((?:\\.|[^\]\\])*)\]\([^)]*\)/g, '$1')
    .replace(/\\(.)/g, '$1')
    .replaceAll('&#64;', '@')
    .split('\n')
    .map((line) => line.trimEnd());
}

/** Refused when it is not XML. */
async function cases(options: CliWorldOptions, ...more: string[]): Promise<{ totals: object; cases: string[] }> {
  const { stdout } = await cliWorld(options).run('check', '--format', 'junit', ...more);
  const shown: string[][] = [];
  let totals: object = {};
  const parser = new SaxesParser();
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, attributes }) => {
    if (name === 'testsuites') totals = attributes;
    else if (name === 'testcase') shown.push([attributes['classname'] ?? '', attributes['name'] ?? '']);
    else if (name !== 'testsuite') shown.at(-1)?.push(name, attributes['message'] ?? '');
  });
  parser.write(stdout).close();
  return { totals, cases: shown.map((parts) => (parts.length === 2 ? [...parts, 'passed'] : parts).join(': ')) };
}
