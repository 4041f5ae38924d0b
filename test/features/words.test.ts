import { expect, test } from 'vitest';

import { advisoryUrl, ageText, count, dateOf, oneLine } from '../../server/src/features/words.ts';
import { DAY_MS } from '../support/fake-knowledge.ts';

test('a number goes with its word', () => {
  expect([count(1, 'edit'), count(2, 'edit'), count(0, 'advisory', 'advisories')]).toEqual([
    '1 edit',
    '2 edits',
    '0 advisories',
  ]);
});

test.each([
  [-5, '0 days'],
  [1, '1 day'],
  [59, '59 days'],
  [400, '13 months'],
  [913, '2.5 years'],
])('%s days are told as %s', (days, text) => {
  expect(ageText(days * DAY_MS)).toBe(text);
});

test('a date is told in UTC, and one that no calendar holds does no harm', () => {
  expect(dateOf(0)).toBe('1970-01-01');
  expect([dateOf(NaN), dateOf(1e300)]).toEqual(['an unknown date', 'an unknown date']);
});

test('an advisory has a page for people', () => {
  expect(advisoryUrl('GHSA-1')).toBe('https://github.com/advisories/GHSA-1');
  expect(advisoryUrl('MAL-1')).toBe('https://osv.dev/vulnerability/MAL-1');
  expect(advisoryUrl('x/../\ud800')).toBe('https://osv.dev/vulnerability/x%2F..%2F%EF%BF%BD');
});

test('control and direction signs become a space, and a long text is cut', () => {
  expect(oneLine(' a\u0000\u202e\tb\r\nc ')).toBe('a b c');
  expect(oneLine('abcdef', 4)).toBe('abc…');
});
