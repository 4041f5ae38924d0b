import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const MODULE = join(import.meta.dirname, '..', '..', 'server', 'src', 'io', 'engine-memory.ts');

/** Runs a program of its own, since the engine's flags are those of a whole process. */
function run(program: string): unknown {
  const text = `
    import { preferLittleMemory, releaseMemory } from ${JSON.stringify(MODULE)};
    ${program}`;
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', text], { encoding: 'utf8' });
  return JSON.parse(output);
}

test('what nobody holds any more is gone after the release', () => {
  expect(
    run(`
      const held = new WeakRef(new Array(100_000).fill(1));
      await new Promise((resolve) => setImmediate(resolve));
      const before = held.deref() !== undefined;
      await new Promise((resolve) => setImmediate(resolve));
      releaseMemory();
      console.log(JSON.stringify([before, held.deref() !== undefined]));`),
  ).toEqual([true, false]);
});

test('a program goes on as before, and does not see the means of it', () => {
  expect(
    run(`
      preferLittleMemory();
      releaseMemory();
      releaseMemory();
      let sum = 0;
      for (let index = 0; index < 1_000_000; index++) sum += index % 7;
      console.log(JSON.stringify([sum, 'gc' in globalThis]));`),
  ).toEqual([2_999_997, false]);
});
