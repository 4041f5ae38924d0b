import { describe, expect, it } from 'vitest';
import { exitCode } from '../../server/src/cli/exit-code.ts';
import { SEVERITIES, type Severity } from '../../server/src/core/severity.ts';
import { cliWorld, knownAdvisory, packageJson, packageLock } from '../support/cli-world.ts';

const files = {
  '/project/package.json': packageJson({ a: '1', b: '1' }),
  '/project/package-lock.json': packageLock({ a: '1', b: '1' }, { a: '1.0.0', b: '1.0.0' }),
};

async function codeFor(
  severities: readonly Severity[],
  state: 'complete' | 'unknown' | 'unread',
  ...flags: string[]
): Promise<number> {
  const advisories = severities.map((severity, index) =>
    knownAdvisory('a@1.0.0', `GHSA-${String(index)}`, { severity }),
  );
  const world = cliWorld({
    files: state === 'unread' ? { ...files, '/project/sub/package.json': '{}', '/project/sub/bun.lockb': '' } : files,
    advisories,
    unknown: state === 'unknown' ? { b: 'timed out' } : {},
  });
  return (await world.run('check', ...flags)).code;
}

describe('the exit code of a check', () => {
  it.each<[Severity[], 'complete' | 'unknown' | 'unread', string[], number]>([
    [[], 'complete', [], 0],
    [[], 'complete', ['--strict'], 0],
    [['medium'], 'complete', [], 0],
    [['high'], 'complete', [], 1],
    [['medium', 'critical'], 'complete', [], 1],
    [['unknown'], 'complete', [], 1],
    [['unknown'], 'complete', ['--fail-on', 'critical'], 0],
    [['high'], 'complete', ['--fail-on', 'critical'], 0],
    [['low'], 'complete', ['--fail-on', 'low'], 1],
    [['malware'], 'complete', ['--fail-on', 'malware'], 1],
    [['critical'], 'complete', ['--fail-on', 'malware'], 0],
    [[], 'unknown', [], 0],
    [[], 'unknown', ['--strict'], 3],
    [['medium'], 'unknown', ['--strict'], 3],
    [['high'], 'unknown', ['--strict'], 1],
    [[], 'unread', [], 0],
    [[], 'unread', ['--strict'], 3],
  ])('with %j and a %s check and %j is %i', async (severities, state, flags, code) => {
    expect(await codeFor(severities, state, ...flags)).toBe(code);
  });

  it('does not count what was left out on purpose', () => {
    const skipped = [{ name: 'ours', version: '1.0.0', reason: 'private' }];
    const result = { findings: [], problems: [], coverage: { checked: 1, unknown: [], skipped } };
    expect(exitCode(result, { failOn: 'high', strict: true })).toBe(0);
  });

  it.each(SEVERITIES)('is 1 for a finding of the severity that --fail-on names: %s', async (severity) => {
    expect(await codeFor([severity], 'complete', '--fail-on', severity)).toBe(1);
  });
});
