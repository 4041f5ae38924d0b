import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { VersionScheme } from '../../server/src/core/version-scheme.ts';
import { ECOSYSTEMS } from '../../server/src/ecosystems/all.ts';

for (const ecosystem of ECOSYSTEMS) {
  const rows = readFileSync(join(import.meta.dirname, `${ecosystem.id}.txt`), 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'));

  describe(`versions of ${ecosystem.id}`, () => {
    test.each(rows)('%s', (row) => checkRow(ecosystem.versions, row));

    const texts = versionsIn(rows);
    const compare = (a: string, b: string): number => ecosystem.versions.compare(a, b);

    test('comparing is antisymmetric for every pair', () => {
      for (const a of texts) {
        for (const b of texts) expect(Math.sign(compare(a, b)) + Math.sign(compare(b, a)), `${a} and ${b}`).toBe(0);
      }
    });

    test('comparing is transitive, so that any order sorts to the same', () => {
      const sorted = [...texts].sort(compare);
      for (const [index, a] of sorted.entries()) {
        for (const b of sorted.slice(index)) expect(compare(a, b), `${a} and ${b}`).toBeLessThanOrEqual(0);
      }
      const reversed = [...texts].reverse().sort(compare);
      expect(reversed.map((text, index) => compare(text, sorted[index] ?? ''))).toEqual(sorted.map(() => 0));
    });
  });
}

test('every table belongs to an ecosystem', () => {
  const tables = readdirSync(import.meta.dirname).filter((name) => name.endsWith('.txt'));
  expect(tables.sort()).toEqual(ECOSYSTEMS.map(({ id }) => `${id}.txt`).sort());
});

function checkRow(versions: VersionScheme, row: string): void {
  const words = [...row.matchAll(/"([^"]*)"|(\S+)/g)].map((match) => match[1] ?? match[2] ?? '');
  const [first = '', second = '', third = ''] = words;
  const expected = words.at(-1) === 'none' ? undefined : words.at(-1);
  if (first === 'bump') expect(versions.bumpRange(second, words[3] ?? '')).toBe(expected);
  else if (first === 'step') expect(versions.step(second, words[3] ?? '')).toBe(expected);
  else if (second === 'contains') expect(versions.satisfies(third, first)).toBe(true);
  else if (second === 'excludes') expect(versions.satisfies(third, first)).toBe(false);
  else if (second === '<') expect(versions.compare(first, third)).toBeLessThan(0);
  else if (second === '=') expect(versions.compare(first, third)).toBe(0);
  else throw new Error(`the table has a line of no known form: ${row}`);
}

function versionsIn(rows: readonly string[]): string[] {
  const compared = rows.flatMap((row) => /^(\S+) [<=] (\S+)$/.exec(row)?.slice(1) ?? []);
  return [...new Set(compared)];
}
