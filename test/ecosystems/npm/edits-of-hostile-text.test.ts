import { expect, test } from 'vitest';

import { readJsonTree } from '../../../server/src/text/json-tree.ts';
import { removeJsonEntry } from '../../../server/src/ecosystems/npm/text/remove-json-entry.ts';
import { editYarnOneLock } from '../../../server/src/ecosystems/npm/yarn/edit-yarn-lock.ts';

// Work that grows with the square of these texts takes minutes.

test('a long run of blanks before an entry does not hold up its removal', () => {
  const text = `{"x": "${' '.repeat(400_000)}x",\n  "overrides": { "a": "1" }\n}`;
  const { root } = readJsonTree(text);
  expect(root && removeJsonEntry(text, root, ['overrides', 'a'])).toBeDefined();
});

test('an address of many hash signs does not hold up the edit of a yarn.lock', () => {
  const resolved = `"https://registry.example/a/-/a-1.0.0.tgz${'#'.repeat(400_000)}\u2028"`;
  const text = `a@1:\n  version "1.0.0"\n  resolved ${resolved}\n  integrity sha512-AAAA\n`;
  const change = {
    name: 'a',
    from: '1.0.0',
    to: '1.0.1',
    dependencies: {},
    integrity: 'sha512-BBBB',
    tarball: 'https://registry.example/a/-/a-1.0.1.tgz',
  };
  expect(editYarnOneLock(text, change)?.map(({ newText }) => newText)).toContain('"1.0.1"');
});
