import { describe, expect, it } from 'vitest';
import { cliWorld, knownAdvisory, packageJson, packageLock } from '../support/cli-world.ts';

const FILES = {
  '/project/a,b/package.json': packageJson({ lodash: '^4.17.0' }),
  '/project/a,b/package-lock.json': packageLock({ lodash: '^4.17.0' }, { lodash: '4.17.20', low: '0.1.0' }),
};
const ADVISORY = knownAdvisory('lodash@4.17.20', 'GHSA-1', { fixed: '4.17.21', summary: '100% bad\n::error::forged' });

describe('provender check as annotations', () => {
  it('writes one workflow command for each finding, which text from outside cannot end', async () => {
    const world = cliWorld({ files: FILES, advisories: [ADVISORY] });
    const { code, stdout } = await world.run('check', '--format', 'github');
    expect(code).toBe(1);
    expect(stdout).toMatch(
      /^::warning file=a%2Cb\/package.json,line=4,col=16,title=GHSA-1::lodash 4.17.20 .*100%25 bad/,
    );
    expect(stdout).not.toMatch(/^::error/m);
  });

  it('warns in a workflow of what was not checked', async () => {
    const { stdout } = await cliWorld({ files: FILES, unknown: { low: 'timed out' } }).run(
      'check',
      '--format',
      'github',
    );
    expect(stdout).toBe('::warning title=Not checked::low 0.1.0: timed out\n');
  });

  it('writes a code quality report with the fields that GitLab asks for', async () => {
    const world = cliWorld({ files: FILES, advisories: [ADVISORY] });
    const { code, stdout } = await world.run('check', '--format', 'gitlab');
    expect(code).toBe(1);
    const [issue] = JSON.parse(stdout) as { readonly description: string; readonly fingerprint: string }[];
    expect(issue?.description).toContain('Fixed in 4.17.21.');
    expect(issue?.fingerprint).toMatch(/^[0-9a-f]{32}$/);
    expect(JSON.parse(stdout)).toMatchObject([
      {
        check_name: 'GHSA-1',
        severity: 'major',
        location: { path: 'a,b/package.json', lines: { begin: 4 } },
      },
    ]);
  });
});
