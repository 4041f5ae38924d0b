import fc from 'fast-check';
import { expect, test } from 'vitest';

import { LineIndex } from '../../server/src/core/line-index.ts';

test.each([
  ['line feeds', 'ab\ncd\n'],
  ['carriage returns with line feeds', 'ab\r\ncd\r\n'],
  ['lone carriage returns', 'ab\rcd\r'],
  ['all of them', 'ab\rcd\r\nef\n'],
])('lines end at %s', (_, text) => {
  const index = new LineIndex(text);
  const second = text.indexOf('c');
  expect(index.positionAt(second)).toEqual({ line: 1, character: 0 });
  expect(index.positionAt(second + 1)).toEqual({ line: 1, character: 1 });
  expect(index.endOfLine(0)).toEqual({ line: 0, character: 2 });
  expect(index.endOfLine(1)).toEqual({ line: 1, character: 2 });
});

test('a text without a line break is one line', () => {
  const index = new LineIndex('abc');
  expect(index.lineCount).toBe(1);
  expect(index.endOfLine(0)).toEqual({ line: 0, character: 3 });
});

test('columns count in UTF-16 units', () => {
  expect(new LineIndex('\u{1f600}x').positionAt(2)).toEqual({ line: 0, character: 2 });
});

test('a column behind the end of its line is the end of the line, and not in the next one', () => {
  const index = new LineIndex('ab\r\ncd');
  expect(index.offsetAt({ line: 0, character: 99 })).toBe(2);
  expect(index.offsetAt({ line: 1, character: 99 })).toBe(6);
  expect(index.offsetAt({ line: 9, character: 0 })).toBe(6);
});

test('an offset becomes a position and the same offset again', () => {
  const texts = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '"', '\u{1f600}') });
  fc.assert(
    fc.property(texts, (text) => {
      const index = new LineIndex(text);
      for (let offset = 0; offset <= text.length; offset++) {
        // Between the two halves of one line break there is no place.
        if (text[offset - 1] === '\r' && text[offset] === '\n') continue;
        expect(index.offsetAt(index.positionAt(offset))).toBe(offset);
      }
    }),
  );
});
