import { describe, expect, it } from 'vitest';
import { cliWorld, knownAdvisory, packageJson, packageLock, type CliWorldOptions } from '../support/cli-world.ts';

const FILES = {
  '/project/package.json': packageJson({ top: '^1.0.0', lodash: '^4.17.0' }),
  '/project/package-lock.json': packageLock(
    { top: '^1.0.0', lodash: '^4.17.0' },
    { lodash: '4.17.20', low: '0.1.0', top: { version: '1.0.0', dependencies: { low: '*' } } },
  ),
};

async function table(options: CliWorldOptions, ...flags: string[]): Promise<string> {
  return (await cliWorld({ files: FILES, ...options }).run('check', ...flags)).stdout;
}

describe('the table of a check', () => {
  it('has a row for each affected package, worst first, then coverage, sources and what to do', async () => {
    const text = await table({
      advisories: [
        knownAdvisory('lodash@4.17.20', 'GHSA-1', { fixed: '4.17.21' }),
        knownAdvisory('lodash@4.17.20', 'GHSA-2', { severity: 'low', fixed: '4.17.21' }),
        knownAdvisory('low@0.1.0', 'GHSA-3', { severity: 'critical', fixed: '0.2.0' }),
      ],
    });
    expect(text).toBe(
      [
        'SEVERITY  PACKAGE         ADVISORIES      FIX             WHERE',
        'critical  low@0.1.0       GHSA-3          fixed in 0.2.0  package.json:4 +1 via top',
        'high      lodash@4.17.20  GHSA-1, GHSA-2  4.17.21         package.json:5 +1',
        '',
        '3 advisories in 2 packages: 1 critical, 1 high, 1 low',
        'Coverage: 3 checked',
        'Sources: OSV.dev as of 2026-01-15 11:59 UTC (1 minute old)',
        '',
        'Next:',
        '  Upgrade lodash from 4.17.20 to 4.17.21 in package.json:5 (clears 2, proposed)',
        '  Then run "npm install" and check again',
        '  1 package with a fix is brought in by others: refresh the lockfile, or upgrade what WHERE names',
        '',
      ].join('\n'),
    );
  });

  it('says what mends a package that others bring in: a fresh version, else a bump of its parent', async () => {
    const advisories = [knownAdvisory('low@0.1.0', 'GHSA-3', { fixed: '0.1.1' })];
    const low = [{ version: '0.1.0' }, { version: '0.1.1', dependencies: {} }];
    const top = (wanted: string) => [
      { version: '1.0.0', dependencies: { low: wanted } },
      { version: '1.1.0', dependencies: { low: '0.1.1' } },
    ];
    const fresh = await table({ advisories, registry: { low, top: top('*') } });
    expect(fresh).toContain('high      low@0.1.0  GHSA-3      refresh to 0.1.1  package.json:4 +1 via top');
    expect(fresh).toContain('  Refresh low from 0.1.0 to 0.1.1 by "npm update low" (clears 1, verified)\n');
    const bumped = await table({ advisories, registry: { low, top: top('0.1.0') } });
    expect(bumped).toContain('high      low@0.1.0  GHSA-3      upgrade top to 1.1.0  package.json:4 +1 via top');
    expect(bumped).toContain('  Upgrade top from 1.0.0 to 1.1.0 in package.json:4 (clears 1, verified)\n');
  });

  it('says "no known advisory" only of what was checked', async () => {
    expect(await table({})).toBe(
      [
        'No known advisory for the 3 packages that were checked',
        'Coverage: 3 checked',
        'Sources: OSV.dev as of 2026-01-15 11:59 UTC (1 minute old)',
        '',
      ].join('\n'),
    );
  });

  it('does not sound like an all-clear when something could not be checked', async () => {
    const text = await table({ unknown: { low: 'OSV.dev timed out' } });
    expect(text).toContain('Incomplete: no known advisory for the 2 packages that could be checked, and 1 package');
    expect(text).toMatch(/^Coverage: 2 checked, 1 could not be.*OSV\.dev timed out/m);
    expect(text).not.toMatch(/^No known advisory/m);
  });

  it('does not sound like an all-clear when a document could not be read', async () => {
    const text = await table({ files: { ...FILES, '/project/sub/package.json': '{}', '/project/sub/bun.lockb': '' } });
    expect(text).toMatch(/^Not read:\n {2}sub\/bun\.lockb:1 {2}/);
    expect(text).toContain('Incomplete: no known advisory for the 3 packages that could be checked');
  });

  it('does not sound like an all-clear when a signature is invalid', async () => {
    const world = cliWorld({ files: FILES, invalidSignatures: ['lodash'] });
    const { code, stdout } = await world.run('check');
    expect(code).toBe(1);
    expect(stdout).toMatch(/^SIGNATURES +WHERE\nlodash@4\.17\.20 +package\.json:5 \+1 +other bytes$/m);
    expect(stdout).toContain('that were checked; the signature of 1 package is invalid or missing');
  });

  it('says that nothing is known when nothing could be checked', async () => {
    const none = { low: 'offline', lodash: 'offline', top: 'offline' };
    const sources = [{ name: 'OSV.dev', asOf: undefined, complete: true, trouble: undefined }];
    const text = await table({ unknown: none, sources }, '--offline');
    expect(text).toContain('Not checked: nothing is known of any of the 3 packages');
    expect(text).toContain('Sources: none answered');
    expect(text).toContain('run it again without --offline');
  });

  it('does not say that nothing is installed where all of it was left out', async () => {
    const git = { version: '1.0.0', resolved: 'git+https://example.com/a.git#0123456' };
    const text = await table({ files: { '/project/package-lock.json': packageLock({ a: 'x' }, { a: git }) } });
    expect(text).toMatch(
      /^Not checked: 1 package left out, for the reasons below\nCoverage: 0 checked, 1 left out \(from git/,
    );
  });

  it('says how old a source is, that it is a sample, and what failed', async () => {
    const now = Date.parse('2026-01-15T12:00:00Z');
    const sources = [
      { name: 'sample.db', asOf: now - 90 * 86_400_000, complete: false, trouble: undefined },
      { name: 'OSV.dev', asOf: undefined, complete: true, trouble: 'timed out' },
    ];
    expect(await table({ sources })).toContain(
      'Sources: sample.db as of 2025-10-17 12:00 UTC (3 months old, a sample); OSV.dev: no answer (timed out)',
    );
  });

  it('names the one version that clears all advisories of a package that is brought in', async () => {
    const advisories = ['0.2.4', '0.2.10', '0.2.9'].map((fixed, index) =>
      knownAdvisory('low@0.1.0', `GHSA-${String(index)}`, { fixed }),
    );
    expect(await table({ advisories })).toMatch(/^high +low@0\.1\.0 .* fixed in 0\.2\.10 +package\.json/m);
  });

  it('treats malware as an incident, not as an upgrade', async () => {
    const text = await table({ advisories: [knownAdvisory('low@0.1.0', 'MAL-1', { fixed: '0.2.0' })] });
    expect(text).toMatch(/^malware +low@0\.1\.0 +MAL-1 +remove it /m);
    expect(text).toContain('Remove low. If it was ever installed, treat the machine as compromised');
  });

  it('marks what is known to be exploited', async () => {
    const advisories = [knownAdvisory('low@0.1.0', 'GHSA-1', { severity: 'medium', otherIds: ['CVE-1'] })];
    expect(await table({ advisories, kev: ['CVE-1'] })).toMatch(/^medium, exploited +low@0\.1\.0 .*none yet/m);
  });

  it('says that an edit waits for an install', async () => {
    const files = { ...FILES, '/project/package.json': packageJson({ top: '^1.0.0', lodash: '^4.17.21' }) };
    const text = await table({ files, advisories: [knownAdvisory('lodash@4.17.20', 'GHSA-1', { fixed: '4.17.21' })] });
    expect(text).toContain('^4.17.21 is written, not installed');
    expect(text).toContain('  Run "npm install" and check again');
  });

  it('shows the line of the package itself before those that bring it in', async () => {
    const files = {
      '/project/package.json': packageJson({ top: '^1.0.0', low: '^0.1.0' }),
      '/project/package-lock.json': packageLock(
        { top: '^1.0.0', low: '^0.1.0' },
        { low: '0.1.0', top: { version: '1.0.0', dependencies: { low: '*' } } },
      ),
    };
    const text = await table({ files, advisories: [knownAdvisory('low@0.1.0', 'GHSA-1', { fixed: '0.1.1' })] });
    expect(text).toMatch(/ 0\.1\.1 +package\.json:5 \+2$/m);
    expect(text).toContain('to 0.1.1 in package.json:5 (clears 1, proposed)');
  });

  it('writes remote and local text without what would act on a terminal', async () => {
    const hostile = '\u001b]0;title\u0007\u001b[31mred\u001b[0m\r\n\u009b2J\u202e';
    const advisories = [{ ...knownAdvisory('low@0.1.0', 'GHSA-1'), aliases: [hostile] }];
    const files = {
      '/project/package-lock.json': packageLock(
        {},
        { 'low\u001b[2J': { name: 'low', version: '0.1.0', deprecated: hostile } },
      ),
    };
    const text = await table({
      files,
      advisories: [...advisories, { ...knownAdvisory('low@0.1.0', `GHSA-2${hostile}`), fixed: hostile }],
      sources: [{ name: `OSV${hostile}`, asOf: 0, complete: true, trouble: hostile }],
      unknown: {},
    });
    expect(text).toContain('GHSA-2red');
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
  });
});

describe('colors', () => {
  const advisories = [knownAdvisory('low@0.1.0', 'GHSA-1')];

  it.each([
    ['are used on a terminal', true, {}, true],
    ['are not used in a file or pipe', false, {}, false],
    ['are not used where NO_COLOR is set', true, { NO_COLOR: '1' }, false],
    ['are used where NO_COLOR is empty', true, { NO_COLOR: '' }, true],
    ['are not used on a dumb terminal', true, { TERM: 'dumb' }, false],
  ])('%s', async (_, terminal, environment, expected) => {
    expect((await table({ advisories, terminal, environment })).includes('\u001b[')).toBe(expected);
  });

  it('do not disturb the columns', async () => {
    const plain = await table({ advisories });
    const colored = await table({ advisories, terminal: true });
    expect(colored.replace(/\u001b\[\d+m/g, '')).toBe(plain);
  });
});
