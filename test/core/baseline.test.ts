import { describe, expect, it } from 'vitest';

import { Baseline } from '../../server/src/core/baseline.ts';
import type { Finding } from '../../server/src/core/finding.ts';

/** `lodash@1 GHSA-1`. */
function finding(text: string): Finding {
  const [, name = '', version = '', ruleId = ''] = /^(\S+)@(\S+) (\S+)$/.exec(text) ?? [];
  return { package: { ecosystem: 'npm', name, version }, ruleId } as Finding;
}

function check(before: readonly string[], now: readonly string[], expected: { new: string[]; gone: string[] }): void {
  const [old, current] = [before.map(finding), now.map(finding)];
  const baseline = new Baseline(old, current);
  const shown = (findings: readonly Finding[]): string[] =>
    findings.map(({ package: { name, version }, ruleId }) => `${name}@${version} ${ruleId}`);
  expect({
    new: shown(current.filter((item) => baseline.isNew(item))),
    gone: shown(old.filter((item) => baseline.isGone(item))),
  }).toEqual(expected);
}

describe('a baseline', () => {
  it('knows what stayed', () => {
    check(['a@1 X'], ['a@1 X', 'a@1 Y', 'b@1 X'], { new: ['a@1 Y', 'b@1 X'], gone: [] });
  });
  it('knows what moved to another version', () => {
    check(['a@1 X'], ['a@2 X'], { new: [], gone: [] });
  });
  it('takes a second version beside the first for new', () => {
    check(['a@1 X'], ['a@1 X', 'a@2 X'], { new: ['a@2 X'], gone: [] });
  });
  it('says what is gone', () => {
    check(['a@1 X', 'b@1 X', 'b@2 X'], ['a@2 Y', 'b@2 X'], { new: ['a@2 Y'], gone: ['a@1 X'] });
  });
});
