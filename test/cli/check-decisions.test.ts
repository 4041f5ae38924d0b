import { describe, expect, it } from 'vitest';

import { cliWorld, knownAdvisory, packageJson, packageLock } from '../support/cli-world.ts';
import { sarifTrouble } from '../support/sarif-schema.ts';

const FILES = {
  '/project/package.json': packageJson({ lodash: '^4.17.0' }),
  '/project/package-lock.json': packageLock({ lodash: '^4.17.0' }, { lodash: '4.17.20' }),
};
const advisories = [knownAdvisory('lodash@4.17.20', 'GHSA-1', { fixed: '4.17.21', summary: 'command injection' })];

function check(
  files: Readonly<Record<string, string>>,
  ...args: string[]
): ReturnType<ReturnType<typeof cliWorld>['run']> {
  return cliWorld({ files: { ...FILES, ...files }, advisories }).run('check', ...args);
}

const DECIDED = {
  '/project/.provender.jsonc':
    '{ "ignore": [\n  { "advisory": "GHSA-1", "package": "lodash", "reason": "internal only", "author": "Ada", "date": "2026-01-10" }\n] }',
};

describe('provender check with decisions', () => {
  it('fails for what is open', async () => {
    expect((await check({})).code).toBe(1);
  });

  it('does not fail for what was decided, and says who decided', async () => {
    const { code, stdout } = await check(DECIDED);
    expect(code).toBe(0);
    expect(stdout).toContain('GHSA-1 accepted: internal only (Ada, 2026-01-10, Provender in .provender.jsonc)');
    expect(stdout).toContain('Nothing open for the 1 package that were checked; 1 advisory decided');
    expect(stdout).not.toContain('No known advisory');
  });

  it('keeps it among the findings of the JSON, with the decision', async () => {
    const { stdout } = await check(DECIDED, '--format', 'json');
    const { findings } = JSON.parse(stdout) as { findings: { advisory: string; decision?: object }[] };
    expect(findings).toHaveLength(1);
    expect(findings[0]?.decision).toEqual({
      status: 'accepted',
      reason: 'internal only',
      author: 'Ada',
      date: '2026-01-10T00:00:00.000Z',
      tool: 'Provender',
      document: '.provender.jsonc',
      line: 2,
      column: 18,
    });
  });

  it('takes decisions that were written for other tools', async () => {
    const { code, stdout } = await check({
      '/project/osv-scanner.toml': '[[IgnoredVulns]]\nid = "GHSA-1"\nreason = "later"\n',
    });
    expect(code).toBe(0);
    expect(stdout).toContain('osv-scanner in osv-scanner.toml');
  });

  it('says which line of a file is not applied, and fails', async () => {
    const { code, stdout } = await check({ '/project/.nsprc': '{\n  "1337": { "active": true }\n}' });
    expect(code).toBe(1);
    expect(stdout).toContain('.nsprc:2');
    expect(stdout).toContain('decision-unclear');
  });

  it('is a suppressed result in SARIF', async () => {
    const { code, stdout } = await check(DECIDED, '--format', 'sarif');
    expect(code).toBe(0);
    const sarif = JSON.parse(stdout) as { runs: { results: { ruleId: string; suppressions?: object[] }[] }[] };
    expect(sarifTrouble(sarif)).toEqual([]);
    expect(sarif.runs[0]?.results).toHaveLength(1);
    expect(sarif.runs[0]?.results[0]?.suppressions).toMatchObject([
      { kind: 'external', status: 'accepted', justification: 'internal only' },
    ]);
  });

  it('lists them in the Markdown', async () => {
    const { stdout } = await check(DECIDED, '--format', 'markdown');
    expect(stdout).toContain('<details><summary>Decided: 1</summary>');
  });
});
