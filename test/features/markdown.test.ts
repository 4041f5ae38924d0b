import fc from 'fast-check';
import { expect, test } from 'vitest';

import { escapeMarkdown, link } from '../../server/src/features/markdown.ts';

test('every sign that means something in Markdown loses its meaning', () => {
  for (const sign of '\\`*_{}[]()#+-.!|~$^=>') expect(escapeMarkdown(sign)).toBe(`\\${sign}`);
  expect(escapeMarkdown('<a href="x">&amp;</a>')).toBe('&lt;a href\\="x"\\>&amp;amp;&lt;/a\\>');
});

test('addresses are not made links', () => {
  expect(escapeMarkdown('https://x.example')).toBe('https&#58;//x\\.example');
  expect(escapeMarkdown('WWW.x.example')).toBe('www&#46;x\\.example');
  expect(escapeMarkdown('a@b.example')).toBe('a&#64;b\\.example');
});

test('the text is one line of bounded length', () => {
  expect(escapeMarkdown('a\n\n# b\u2028c')).toBe('a \\# b c');
  expect(escapeMarkdown('x'.repeat(1_000), 10)).toBe(`${'x'.repeat(9)}…`);
});

test('a link encodes what would end its address, and leaves what is encoded', () => {
  expect(link('a', 'https://x.example/a b(c)<d>%20')).toBe('[a](https://x.example/a%20b%28c%29%3cd%3e%20)');
  expect(link('é', 'https://x.example/é')).toBe('[é](https://x.example/%c3%a9)');
});

test('no text breaks out of a link or of its line', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (label, address) => {
      expect(link(label, address)).toMatch(/^\[(?:\\.|&[#\w]+;|[^\\[\]\n])*\]\([^()<>\s\\]*\)$/u);
    }),
  );
});
