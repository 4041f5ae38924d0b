import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { planAll, type Candidate } from '../../server/src/planner/plan-all.ts';

/** `name: a b c (2 edits, risk 1)`. */
function candidate(text: string): Candidate<string> {
  const [, change = '', keys = '', edits = '1', risk = '0'] =
    /^(\w+): ([\w ]*?)(?: \((\d+) edits?, risk (\d+)\))?$/.exec(text) ?? [];
  return { change, clears: new Set(keys.split(' ').filter(Boolean)), edits: Number(edits), risk: Number(risk) };
}

function check(candidates: readonly string[], expected: readonly string[]): void {
  expect(planAll(candidates.map(candidate)).map(({ change }) => change)).toEqual(expected);
}

describe('the plan for all', () => {
  it('takes what clears the most first', () => check(['one: a', 'two: a b', 'three: c'], ['two', 'three']));
  it('counts edits', () => check(['wide: a b c (6 edits, risk 0)', 'x: a', 'y: b', 'z: c'], ['x', 'y', 'z']));
  it('takes the lower risk of two that clear the same', () =>
    check(['rule: a (1 edits, risk 3)', 'refresh: a (1 edits, risk 0)'], ['refresh']));
  it('drops what the others make needless', () => check(['big: a b c d', 'x: a b e f', 'y: c d g h'], ['x', 'y']));
  it('leaves out what clears nothing', () => check(['none: '], []));

  it('clears all that can be cleared, with no needless change', () => {
    const keys = fc.uniqueArray(fc.constantFrom(...'abcdefghij'.split('')), { maxLength: 6 });
    const change = fc.record({ clears: keys, edits: fc.integer({ min: 1, max: 4 }), risk: fc.nat(3) });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 12 }), (changes) => {
        const candidates = changes.map((item, index) => ({ ...item, change: index, clears: new Set(item.clears) }));
        const plan = planAll(candidates);
        const all = new Set(candidates.flatMap(({ clears }) => [...clears]));
        const covered = (chosen: readonly Candidate<number>[]) => new Set(chosen.flatMap(({ clears }) => [...clears]));
        expect(covered(plan)).toEqual(all);
        for (const item of plan) expect(covered(plan.filter((other) => other !== item)).size).toBeLessThan(all.size);
      }),
    );
  });
});
