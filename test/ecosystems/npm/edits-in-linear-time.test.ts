import { describe, expect, it } from 'vitest';

import { editBunLock } from '../../../server/src/ecosystems/npm/bun/edit-bun-lock.ts';
import { readJsonTree } from '../../../server/src/ecosystems/npm/text/json-tree.ts';
import { removeJsonEntry } from '../../../server/src/ecosystems/npm/text/remove-json-entry.ts';
import { editYarnOneLock } from '../../../server/src/ecosystems/npm/yarn/edit-yarn-lock.ts';

const change = {
  name: 'a',
  from: '1.0.0',
  to: '1.0.1',
  dependencies: {},
  integrity: 'sha512-x',
  tarball: 'https://registry.example/a.tgz',
};

/** Quadratic work takes more than ten seconds for each of these texts. */
const LIMIT_MS = 1500;

describe('an edit of a hostile text', () => {
  it('is not slowed by a long run of blanks before a removed entry', () => {
    const text = `{"x": "${' '.repeat(200_000)}x",\n  "overrides": { "a": "1" }\n}`;
    const { root } = readJsonTree(text);
    expect(root).toBeDefined();
    const { removal, took } = timed(() => root && removeJsonEntry(text, root, ['overrides', 'a']));
    expect(removal).toBeDefined();
    expect(took).toBeLessThan(LIMIT_MS);
  });

  it('is not slowed by a line of bun.lock that repeats the start of a package', () => {
    const { took } = timed(() => editBunLock(`    "${'": ["'.repeat(60_000)}\n`, change));
    expect(took).toBeLessThan(LIMIT_MS);
  });

  it('is not slowed by an address with many hash signs in yarn.lock', () => {
    const resolved = `"https://registry.example/a.tgz${'#'.repeat(200_000)}\u2028"`;
    const text = `a@1:\n  version "1.0.0"\n  resolved ${resolved}\n  integrity x\n`;
    const { took } = timed(() => editYarnOneLock(text, change));
    expect(took).toBeLessThan(LIMIT_MS);
  });
});

function timed<T>(run: () => T): { readonly removal: T; readonly took: number } {
  const start = performance.now();
  const removal = run();
  return { removal, took: performance.now() - start };
}
