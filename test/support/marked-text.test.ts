import { expect, test } from 'vitest';
import { parseMarked, renderMarked } from './marked-text.ts';

const MARKED = `-- package.json --
{
  "left-pad": "$01.0.0"
               ^^^^^ warning GHSA-0000: upgrade to 1.3.0
}
-- packages/a/package.json --
{}
^^ hint X: two: with a colon
`;

test('marks are removed, and their places count in the text without marks', () => {
  const { files, cursor, annotations } = parseMarked(MARKED);
  expect(files).toEqual({
    'package.json': '{\n  "left-pad": "1.0.0"\n}\n',
    'packages/a/package.json': '{}\n',
  });
  expect(cursor).toEqual({ path: 'package.json', offset: 17 });
  expect(annotations.map(({ path, start, end }) => files[path]?.slice(start, end))).toEqual(['1.0.0', '{}']);
  expect(annotations[1]).toMatchObject({ severity: 'hint', code: 'X', message: 'two: with a colon' });
});

test('what was read is rendered as it was written', () => {
  expect(renderMarked(parseMarked(MARKED))).toBe(MARKED);
  expect(renderMarked(parseMarked('{ "a": "$0" }'))).toBe('{ "a": "$0" }');
});
