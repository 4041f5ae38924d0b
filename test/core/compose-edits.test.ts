import fc from 'fast-check';
import { expect, it } from 'vitest';

import { applyReplacements, composeReplacements } from '../../server/src/core/compose-edits.ts';
import type { Replacement } from '../../server/src/core/transitive-dialect.ts';

/** Replacements that do not overlap, in a text of some length. */
function replacementsIn(text: string, cuts: readonly number[], words: readonly string[]): Replacement[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  const found: Replacement[] = [];
  for (let at = 0; at + 1 < places.length; at += 2) {
    found.push({ span: { start: places[at] ?? 0, end: places[at + 1] ?? 0 }, newText: words[at] ?? '' });
  }
  return found;
}

it('composes replacements to what both make of a text, one after the other', () => {
  const cuts = fc.array(fc.nat(60), { maxLength: 8 });
  const words = fc.array(fc.string({ maxLength: 6 }), { minLength: 8, maxLength: 8 });
  fc.assert(
    fc.property(fc.string({ maxLength: 40 }), cuts, words, cuts, words, (text, cutsA, wordsA, cutsB, wordsB) => {
      const first = replacementsIn(text, cutsA, wordsA);
      const between = applyReplacements(text, first);
      const second = replacementsIn(between, cutsB, wordsB);
      const composed = composeReplacements(first, second);
      expect(applyReplacements(text, composed)).toBe(applyReplacements(between, second));
      const sorted = composed.toSorted((a, b) => a.span.start - b.span.start);
      for (const [at, { span }] of sorted.entries()) {
        expect(span.end).toBeGreaterThanOrEqual(span.start);
        expect(span.start).toBeGreaterThanOrEqual(sorted[at - 1]?.span.end ?? 0);
      }
    }),
    { numRuns: 2000 },
  );
});

it('keeps replacements apart that do not touch', () => {
  const first = [{ span: { start: 0, end: 1 }, newText: 'long' }];
  const second = [{ span: { start: 8, end: 9 }, newText: 'x' }];
  expect(composeReplacements(first, second)).toEqual([
    { span: { start: 0, end: 1 }, newText: 'long' },
    { span: { start: 5, end: 6 }, newText: 'x' },
  ]);
});
