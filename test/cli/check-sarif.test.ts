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

interface SarifRun {
  readonly results: readonly {
    readonly message: { readonly text: string };
    readonly partialFingerprints: object;
  }[];
  readonly [key: string]: unknown;
}

async function runOf(options: CliWorldOptions): Promise<SarifRun> {
  const { stdout } = await cliWorld(options).run('check', '--format', 'sarif');
  const log = JSON.parse(stdout) as { readonly runs: readonly [SarifRun] };
  expect(sarifTrouble(log)).toEqual([]);
  return log.runs[0];
}

describe('provender check as SARIF', () => {
  it('names the rule, and puts the manifest line before the lockfile entry', async () => {
    const run = await runOf({ files: FILES, advisories: [LODASH] });
    expect(run).toMatchObject({
      tool: { driver: { name: 'Provender', semanticVersion: '1.2.3', rules: [{ id: 'GHSA-1' }] } },
      invocations: [{ executionSuccessful: true, toolExecutionNotifications: [] }],
      results: [
        {
          ruleId: 'GHSA-1',
          ruleIndex: 0,
          level: 'warning',
          locations: [
            {
              physicalLocation: {
                artifactLocation: { uri: 'package.json', uriBaseId: '%SRCROOT%' },
                region: { startLine: 5, startColumn: 16 },
              },
            },
          ],
          relatedLocations: [{ physicalLocation: { artifactLocation: { uri: 'package-lock.json' } } }],
        },
      ],
    });
  });

  it('carries an edit that replaces exactly the version in the manifest', async () => {
    const manifest = FILES['/project/package.json'];
    const { results } = await runOf({ files: FILES, advisories: [LODASH] });
    const charOffset = manifest.indexOf('^4.17.0');
    expect(results[0]).toMatchObject({
      fixes: [
        {
          artifactChanges: [
            {
              artifactLocation: { uri: 'package.json' },
              replacements: [{ deletedRegion: { charOffset, charLength: 7 }, insertedContent: { text: '^4.17.21' } }],
            },
          ],
        },
      ],
    });
  });

  it('keeps a fingerprint when lines and versions move', async () => {
    const before = await runOf({ files: FILES, advisories: [LODASH] });
    const moved = {
      '/project/package.json': `\n\n${packageJson({ lodash: '^4.17.0' })}`,
      '/project/package-lock.json': packageLock({ lodash: '^4.17.0' }, { lodash: '4.17.19' }),
    };
    const after = await runOf({ files: moved, advisories: [knownAdvisory('lodash@4.17.19', 'GHSA-1')] });
    expect(after.results[0]?.partialFingerprints).toEqual(before.results[0]?.partialFingerprints);
  });

  it('says by which path a package comes in', async () => {
    const { results } = await runOf({ files: FILES, advisories: [knownAdvisory('low@0.1.0', 'GHSA-1')] });
    expect(results[0]?.message.text).toContain('Brought in by top > low');
    expect(results[0]).toMatchObject({ properties: { path: [['top', 'low']] } });
  });

  it('makes no link of text from outside', async () => {
    const advisory = knownAdvisory('lodash@4.17.20', 'GHSA-1', { summary: 'see [here](https://evil.example/) {0}' });
    const { results } = await runOf({ files: FILES, advisories: [advisory] });
    expect(results[0]?.message.text).toContain(String.raw`see \[here\](https://evil.example/) {{0}}`);
  });

  it('is no success when a package could not be checked, and names it', async () => {
    const run = await runOf({ files: FILES, unknown: { low: 'OSV.dev timed out' } });
    expect(run).toMatchObject({
      invocations: [
        {
          executionSuccessful: false,
          toolExecutionNotifications: [{ message: { text: 'low 0.1.0 was not checked: OSV.dev timed out' } }],
        },
      ],
    });
  });

  it('keeps the exit codes', async () => {
    const unknown = { low: 'timed out' };
    expect((await cliWorld({ files: FILES, advisories: [LODASH] }).run('check', '--format', 'sarif')).code).toBe(1);
    expect((await cliWorld({ files: FILES, unknown }).run('check', '--strict', '--format', 'sarif')).code).toBe(3);
  });
});
