import { expect, it } from 'vitest';
import { firstLine, plainLine } from '../../server/src/sources/plain-text.ts';

it('makes one line of any text', () => {
  expect(plainLine('  two\r\nlines\u2028three ', 50)).toBe('two lines three');
});

it('drops what moves the cursor or turns the direction of reading', () => {
  expect(plainLine('\u001b[2Jevil\u202Etxt.exe\u200B\uFEFF\u0007', 50)).toBe('[2Jeviltxt.exe');
});

it('cuts at the length, with an ellipsis, and never in half a character', () => {
  expect(plainLine('abcdef', 6)).toBe('abcdef');
  expect(plainLine('abcdefg', 6)).toBe('abcde…');
  expect(plainLine('abcd😀fg', 6).isWellFormed()).toBe(true);
});

it('is quick on a long text of nothing but spaces', () => {
  expect(firstLine(' '.repeat(5_000_000), 300)).toBe('');
});

it('skips headings and rules for the first line', () => {
  expect(firstLine('# Title\n---\n\nText.', 50)).toBe('Text.');
  expect(firstLine('', 50)).toBe('');
});
